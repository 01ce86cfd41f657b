import assert from 'node:assert/strict'
import { test } from 'node:test'
import { send } from '../../src/comfy/http.ts'
import { Router } from '../../src/comfy/router.ts'
import { ServerSocket } from '../../src/comfy/socket.ts'
import type { BinaryFrame } from '../../src/protocol/frames.ts'
import type { SocketMessage } from '../../src/protocol/messages.ts'
import { exchanges, readScenario, requestOf } from '../rig/golden.ts'
import { accessTo, connectTo, replayRuns, submitRecorded } from '../rig/golden-runs.ts'
import { startReplay, type Replay } from '../rig/replay.ts'

const limit = { timeout: 10_000 }

/** A prompt's side of a router that only counts what it gets. */
class Mailbox {
  readonly messages: string[] = []
  readonly frames: BinaryFrame[] = []
  message({ type }: SocketMessage): void {
    this.messages.push(type)
  }
  frame(frame: BinaryFrame): void {
    this.frames.push(frame)
  }
}

/** Another socket on the replayed server, with a router and one prompt of its own that is running there. */
async function listen(
  t: Parameters<typeof connectTo>[0],
  replay: Replay,
): Promise<{ mailbox: Mailbox; seen: SocketMessage[]; idle: Promise<void> }> {
  const router = new Router()
  const mailbox = new Mailbox()
  router.expect()
  router.settle('ours', mailbox)
  const seen: SocketMessage[] = []
  let socket: ServerSocket | undefined
  const idle = new Promise<void>((resolve) => {
    let wasBusy = false
    socket = new ServerSocket(accessTo(t, replay), 'listener', {
      message: (message) => {
        seen.push(message)
        router.message(message)
        if (message.type !== 'status') return
        const isBusy = !JSON.stringify(message.data).includes('"queue_remaining":0')
        if (wasBusy && !isBusy) resolve()
        wasBusy ||= isBusy
      },
      frame: (frame) => router.frame(frame),
      opened: () => {},
      lost: () => {},
    })
    t.after(() => socket?.close())
  })
  await socket?.open()
  router.message({ type: 'execution_start', data: { prompt_id: 'ours' } })
  mailbox.messages.length = 0
  return { mailbox, seen, idle }
}

test('a cut connection is opened anew, and the run goes on', limit, async (t) => {
  const scenario = readScenario('10a-reconnect-same-id')
  const replay = await startReplay(t, scenario)
  const told: string[] = []
  const server = await connectTo(t, replay, {
    onLost: () => told.push('lost'),
    onRecovered: () => told.push('recovered'),
  })
  const prompt = await submitRecorded(server, exchanges(scenario, 'POST', '/prompt')[0])
  assert.equal((await prompt.finished).status, 'done')
  assert.deepEqual(told, ['lost', 'recovered']) // pitfalls 7 and 15
})

test('a socket that the server has forgotten: the end is learnt by asking', limit, async (t) => {
  const { runs } = await replayRuns(t, '10d-overlapping-sockets', { as: '2', beat: 20 }) // pitfall 16
  assert.equal(runs[0]?.outcome?.status, 'done')
  assert.deepEqual(
    runs[0].outcome.files.map(({ filename }) => filename),
    ['g_00010_.latent'],
  )
})

test(
  "another client's prompt: its own socket gets everything, ours only the queue's length",
  limit,
  async (t) => {
    const scenario = readScenario('11a-two-clients')
    const replay = await startReplay(t, scenario)
    const ours = await listen(t, replay)
    const theirs = await connectTo(t, replay)
    const prompt = await submitRecorded(theirs, exchanges(scenario, 'POST', '/prompt')[0])
    assert.equal((await prompt.finished).status, 'done')
    await ours.idle
    assert.deepEqual([...new Set(ours.seen.map(({ type }) => type))].sort(), ['feature_flags', 'status'])
    assert.deepEqual(ours.mailbox.messages, [])
  },
)

test('frames of a foreign prompt that are sent to everybody are not ours', limit, async (t) => {
  const scenario = readScenario('11b-foreign-broadcast')
  const replay = await startReplay(t, scenario)
  const a = await listen(t, replay)
  await listen(t, replay)
  const [foreign] = exchanges(scenario, 'POST', '/prompt')
  assert.ok(foreign)
  await send(accessTo(t, replay), 'POST', 'prompt', { json: requestOf(foreign) })
  await a.idle
  assert.ok(a.seen.some(({ type }) => type === 'progress_state'))
  assert.deepEqual(a.mailbox.messages, []) // pitfall 10
  assert.deepEqual(a.mailbox.frames, []) // pitfall 11
})

test('two prompts under one id: both are followed to an end', limit, async (t) => {
  const scenario = readScenario('12b-same-prompt-id-queued')
  const replay = await startReplay(t, scenario)
  const server = await connectTo(t, replay, { pace: { beat: 20, patience: 60_000 } })
  const prompts = []
  for (const event of exchanges(scenario, 'POST', '/prompt'))
    prompts.push(await submitRecorded(server, event))
  const outcomes = await Promise.all(prompts.map(async ({ finished }) => finished))
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['done', 'done', 'done'],
  )
  assert.equal(prompts[1]?.promptId, prompts[2]?.promptId)
})
