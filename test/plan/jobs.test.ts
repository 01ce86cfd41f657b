import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import sharp from 'sharp'
import { csvRows } from '../../src/plan/csv-rows.ts'
import type { Job } from '../../src/plan/job.ts'
import { jsonRows } from '../../src/plan/json-rows.ts'
import { planJobs, type PlanOptions } from '../../src/plan/jobs.ts'
import type { NameKnowledge } from '../../src/plan/name-register.ts'
import type { Row } from '../../src/plan/row.ts'
import { loadWorkflow } from '../../src/workflow/load.ts'
import { all, exampleWorkflow, failureOf, inputOf, pieces, pointedAt } from './helpers.ts'

const csv = (text: string): AsyncIterable<Row> => csvRows('jobs.csv', pieces(text))

function plan(rows: AsyncIterable<Row> | undefined, options: Partial<PlanOptions> = {}): Promise<Job[]> {
  const workflow = exampleWorkflow()
  return all(planJobs({ workflow, rows, defaults: [], seedSalt: 'salt', sourceFolder: '.', ...options }))
}

async function* jsonJobs(text: string): AsyncGenerator<Row> {
  yield* jsonRows('jobs.json', text)
}

test('without rows there is one job, with the options and a drawn seed', async () => {
  const defaults = [
    { address: 'prompt', value: 'A lighthouse at dusk', typed: false },
    { address: '3.steps', value: '8', typed: false },
  ]
  const [job, ...others] = await plan(undefined, { defaults })
  assert.equal(others.length, 0)
  assert.ok(job)
  const seed = job.params['seed']
  assert.ok(typeof seed === 'number' && Number.isSafeInteger(seed))
  assert.deepEqual(job.params, { prompt: 'A lighthouse at dusk', '3.steps': 8, seed })
  assert.deepEqual([job.index, job.name, job.uploads], [1, `a-lighthouse-at-dusk_${seed}`, []])
  assert.deepEqual(
    ['6.text', '3.steps', '3.seed', '3.cfg'].map((at) => inputOf(job, at)),
    ['A lighthouse at dusk', 8, seed, 8],
  )
})

test('a row comes before options, and options before the defaults of the file', async () => {
  const rows = jsonJobs('{"defaults": {"cfg": 2, "steps": 3, "width": 64}, "jobs": [{"cfg": 4}]}')
  const defaults = [
    { address: 'cfg', value: 5, typed: true },
    { address: 'steps', value: 6, typed: true },
  ]
  const [job] = await plan(rows, { defaults })
  assert.deepEqual(job?.params, { width: 64, steps: 6, cfg: 4, seed: job?.params['seed'] })
})

test('a role and an address for the same input are one setting: the stronger is told', async () => {
  const [job] = await plan(csv('6.text\na dog\n'), {
    defaults: [{ address: 'prompt', value: 'x', typed: false }],
  })
  assert.deepEqual(Object.keys(job?.params ?? {}), ['6.text', 'seed'])
  assert.equal(job && inputOf(job, '6.text'), 'a dog')
})

test('drawn seeds depend on the salt and the request, not on the row', async () => {
  const seeds = async (text: string, seedSalt = 'salt'): Promise<unknown[]> =>
    (await plan(csv(text), { seedSalt })).map(({ params, key }) => [params['prompt'], params['seed'], key])
  const first = await seeds('prompt\na\nb\n')
  assert.deepEqual(await seeds('prompt\nnew\nb\na\n').then((list) => list.slice(1).reverse()), first)
  const [[, seedA], [, seedB]] = first as [[string, number], [string, number]]
  assert.notEqual(seedA, seedB)
  const [[, otherSeed, otherKey]] = (await seeds('prompt\na\n', 'other')) as [[string, number, string]]
  assert.notEqual(otherSeed, seedA)
  assert.equal(otherKey, (first as [string, number, string][])[0]?.[2])
})

