// Runs the jobs of a CSV on a server that does nothing, in this process, with a journal in the folder given: what is left
// is what a run costs itself. `node bench/rig/no-op-run.js FILE FOLDER`.
import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'

const from = async (/** @type {string} */ path) => import(new URL(`../../dist/${path}`, import.meta.url).href)
const { checkPlan, loadWorkflow, planJobs, readRows, Stop } = await from('index.js')
const { dispatch } = await from('run/dispatch.js')
const { Journal, findScope } = await from('run/journal/journal.js')
const { Pool } = await from('run/pool/pool.js')
const { ServerFolder } = await from('run/server-folder.js')
const { Tally } = await from('run/tally.js')
const { fileRules } = await from('run/file-rules.js')
const { keepHeapSmall } = await from('cli/small-heap.js')

/** A server to which every prompt is done at once, and leaves no file. */
class NoOpServer {
  name = 'http://no-op'
  capabilities = { rehearsal: false }
  #prompts = 0

  /** @param {import('../../src/comfy/prompts.ts').PromptRequest} request */
  async submit({ onSending, onEvent }) {
    const promptId = String(++this.#prompts)
    await onSending?.({ promptId, clientId: 'bench' })
    onEvent?.({ type: 'started' })
    const outcome = { status: 'done', files: [], socketImages: [], texts: [], cached: false }
    return { promptId, finished: Promise.resolve(outcome), cancel: async () => {} }
  }

  async close() {}
}

// As every long batch does.
keepHeapSmall()
const [file, out] = process.argv.slice(2)
assert.ok(file !== undefined && out !== undefined)
const workflow = await loadWorkflow(fileURLToPath(new URL('../../workflows/txt2img.json', import.meta.url)))
const scope = await findScope(out, { id: 'bench', isCumulative: true })
const plan = { workflow, rows: readRows(file), defaults: [], seedSalt: scope.salt, sourceFolder: '.' }
const { jobs: count, errors } = await checkPlan(plan)
assert.deepEqual(errors, [])
const sink = () => {}
const remaining = { jobs: count }
const pool = await Pool.open({
  servers: [{ url: 'http://no-op' }],
  sink,
  remaining: () => remaining.jobs,
  parts: { connect: async () => new NoOpServer() },
})
const journal = await Journal.begin(out, scope)
const tally = new Tally(count)
const options = { jobs: planJobs(plan), count, servers: [], out, files: await fileRules(), sink, journal }
await dispatch(pool, { ...options, stop: new Stop(), folder: new ServerFolder() }, tally, remaining)
await journal.close()
await pool.close()
assert.equal(tally.done, count)
