import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withServerClasses } from '../../src/cli/server-classes.ts'
import { parseWorkflow } from '../../src/workflow/parse.ts'
import { startScripted, type Route, type ScriptedRequest } from '../rig/scripted-server.ts'

const workflow = parseWorkflow(
  JSON.stringify({
    1: { class_type: 'EmptyImage', inputs: { width: 64 } },
    2: { class_type: 'EmptyImage', inputs: { width: 32 } },
    3: { class_type: 'SaveImage', inputs: { images: ['1', 0] } },
  }),
  'workflow.json',
)

const classRoute = ({ path }: ScriptedRequest): { json: unknown } => ({
  json: { [path.slice('/object_info/'.length)]: { input: { required: {} }, output: [] } },
})

test('each class is asked for once, also if it was expected', async (t) => {
  const server = await startScripted(t, { 'GET /object_info/*': classRoute })
  await withServerClasses({ servers: [server], expected: workflow }, async ({ classesFor, silent }) => {
    const [classes, ...others] = await classesFor(workflow)
    assert.deepEqual(Object.keys(classes?.objectInfo ?? {}), ['EmptyImage', 'SaveImage'])
    assert.deepEqual([await classesFor(workflow), others, silent], [[classes], [], []])
  })
  assert.deepEqual(
    server.requests.map(({ path }) => path),
    ['/object_info/EmptyImage', '/object_info/SaveImage'],
  )
})

test('what is expected is asked for before it is wanted', async (t) => {
  let hear = (): void => {}
  const heard = new Promise<void>((resolve) => {
    hear = resolve
  })
  const route: Route = (request) => {
    hear()
    return classRoute(request)
  }
  const server = await startScripted(t, { 'GET /object_info/*': route })
  await withServerClasses({ servers: [server], expected: workflow }, async () => heard)
})

test('a server that can not be asked is left out, and said to be silent', async (t) => {
  const server = await startScripted(t, { 'GET /object_info/*': classRoute })
  const servers = [{ url: 'http://127.0.0.1:1' }, server]
  await withServerClasses({ servers, expected: workflow }, async ({ classesFor, silent }) => {
    assert.equal((await classesFor(workflow)).length, 1)
    assert.deepEqual(
      silent.map(({ code }) => code),
      ['server-unreachable'],
    )
  })
})

test("what was expected in vain and fails is nobody's fault", async () => {
  const servers = [{ url: 'http://127.0.0.1:1' }]
  await withServerClasses({ servers, expected: workflow }, async ({ silent }) => {
    assert.deepEqual(silent, [])
  })
})