test('copies have keys and drawn seeds of their own; a given seed counts on', async () => {
  const drawn = await plan(csv('prompt,count\na,3\n'))
  assert.equal(new Set(drawn.map(({ key }) => key)).size, 3)
  assert.equal(new Set(drawn.map(({ params }) => params['seed'])).size, 3)
  const counted = await plan(csv('prompt,seed,count\na,18446744073709551613,3\nb,,\nc,random,\n'), {
    seed: 5,
    copies: 2,
  })
  assert.deepEqual(
    counted.slice(0, 5).map(({ params }) => params['seed']),
    [18446744073709551613n, 18446744073709551614n, 18446744073709551615n, 5, 6],
  )
  assert.deepEqual(
    counted.map((job) => inputOf(job, '3.seed')),
    counted.map(({ params }) => params['seed']),
  )
  assert.notEqual(counted[5]?.params['seed'], 5)
  assert.deepEqual(
    counted.map(({ index }) => index),
    [1, 2, 3, 4, 5, 6, 7],
  )
})

test('listed seeds are a job each, in every copy; increments count on over the whole plan', async () => {
  const rows = csv('prompt,seed,count\na,"1,2",2\nb,increment:100,2\nc,9-10,\nd,increment:100,\n')
  const jobs = await plan(rows)
  assert.deepEqual(
    jobs.map(({ params }) => params['seed']),
    [1, 2, 3, 4, 100, 101, 9, 10, 102],
  )
  assert.equal(new Set(jobs.map(({ key }) => key)).size, jobs.length)
})

test('a seed that is set by address is a seed like any other', async () => {
  const jobs = await plan(csv('3.seed\n7\n'), { copies: 2 })
  assert.deepEqual(
    jobs.map((job) => inputOf(job, '3.seed')),
    [7, 8],
  )
})

test('names that clash by default are numbered', async () => {
  const jobs = await plan(csv('prompt,sampler\nA cat,euler\na cat!,dpmpp_2m\n'), { seed: 7 })
  assert.deepEqual(
    jobs.map(({ name }) => name),
    ['a-cat_7', 'a-cat_7-2'],
  )
})

test('a template names the jobs, and a name column comes before it', async () => {
  const rows = csv('prompt,name,row.shot\na,,s1\nb,{prompt}-hero,s2\n')
  const jobs = await plan(rows, { nameTemplate: '{row.shot}/{index:03}-{sampler}-{width}' })
  assert.deepEqual(
    jobs.map(({ name }) => name),
    ['s1/001-euler-512', 'b-hero'],
  )
  assert.equal(jobs[0]?.params['row.shot'], 's1')
})

test('a column that a template uses needs no prefix, and may be called like an input if it is only meant for names', async () => {
  const jobs = await plan(csv('prompt,scene,name\na,s1,\nb,s2,{row.scene}-{row.prompt}\n'), {
    nameTemplate: '{row.scene}',
  })
  assert.deepEqual(
    jobs.map(({ name, params }) => [name, params['row.scene']]),
    [
      ['s1', 's1'],
      ['s2-b', 's2'],
    ],
  )
  assert.equal(jobs[1]?.params['prompt'], 'b')
  const unused = await failureOf(() => plan(csv('prompt,scene\na,s1\n'), { nameTemplate: '{index}' }))
  assert.deepEqual([unused.code, pointedAt(unused.where)], ['unknown-address', 'scene'])
  const [meta] = await plan(csv('prompt,scene,model\na,s1,m\n'), { metaColumns: ['scene', 'model'] })
  assert.deepEqual([meta?.params['row.scene'], meta?.params['row.model']], ['s1', 'm'])
  assert.equal(meta && inputOf(meta, '4.ckpt_name'), 'base.safetensors')
})

test('rows may name workflows of their own, each loaded once; errors stand at the row', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'plan-'))
  context.after(() => rm(folder, { recursive: true }))
  const graph = await readFile('workflows/txt2img.json', 'utf8')
  await writeFile(join(folder, 'mine.json'), graph)
  await writeFile(join(folder, 'broken.json'), '{"3": ')
  const options = { sourceFolder: folder }
  const jobs = await plan(csv('prompt,workflow,seed\na,mine.json,1\nb,,2\nc,@mine.json,3\n'), options)
  assert.deepEqual(
    jobs.map(({ workflow, name }) => [workflow.source, name]),
    [
      [join(folder, 'mine.json'), 'mine_a_1'],
      ['/graphs/example.json', 'b_2'],
      [join(folder, 'mine.json'), 'mine_c_3'],
    ],
  )
  assert.equal(jobs[0]?.workflow.nodes.get('4'), jobs[2]?.workflow.nodes.get('4'))
  const broken = await failureOf(() => plan(csv('workflow,prompt\nmine.json,a\nbroken.json,b\n'), options))
  assert.deepEqual([broken.code, broken.where?.line, pointedAt(broken.where)], ['not-json', 3, 'broken.json'])
  assert.match(broken.details.join(), /broken\.json:1:/)
  const absent = await failureOf(() => plan(csv('workflow,prompt\nmime.json,a\n'), options))
  assert.deepEqual([absent.code, pointedAt(absent.where)], ['file-not-found', 'mime.json'])
  assert.match(absent.hint ?? '', /mine\.json/)
  const stray = await failureOf(() => plan(csv('workflow,6.txt\nmine.json,a\n'), options))
  assert.deepEqual([stray.code, pointedAt(stray.where)], ['unknown-address', '6.txt'])
})

