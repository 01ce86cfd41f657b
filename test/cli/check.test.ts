import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { folderOf } from '../rig/folder.ts'
import { assertExit, comfyRun, startRig } from '../rig/rig.ts'

const good = {
  1: { class_type: 'EmptyImage', inputs: { width: 8, height: 8, batch_size: 1, color: 0 } },
  9: { class_type: 'SaveImage', inputs: { filename_prefix: 'a', images: ['1', 0] } },
}
const bad = `{
  "1": { "class_type": "EmptyImage", "inputs": { "width": 0, "height": "é", "batch_size": 1, "color": 0 },
         "_meta": { "title": "Canvas" } },
  "9": { "class_type": "SaveImage", "inputs": { "filename_prefix": "a", "images": ["1", 0], "quality": 9 } }
}
`

async function write(t: Parameters<typeof folderOf>[0]): Promise<void> {
  await writeFile(join(folderOf(t), 'good.json'), JSON.stringify(good))
  await writeFile(join(folderOf(t), 'bad one.json'), bad)
}

test('nothing wrong: exit 0, and nothing on stdout', async (t) => {
  await write(t)
  const run = await comfyRun(t, ['check', 'good.json', '--server', 'embedded'])
  assertExit(run, 0)
  assert.equal(run.stdout, '')
  assert.match(run.stderr, /^one workflow checked against the embedded server: nothing is wrong$/m)
})

test('findings of all files: exit 5, each with its place underlined', async (t) => {
  await write(t)
  const server = await startRig(t)
  const run = await comfyRun(t, ['check', 'good.json', 'bad one.json', '--server', server.url])
  assertExit(run, 5)
  assert.match(run.stdout, /error: node 1 "Canvas" \(EmptyImage\), input "width": 0 is too small/)
  assert.match(run.stdout, /--> bad one\.json:2:59\n/)
  assert.match(run.stdout, /--> bad one\.json:2:72\n/)
  assert.match(run.stdout, /warning: node 9 \(SaveImage\), input "quality": the class has no such input/)
  assert.match(run.stderr, /^2 errors and one warning in 1 of 2 workflows, checked against/m)
  assert.equal(server.promptsRun, 0)
})

test('--object-info needs no server, and a model that it lacks is named', async (t) => {
  const graph = { ...good, 2: { class_type: 'Loader', inputs: { ckpt_name: 'gone.ckpt' } } }
  const classes = {
    EmptyImage: { input: {}, output: ['IMAGE'] },
    SaveImage: { input: {}, output: [], output_node: true },
    Loader: { input: { required: { ckpt_name: [['here.ckpt']] } }, output: [], output_node: true },
  }
  await writeFile(join(folderOf(t), 'graph.json'), JSON.stringify(graph))
  await writeFile(join(folderOf(t), 'info.json'), JSON.stringify(classes))
  const run = await comfyRun(t, [
    'check',
    'graph.json',
    '--object-info',
    'info.json',
    '--server',
    'http://127.0.0.1:1',
  ])
  assertExit(run, 5)
  assert.match(run.stdout, /no model "gone\.ckpt".*\[missing-model\]/)
})

test('--format json: one object', async (t) => {
  await write(t)
  const run = await comfyRun(t, ['check', 'bad one.json', '--server', 'embedded', '--format', 'json'])
  assertExit(run, 5)
  const { format, workflows } = JSON.parse(run.stdout) as {
    format: number
    workflows: { file: string; findings: Record<string, unknown>[] }[]
  }
  assert.equal(format, 1)
  assert.equal(workflows[0]?.file, 'bad one.json')
  const [first] = workflows[0]?.findings ?? []
  assert.deepEqual(first, {
    code: 'value-out-of-range',
    severity: 'error',
    node: '1',
    class: 'EmptyImage',
    title: 'Canvas',
    input: 'width',
    message: 'node 1 "Canvas" (EmptyImage), input "width": 0 is too small; at least 1 is allowed',
    where: { file: 'bad one.json', line: 2, column: 59 },
  })
})

test('--format sarif: results with regions that count characters', async (t) => {
  await write(t)
  const run = await comfyRun(t, ['check', 'bad one.json', '--server', 'embedded', '--format', 'sarif'])
  assertExit(run, 5)
  const log = JSON.parse(run.stdout) as {
    version: string
    runs: {
      columnKind: string
      tool: { driver: { rules: { id: string }[] } }
      results: Record<string, unknown>[]
    }[]
  }
  assert.equal(log.version, '2.1.0')
  const [{ columnKind, tool, results } = assert.fail('no run')] = log.runs
  assert.equal(columnKind, 'unicodeCodePoints')
  const [, second, third] = results
  assert.equal(tool.driver.rules[Number(second?.['ruleIndex'])]?.id, 'wrong-type')
  assert.deepEqual(second?.['locations'], [
    {
      physicalLocation: {
        artifactLocation: { uri: 'bad%20one.json' },
        region: { startLine: 2, startColumn: 72, endColumn: 75 },
      },
      logicalLocations: [{ fullyQualifiedName: '1.height' }],
    },
  ])
  assert.equal(third?.['level'], 'warning')
})

test('--format github: a workflow command for each finding', async (t) => {
  await write(t)
  const run = await comfyRun(t, ['check', 'bad one.json', '--server', 'embedded', '--format', 'github'])
  assertExit(run, 5)
  assert.match(
    run.stdout,
    /^::error file=bad one\.json,line=2,col=59,title=comfy-run%3A value-out-of-range::node 1/m,
  )
  assert.match(run.stdout, /^::warning file=bad one\.json,line=4,/m)
})

test('a file that can’t be read: exit 2, and the others are checked', async (t) => {
  await write(t)
  await writeFile(join(folderOf(t), 'broken.json'), '{"3": }')
  const run = await comfyRun(t, ['check', 'broken.json', 'bad one.json', '--server', 'embedded'])
  assertExit(run, 2)
  assert.match(run.stdout, /\[not-json\]\n {2}--> broken\.json:1:7/)
  assert.match(run.stdout, /too small/)
})

test('no server: exit 4', async (t) => {
  await write(t)
  assertExit(await comfyRun(t, ['check', 'good.json', '--server', 'http://127.0.0.1:1']), 4)
})
