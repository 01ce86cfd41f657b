import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Follower } from '../../src/comfy/follow.ts'
import type { PromptEvent } from '../../src/comfy/prompt-events.ts'
import type { ApiGraph } from '../../src/protocol/graph.ts'
import type { JsonObject } from '../../src/protocol/json.ts'

const node = (class_type: string): ApiGraph[string] => ({ class_type, inputs: {} })
const graph: ApiGraph = {
  '1': node('EmptyImage'),
  '2': node('SaveImage'),
  w: node('SaveImageWebsocket'),
  '57:8': node('KSampler'),
}
const picture = Uint8Array.from([1])

function follow(): {
  follower: Follower
  events: PromptEvent[]
  say: (type: string, data?: JsonObject) => string
} {
  const events: PromptEvent[] = []
  const follower = new Follower(graph, (event) => events.push(event))
  return { follower, events, say: (type, data = {}) => follower.message({ type, data }) }
}

const kinds = (events: readonly PromptEvent[]): string[] =>
  events.map((event) => ('node' in event ? `${event.type} ${event.node}` : event.type))

test('how long a prompt took is what the server says by its own clock, if it says so', () => {
  const secondsBetween = (start: JsonObject, end: JsonObject): number | undefined => {
    const { follower, say } = follow()
    say('execution_start', start)
    assert.equal(follower.seconds, undefined)
    say('execution_success', end)
    return follower.seconds
  }
  const at = 1_795_425_844_373
  assert.equal(secondsBetween({ timestamp: at }, { timestamp: at + 157 }), 0.157)
  assert.equal(secondsBetween({ timestamp: at }, { timestamp: at }), 0)
  assert.equal(secondsBetween({}, { timestamp: at }), undefined) // before July 2024
  assert.equal(secondsBetween({ timestamp: at }, { timestamp: at - 3_600_000 }), undefined) // a clock that was set
  assert.equal(secondsBetween({ timestamp: 0 }, { timestamp: at }), undefined)
  assert.equal(secondsBetween({ timestamp: 'soon' }, { timestamp: at }), undefined)
})

test('a server without node states: a node is done when the next one begins', () => {
  const { events, say } = follow()
  say('execution_start')
  say('execution_cached', { nodes: [] })
  say('executing', { node: '1' })
  say('executing', { node: '1' }) // repeated for lazy inputs
  say('executing', { node: '2' })
  assert.equal(say('executing', { node: null }), 'ended')
  assert.deepEqual(kinds(events), [
    'started',
    'node-started 1',
    'node-finished 1',
    'node-started 2',
    'node-finished 2',
  ])
})

test('node states tell when nodes are done, also several at once', () => {
  const { events, say } = follow()
  const state = (name: string): JsonObject => ({ state: name, value: 0, max: 1 })
  say('progress_state', { nodes: { '1': state('running') } })
  say('executing', { node: '1' })
  say('executing', { node: '2' })
  assert.deepEqual(kinds(events), ['started', 'node-started 1', 'node-started 2'])
  say('progress_state', {
    nodes: { '1': state('finished'), '2': state('finished'), foreign: state('finished') },
  })
  say('progress_state', { nodes: { '1': state('finished'), '2': state('finished') } })
  assert.deepEqual(kinds(events).slice(3), ['node-finished 1', 'node-finished 2'])
})

test('nodes that a node makes at run time are shown as that node', () => {
  const { events, say, follower } = follow()
  say('executing', { node: '57:8.0.0.1', display_node: '57:8' }) // pitfall 48
  say('progress', { node: '57:8.0.0.1', value: 1, max: 4 })
  follower.frame({ kind: 'image', format: 'jpeg', image: picture })
  assert.deepEqual(kinds(events), ['started', 'node-started 57:8', 'step 57:8', 'preview 57:8'])
})

test('progress without a node belongs to the one that runs; without numbers it is ignored', () => {
  const { events, say } = follow()
  say('progress', { value: 1, max: 2, node: null })
  say('executing', { node: '57:8' })
  say('progress', { value: 1, max: 2, node: null })
  say('progress', { value: 'x', max: 2, node: '57:8' })
  assert.deepEqual(kinds(events).slice(1), ['node-started 57:8', 'step 57:8'])
})

