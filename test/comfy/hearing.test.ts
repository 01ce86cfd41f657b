import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Hearing } from '../../src/comfy/hearing.ts'

/** In which of so many looks at a running prompt another socket is asked for; the first look finds that it runs. */
function replacements(hearing: Hearing, looks: number): number[] {
  return Array.from({ length: looks }, (_, look) => look).filter((look) =>
    hearing.needsAnother(look > 0, true),
  )
}

test('a running prompt that the socket is silent about needs another socket, and each further one gets twice the time', () => {
  assert.deepEqual(replacements(new Hearing('messages'), 12), [1, 4, 9])
})

test('once something was heard, silence is no sign; nor is it for the prompt of another process', () => {
  const hearing = new Hearing('messages')
  hearing.needsAnother(false, true)
  hearing.heard()
  assert.deepEqual(
    [1, 2, 3].map(() => hearing.needsAnother(true, true)),
    [false, false, false],
  )
  assert.deepEqual(replacements(new Hearing('nothing'), 5), [])
  assert.deepEqual(replacements(new Hearing('end'), 5), [])
})

test('a prompt that ended unheard is a sign, unless the socket was cut or closed meanwhile', () => {
  assert.equal(new Hearing('messages').missedAll(false, true), true)
  assert.equal(new Hearing('messages').missedAll(false, false), false)
  assert.equal(new Hearing('nothing').missedAll(false, true), false)
  assert.equal(new Hearing('messages').missedAll(true, true), false)
  assert.equal(new Hearing('end').missedAll(true, true), true)
  const cut = new Hearing('messages')
  cut.over()
  assert.equal(cut.missedAll(false, true), false)
})

test('pictures are waited for until the end marker, or until nothing has come for long', () => {
  const hearing = new Hearing('messages')
  const waits = Array.from({ length: 8 }, () => hearing.awaitsPictures(true))
  assert.deepEqual(waits.lastIndexOf(true), 5)
  hearing.gotFrame()
  assert.equal(hearing.awaitsPictures(true), true)
  assert.equal(hearing.awaitsPictures(false), false)
  hearing.over()
  assert.equal(hearing.awaitsPictures(true), false)
})
