import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { closeAccess, openAccess, type Access } from '../../src/comfy/access.ts'
import { connectServer, type ComfyServer, type ServerOptions } from '../../src/comfy/server.ts'
import type { Outcome } from '../../src/comfy/outcome.ts'
import type { SubmittedPrompt } from '../../src/comfy/prompts.ts'
import type { PromptEvent } from '../../src/comfy/prompt-events.ts'
import { asComfyRunError } from '../../src/error-data.ts'
import type { ComfyRunError } from '../../src/errors.ts'
import { graphOf, readScenario, type HttpEvent } from './golden.ts'
import { startReplay, type Replay, type ReplayOptions } from './replay.ts'

/** What the client made of one recorded POST /prompt. */
export interface Run {
  /** What the recording calls the case; empty if it has but one. */
  readonly case: string
  /** How the prompt ended; undefined if the server refused it. */
  readonly outcome?: Outcome
  /** Why the server refused it. */
  readonly refusal?: ComfyRunError
  readonly events: readonly PromptEvent[]
}

export interface Replayed {
  readonly runs: readonly Run[]
  readonly replay: Replay
  readonly server: ComfyServer
}

/**
 * Ours is a client that listens: asking is so rare here that a test which needs it would time out. Tests of
 * servers without a socket set a short beat.
 */
const listening = { beat: 60_000, patience: 60_000 }

/** Connects our client to a replayed server; closed with the test. */
export async function connectTo(
  t: TestContext,
  replay: Replay,
  options: Partial<ServerOptions> = {},
): Promise<ComfyServer> {
  const server = await connectServer({ url: replay.url, pace: listening, ...options })
  t.after(async () => server.close())
  return server
}

/**
 * Replays a scenario to our client, which uploads and submits what the recorded client did, one after the
 * other, and follows each prompt to its end.
 */
export async function replayRuns(
  t: TestContext,
  name: string,
  options: ReplayOptions & { readonly beat?: number } = {},
): Promise<Replayed> {
  const scenario = readScenario(name)
  const replay = await startReplay(t, scenario, options)
  const pace = options.beat === undefined ? listening : { beat: options.beat, patience: 60_000 }
  const server = await connectTo(t, replay, { pace })
  const runs: Run[] = []
  for (const event of scenario.events) {
    if (event.dir !== 'http' || event.method !== 'POST') continue
    if (event.path === '/prompt') runs.push(await runOf(server, event))
    if (event.path.startsWith('/upload/')) await upload(t, server, event)
  }
  return { runs, replay, server }
}

/** Submits the graph of a recorded POST /prompt and follows it to its end. */
export async function runOf(server: ComfyServer, event: HttpEvent): Promise<Run> {
  const events: PromptEvent[] = []
  const run = { case: event.case ?? '', events }
  try {
    const prompt = await server.submit({ graph: graphOf(event), onEvent: (event) => events.push(event) })
    return { ...run, outcome: await prompt.finished }
  } catch (error) {
    return { ...run, refusal: asComfyRunError(error) }
  }
}

async function upload(t: TestContext, server: ComfyServer, event: HttpEvent): Promise<void> {
  const field = event.request.multipart?.find(({ base64 }) => base64 !== undefined)
  const folder = await mkdtemp(join(tmpdir(), 'comfy-run-golden-'))
  t.after(async () => rm(folder, { recursive: true, force: true }))
  const file = join(folder, 'image.png')
  await writeFile(file, Buffer.from(field?.base64 ?? '', 'base64'))
  await server.upload({ file, hash: field?.filename ?? '' })
}

/** A way to a server past our client, e.g. for what somebody else does there; closed with the test. */
export function accessTo(t: TestContext, { url }: Pick<Replay, 'url'>): Access {
  const access = openAccess({ url })
  t.after(async () => closeAccess(access))
  return access
}

/** Submits a recorded graph; `seen` resolves when the nth event of a type has come. */
export async function submitRecorded(
  server: ComfyServer,
  event: HttpEvent | undefined,
): Promise<SubmittedPrompt & { seen(type: PromptEvent['type'], count?: number): Promise<void> }> {
  assert.ok(event)
  const events: PromptEvent[] = []
  const watchers = new Set<() => void>()
  const prompt = await server.submit({
    graph: graphOf(event),
    onEvent: (event) => {
      events.push(event)
      for (const watch of watchers) watch()
    },
  })
  const seen = async (type: PromptEvent['type'], count = 1): Promise<void> =>
    new Promise((resolve) => {
      const watch = (): void => {
        if (events.filter((event) => event.type === type).length >= count) resolve()
      }
      watchers.add(watch)
      watch()
    })
  return { ...prompt, seen }
}