test('what ends a prompt, and what only seems to', () => {
  assert.equal(follow().say('execution_success'), 'ending') // pitfall 5
  assert.equal(follow().say('execution_interrupted'), 'ending')
  assert.equal(follow().say('execution_error', { exception_type: 'RuntimeError' }), 'ending')
  assert.equal(follow().say('executing', { node: null }), 'ended') // pitfall 6
  for (const type of ['executed', 'execution_start', 'progress_state', 'crystools.monitor', 'logs']) {
    assert.equal(follow().say(type), 'none', type) // pitfall 57
  }
})

test('a blocked node is a warning, not the end', () => {
  const { events, say, follower } = follow()
  const data = {
    exception_type: 'ExecutionBlocked',
    node_id: '2',
    exception_message: 'Execution Blocked: no face\n',
  }
  assert.equal(say('execution_error', data), 'none') // pitfall 8
  assert.deepEqual(events, [{ type: 'warning', message: 'node 2 was blocked: Execution Blocked: no face' }])
  assert.deepEqual(follower.blocked, ['Execution Blocked: no face'])
})

test('PNGs of SaveImageWebsocket are results; its JPEGs and the PNGs of others are previews', () => {
  const { events, follower, say } = follow()
  say('executing', { node: 'w' })
  follower.frame({ kind: 'image', format: 'jpeg', image: picture })
  follower.frame({ kind: 'image', format: 'png', image: picture })
  const metadata = { kind: 'image-with-metadata', promptId: 'p', image: picture } as const
  follower.frame({ ...metadata, format: 'png', node: 'w', displayNode: 'w' })
  follower.frame({ ...metadata, format: 'png', node: '1', displayNode: '1' })
  assert.deepEqual(
    follower.socketImages.map(({ node }) => node),
    ['w', 'w'],
  )
  assert.deepEqual(kinds(events).slice(2), ['preview w', 'preview 1'])
})

test('an image before any node runs is nobody’s', () => {
  const { events, follower } = follow()
  follower.frame({ kind: 'image', format: 'png', image: picture })
  assert.deepEqual([events, follower.socketImages], [[], []])
})

test('progress in words is shown for nodes of the graph only', () => {
  const { events, follower } = follow()
  follower.frame({ kind: 'text', node: '1', text: 'half way' }) // pitfall 12
  follower.frame({ kind: 'text', node: '99', text: 'foreign' })
  assert.deepEqual(events, [{ type: 'text', node: '1', text: 'half way' }])
})

test('cached nodes count as done, those of subgraphs made at run time not', () => {
  const { events, say } = follow()
  say('execution_cached', { nodes: ['1', '99.0'] })
  say('progress_state', { nodes: { '1': { state: 'finished' } } })
  assert.deepEqual(events, [{ type: 'started' }, { type: 'cached', nodes: ['1'] }])
})

test('data of odd shapes is ignored', () => {
  const { events, say } = follow()
  say('executing', { node: [] })
  say('execution_cached', { nodes: 'x' })
  say('progress_state', { nodes: [1] })
  say('progress_state', { nodes: { '1': null } })
  assert.deepEqual(events, [{ type: 'started' }])
})

test('of results over the socket no more are held than memory has room for', () => {
  const { follower, say } = follow()
  say('executing', { node: 'w' })
  // One buffer many times over: the limit counts what a server would have sent.
  const large = new Uint8Array(2 ** 28)
  for (let count = 0; count < 6; count += 1) follower.frame({ kind: 'image', format: 'png', image: large })
  assert.deepEqual([follower.socketImages.length, follower.droppedImages], [4, 2])
})

test('names that every object has are no nodes', () => {
  const { events, say } = follow()
  for (const name of ['__proto__', 'constructor', 'toString']) {
    say('executing', { node: name })
    say('execution_cached', { nodes: [name] })
  }
  assert.deepEqual(kinds(events), ['started'])
})
