import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'

const module = new URL('../../dist/cli/small-heap.js', import.meta.url).href

/** Bytes of the young generation of a process in which much has survived for a while, and what it wrote to stderr. */
function youngSpaceAfter(start: string): { readonly bytes: number; readonly stderr: string } {
  const script = `
    import { getHeapSpaceStatistics } from 'node:v8'
    import { keepHeapSmall } from '${module}'
    ${start}
    let kept = []
    for (let round = 0; round < 4000; round++) {
      kept.push(Array.from({ length: 4000 }, () => 0))
      if (kept.length > 1000) kept = []
    }
    console.log(getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size)`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
  })
  return { bytes: Number(stdout), stderr }
}

const isKnown = Number.parseInt(process.versions.node, 10) <= 26

test('the young generation stops growing, and this V8 knows every flag', { skip: !isKnown }, () => {
  const small = youngSpaceAfter('keepHeapSmall(); keepHeapSmall()')
  const usual = youngSpaceAfter('')
  assert.equal(small.stderr, '')
  assert.ok(small.bytes > 0 && small.bytes * 2 < usual.bytes, `${small.bytes} of ${usual.bytes}`)
})

test('a V8 that may not know them is left as it is', () => {
  const { bytes, stderr } = youngSpaceAfter(
    "Object.defineProperty(process, 'versions', { value: { node: '99.0.0' } }); keepHeapSmall()",
  )
  assert.equal(stderr, '')
  assert.ok(bytes > 12 * 2 ** 20, String(bytes))
})