test('chosen names that clash are an error', async () => {
  const error = await failureOf(() => plan(csv('prompt,name\na,hero\nb,x\nc,Hero\n')))
  assert.equal(error.code, 'name-clash')
  assert.deepEqual([error.where?.line, pointedAt(error.where)], [4, 'Hero'])
})

test('errors point at the cell', async () => {
  const cases: [text: string, code: string, at: string, line: number][] = [
    ['prompt,steps\na,2O\n', 'bad-value', '2O', 2],
    ['prompt,seed\na,-7\n', 'bad-value', '-7', 2],
    ['prompt,count\na,0\n', 'bad-value', '0', 2],
    ['prompt,names\na,b\n', 'unknown-address', 'names', 1],
    ['prompt,name\na,{promt}\n', 'bad-option', '{promt}', 2],
    ['prompt,10.image\na,b\n', 'unknown-address', '10.image', 1],
    ['prompt,6.text\na,b\n', 'bad-row', 'b', 2],
  ]
  for (const [text, code, at, line] of cases) {
    const error = await failureOf(() => plan(csv(text)))
    assert.deepEqual([error.code, pointedAt(error.where), error.where?.line], [code, at, line], text)
  }
  assert.equal((await failureOf(() => plan(csv('prompt,nam\na,b\n')))).hint, 'did you mean "name"?')
})

test('images are uploads: found from the jobs file, hashed, and part of the key', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'plan-'))
  context.after(() => rm(folder, { recursive: true }))
  const picture = (red: number): Promise<Buffer> =>
    sharp({ create: { width: 8, height: 8, channels: 3, background: { r: red, g: 0, b: 0 } } })
      .png()
      .toBuffer()
  await writeFile(join(folder, 'a.png'), await picture(1))
  await writeFile(join(folder, 'same.png'), await picture(1))
  await writeFile(join(folder, 'b.png'), await picture(2))
  await writeFile(join(folder, 'c.png'), 'no picture')
  const options = { workflow: exampleWorkflow({ image: true }), sourceFolder: folder, seed: 3 }
  const jobs = await plan(csv('image,prompt\na.png,x\nsame.png,x\nb.png,x\n@a.png,y\n'), options)
  const target = { node: '10', input: 'image' }
  assert.deepEqual(
    jobs.map(({ uploads }) => uploads.map(({ file, targets }) => [file, targets])),
    ['a.png', 'same.png', 'b.png', 'a.png'].map((name) => [[join(folder, name), [target]]]),
  )
  assert.equal(jobs[0]?.key, jobs[1]?.key)
  assert.notEqual(jobs[0]?.key, jobs[2]?.key)
  assert.deepEqual(
    [jobs[0]?.params['image'], jobs[0] && inputOf(jobs[0], '10.image')],
    ['a.png', 'example.png'],
  )
  assert.match(jobs[0]?.uploads[0]?.hash ?? '', /^[0-9a-f]{64}$/)

  const byAddress = await plan(csv('10.image,6.text\n@b.png,@b.png\nserver.png,\n@@b.png,\n'), options)
  assert.deepEqual(
    byAddress.map((job) => [job.uploads.length, inputOf(job, '10.image'), inputOf(job, '6.text')]),
    [
      [1, 'example.png', '@b.png'],
      [0, 'server.png', 'a cat'],
      [0, '@b.png', 'a cat'],
    ],
  )

  const missing = await failureOf(() => plan(csv('image\nsam.png\n'), options))
  assert.deepEqual(
    [missing.code, missing.hint, pointedAt(missing.where)],
    ['file-not-found', 'did you mean "same.png" or "a.png"?', 'sam.png'],
  )
  const broken = await failureOf(() => plan(csv('10.image\n@c.png\n'), options))
  assert.deepEqual([broken.code, pointedAt(broken.where)], ['not-an-image', '@c.png'])
})

