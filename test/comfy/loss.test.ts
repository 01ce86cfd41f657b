import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Loss } from '../../src/comfy/loss.ts'

function listening(): { readonly loss: Loss; readonly told: string[] } {
  const told: string[] = []
  const loss = new Loss({
    onLost: (reason) => told.push(`lost: ${reason}`),
    onRecovered: () => told.push('recovered'),
  })
  return { loss, told }
}

test('a loss is told once, and that it is over', () => {
  const { loss, told } = listening()
  loss.opened()
  loss.serverIsThere()
  assert.deepEqual(told, [])
  loss.lost('cut')
  loss.lost('refused')
  loss.opened()
  loss.opened()
  loss.lost('cut again')
  assert.deepEqual(told, ['lost: cut', 'recovered', 'lost: cut again'])
})

test('a socket that can not be opened is told of when the server is there, not before', () => {
  const { loss, told } = listening()
  loss.lost('refused')
  assert.deepEqual(told, [])
  loss.serverIsThere()
  loss.lost('refused once more')
  assert.deepEqual(told, ['lost: refused'])
  loss.opened()
  assert.deepEqual(told, ['lost: refused', 'recovered'])
})

test('of a socket that opens at the second attempt, while the server is asked, nothing is told', () => {
  const { loss, told } = listening()
  loss.lost('refused')
  loss.opened()
  loss.serverIsThere()
  assert.deepEqual(told, [])
})
