import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { RecordReader, type RecordReaderOptions } from '../../src/comfy/record-reader.ts'
import { accessOf, startScripted, type ScriptedRequest } from '../rig/scripted-server.ts'

function entry(id: string): object {
  const status = { status_str: 'success', completed: true, messages: [] }
  return { prompt: [1, id, {}, {}, ['9']], outputs: {}, status }
}

/** A reader for a server that has the records of these prompts. Only the newest three are in its list. */
async function reader(t: TestContext, ids: readonly string[], options: RecordReaderOptions = { pause: 0 }) {
  const single = ({ path }: ScriptedRequest) => {
    const id = path.split('/').at(-1) ?? ''
    return { json: ids.includes(id) ? { [id]: entry(id) } : {} }
  }
  const server = await startScripted(t, {
    'GET /history/*': single,
    'GET /history': { json: Object.fromEntries(ids.slice(-3).map((id) => [id, entry(id)])) },
  })
  const records = new RecordReader(accessOf(t, server), options)
  const asked = (): string[] => server.requests.map(({ path, query }) => `${path} ${String(query)}`.trim())
  return { records, asked }
}

test('the first prompt is read at once; those that end meanwhile share a request', async (t) => {
  const { records, asked } = await reader(t, ['a', 'b', 'c'])
  const found = await Promise.all(['a', 'b', 'c'].map(async (id) => records.read(id)))
  assert.deepEqual(
    found.map((record) => record?.status),
    ['success', 'success', 'success'],
  )
  assert.deepEqual(asked(), ['/history/a', '/history max_items=12'])
})

/** As above, with reads that would wait for ever, and so many prompts under way. */
async function slowReader(t: TestContext, ids: readonly string[], underWay: () => number) {
  return reader(t, ids, { pause: 2 ** 30, underWay })
}

test('the last prompts do not wait for others to end', async (t) => {
  let underWay = 3
  const { records, asked } = await slowReader(t, ['a', 'b', 'c'], () => underWay)
  await records.read('a')
  underWay -= 1
  const last = await Promise.all(['b', 'c'].map(async (id) => records.read(id)))
  assert.deepEqual(
    last.map((record) => record?.status),
    ['success', 'success'],
  )
  assert.deepEqual(asked(), ['/history/a', '/history max_items=12'])
})

test('when few are to come, those that have ended do not wait for them', async (t) => {
  const ids = Array.from('abcdefghijklm')
  let underWay = ids.length
  const { records, asked } = await slowReader(t, ids, () => underWay)
  const [first = '', ...others] = ids
  await records.read(first)
  underWay -= 1
  const [most, last] = [others.slice(0, 8), others.slice(8)]
  await Promise.all(most.map(async (id) => records.read(id)))
  underWay -= most.length
  await Promise.all(last.map(async (id) => records.read(id)))
  const lists = asked().filter((path) => path.includes('max_items'))
  assert.deepEqual(lists, ['/history max_items=18', '/history max_items=14'])
})

test('a few do not have a read of their own while others are to come', async (t) => {
  const { records, asked } = await slowReader(t, ['a', 'b', 'c', 'd'], () => 4)
  await records.read('a')
  const early = ['b', 'c'].map(async (id) => records.read(id))
  await new Promise((resolve) => setImmediate(resolve))
  await Promise.all([...early, records.read('d'), records.read('e')])
  assert.equal(asked().filter((path) => path.includes('max_items')).length, 1)
})

test('a queue that is empty for a moment is not the end of a run', async (t) => {
  let isOver = false
  const ids = ['a', 'b', 'c']
  const { records, asked } = await reader(t, ids, {
    pause: 2 ** 30,
    underWay: () => 2,
    hasMore: () => !isOver,
  })
  await records.read('a')
  const early = records.read('b')
  await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual(asked(), ['/history/a'])
  isOver = true
  await Promise.all([early, records.read('c')])
  assert.deepEqual(asked(), ['/history/a', '/history max_items=12'])
})

test('many are read at once while nothing else is under way, whatever may follow', async (t) => {
  const ids = Array.from('abcdefghi')
  const { records } = await reader(t, ids, { pause: 2 ** 30, underWay: () => 8, hasMore: () => true })
  const found = await Promise.all(ids.map(async (id) => records.read(id)))
  assert.equal(found.filter((record) => record?.status === 'success').length, 9)
})

test('a record that is not among the newest is read by its id; there may be none', async (t) => {
  const { records, asked } = await reader(t, ['old', 'x', 'y', 'z'])
  const found = await Promise.all(['x', 'y', 'old', 'nobody'].map(async (id) => records.read(id)))
  assert.deepEqual(
    found.map((record) => record?.status),
    ['success', 'success', 'success', undefined],
  )
  assert.deepEqual(asked(), ['/history/x', '/history max_items=13', '/history/old', '/history/nobody'])
})

test('a failed read fails all who waited for it, and the next is another try', async (t) => {
  let isDown = true
  const server = await startScripted(t, {
    'GET /history/*': () => (isDown ? { cut: true } : { json: { a: entry('a') } }),
    'GET /history': { cut: true },
  })
  const records = new RecordReader(accessOf(t, server), { pause: 0 })
  const failed = await Promise.allSettled(['a', 'b', 'c'].map(async (id) => records.read(id)))
  assert.deepEqual(
    failed.map(({ status }) => status),
    ['rejected', 'rejected', 'rejected'],
  )
  isDown = false
  assert.equal((await records.read('a'))?.status, 'success')
})