test('the workflows that come with comfy-run can be planned by roles alone', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'plan-'))
  context.after(() => rm(folder, { recursive: true }))
  const picture = sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
  await picture.png().toFile(join(folder, 'a.png'))
  await picture.jpeg().toFile(join(folder, 'm.jpg'))
  const jobs = async (name: string, text: string): Promise<Job[]> =>
    plan(csv(text), { workflow: await loadWorkflow(join('workflows', name)), sourceFolder: folder })
  const [text] = await jobs('txt2img.json', 'prompt,negative,seed,steps,cfg,width\na cat,dogs,5,9,4.5,640\n')
  assert.deepEqual(text?.params, {
    prompt: 'a cat',
    negative: 'dogs',
    steps: 9,
    cfg: 4.5,
    width: 640,
    seed: 5,
  })
  assert.equal(text?.name, 'a-cat_5')
  const [image] = await jobs('img2img.json', 'prompt,image,denoise\na cat,a.png,0.3\n')
  assert.deepEqual(
    image?.uploads.map(({ targets }) => targets.length),
    [1],
  )
  const [inpaint] = await jobs('inpaint.json', 'prompt,image,mask\na cat,a.png,m.jpg\n')
  assert.deepEqual(
    inpaint?.uploads.map(({ file }) => file),
    [join(folder, 'a.png'), join(folder, 'm.jpg')],
  )
})

test('a graph without a seed has none drawn and none in its name', async () => {
  const full = exampleWorkflow()
  const workflow = { ...full, nodes: new Map([...full.nodes].filter(([id]) => id === '8' || id === '9')) }
  const [job] = await plan(undefined, { workflow })
  assert.deepEqual([job?.params, job?.name], [{}, 'example'])
})

test('a million-row plan is a stream: the first job needs the first row only', async () => {
  let read = 0
  async function* endless(): AsyncGenerator<Row> {
    for (;;) {
      read++
      const where = { file: 'jobs.csv', line: read }
      yield {
        cells: [{ key: 'prompt', value: `p${read}`, typed: false, where, keyWhere: where }],
        origin: where,
      }
    }
  }
  const options = { workflow: exampleWorkflow(), defaults: [], seedSalt: 's', sourceFolder: '.' }
  for await (const job of planJobs({ ...options, rows: endless() })) {
    assert.equal(job.params['prompt'], `p${job.index}`)
    if (job.index === 3) break
  }
  assert.equal(read, 3)
})

test('a walk that comes to its end knows whether names are distinct, and the next one goes by it', async () => {
  const walk = async (text: string, names: NameKnowledge): Promise<string[]> => {
    const options = { workflow: exampleWorkflow(), defaults: [], seedSalt: 's', sourceFolder: '.' }
    const jobs = await all(planJobs({ ...options, rows: csv(text) }, names))
    return jobs.map(({ name }) => name)
  }
  const equal = { areDistinct: false }
  assert.deepEqual(await walk('prompt,seed\na,1\na,1\n', equal), ['a_1', 'a_1-2'])
  assert.equal(equal.areDistinct, false)
  const distinct = { areDistinct: false }
  assert.deepEqual(await walk('prompt,seed\na,1\nb,1\n', distinct), ['a_1', 'b_1'])
  assert.equal(distinct.areDistinct, true)
  // They are not looked at again: whoever says so must have walked the same plan.
  assert.deepEqual(await walk('prompt,seed\na,1\na,1\n', distinct), ['a_1', 'a_1'])
})

test('names that nobody wants are not made, and such a walk does not know whether they are distinct', async () => {
  const options = { workflow: exampleWorkflow(), defaults: [], seedSalt: 's', sourceFolder: '.' }
  const names: NameKnowledge = { areDistinct: false }
  const given: string[] = []
  for await (const job of planJobs({ ...options, rows: csv('prompt,seed\na,1\na,1\na,1\n') }, names)) {
    given.push(job.name)
    names.areWanted = given.length < 2
  }
  // The third would be the third of its name.
  assert.deepEqual(given.slice(0, 2), ['a_1', 'a_1-2'])
  const one: NameKnowledge = { areDistinct: false, areWanted: false }
  await all(planJobs({ ...options, rows: csv('prompt,seed\na,1\nb,1\n') }, one))
  assert.equal(one.areDistinct, false)
})
