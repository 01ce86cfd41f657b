import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ComfyRunError } from '../../../src/errors.ts'
import type { Job } from '../../../src/plan/job.ts'
import { mostInHand } from '../../../src/run/pool/depth.ts'
import type { Place, Verdict } from '../../../src/run/pool/member.ts'
import { FakeServer, jobOf, poolOf, settled, unreachable } from './fake-server.ts'

const a = 'http://a:1'
const b = 'http://b:1'
const c = 'http://c:1'

test('work goes to who is idle, then one more waits on each', async () => {
  const { pool } = await poolOf([new FakeServer(a), new FakeServer(b)])
  const places = await Promise.all([1, 2, 3, 4].map(async (index) => pool.take(jobOf(index))))
  assert.deepEqual(
    places.map((place) => place?.server.name),
    [a, b, a, b],
  )
  let fifth: string | undefined
  void pool.take(jobOf(5)).then((place) => {
    fifth = place?.server.name
  })
  await settled()
  assert.equal(fifth, undefined) // pitfall 42
  places[1]?.free()
  await settled()
  assert.equal(fifth, b)
  await pool.close()
})

test('of jobs that sample nothing a lone server gets more at first: they are quick', async () => {
  const invert = { classType: 'ImageInvert', inputs: {} }
  const quick: Job = { ...jobOf(1), workflow: { nodes: new Map([['1', invert]]), source: 'x' } }
  const placed = async (servers: readonly FakeServer[], job: Job): Promise<number> => {
    const { pool } = await poolOf(servers)
    let count = 0
    for (let take = 0; take < 20; take += 1) void pool.take(job).then((place) => (count += place ? 1 : 0))
    await settled()
    const before = count
    await pool.close()
    return before
  }
  assert.equal(await placed([new FakeServer(a)], jobOf(1)), 2)
  assert.equal(await placed([new FakeServer(a)], quick), 8)
  assert.equal(await placed([new FakeServer(a), new FakeServer(b)], quick), 4)
})

test('how many wait on a server is by its own time for a job, which nothing delays on its way', async () => {
  const placedAfter = async (end: (place: Place | undefined) => void): Promise<number> => {
    const { pool } = await poolOf([new FakeServer(a)])
    end(await pool.take(jobOf(1)))
    let count = 0
    for (let take = 0; take < 40; take += 1)
      void pool.take(jobOf(2)).then((place) => (count += place ? 1 : 0))
    await settled()
    const before = count
    await pool.close()
    return before
  }
  assert.equal(await placedAfter((place) => place?.free(0.003)), 32)
  assert.equal(await placedAfter((place) => place?.free(20)), 2)
  const isToldLater = (place: Place | undefined): void => {
    place?.free()
    place?.free(20)
    place?.leave('done')
  }
  assert.equal(await placedAfter(isToldLater), 2)
})

test('of a server that does not say what a job took, our own clock does; what failed is no measure', async () => {
  const { pool } = await poolOf([new FakeServer(a)])
  const run = async (verdict: Verdict): Promise<number | undefined> => {
    const place = await pool.take(jobOf(1))
    place?.leave(verdict)
    return place?.member.secondsPerJob
  }
  assert.equal(await run('ended'), undefined)
  assert.notEqual(await run('done'), undefined)
  await pool.close()
})

test('a place is free for the next job while the files of the last one are fetched, but not without end', async () => {
  const { pool } = await poolOf([new FakeServer(a)])
  for (let job = 1; job <= mostInHand(true); job += 1) (await pool.take(jobOf(job)))?.free()
  let hasRoom = false
  void pool.hasRoom().then(() => {
    hasRoom = true
  })
  await settled()
  assert.equal(hasRoom, false)
  await pool.close()
})

test('servers know whether jobs are still to be placed', async () => {
  for (const remaining of [1, 0]) {
    const fake = new FakeServer(a)
    const { pool } = await poolOf([fake], { remaining })
    assert.equal(fake.mayGetMore, remaining > 0)
    await pool.close()
  }
})

test('a job goes to the server that has its model; others pass it by meanwhile', async () => {
  const { pool } = await poolOf([new FakeServer(a, ['x']), new FakeServer(b, ['x', 'y'])])
  const first = await pool.take(jobOf(1, 'y'))
  const second = await pool.take(jobOf(2, 'y'))
  const waiting = pool.take(jobOf(3, 'y'))
  const fourth = await pool.take(jobOf(4, 'x'))
  assert.deepEqual(
    [first, second, fourth].map((place) => place?.server.name),
    [b, b, a],
  )
  first?.leave('done')
  assert.equal((await waiting)?.server.name, b)
  await pool.close()
})

test('what no server has goes to one all the same: it will say what is missing', async () => {
  const { pool } = await poolOf([new FakeServer(a, ['x']), new FakeServer(b, ['x'])])
  assert.equal((await pool.take(jobOf(1, 'nowhere')))?.server.name, a)
  assert.equal(pool.hasOther(jobOf(1, 'nowhere'), new Set()), false)
  await pool.close()
})

test('a run is a rehearsal if all of its servers are known to have no models', async () => {
  const late = new FakeServer(b)
  late.isUp = false
  const { pool, endWaits } = await poolOf([new FakeServer(a), late])
  assert.equal(pool.isRehearsal, false)
  late.isUp = true
  await endWaits()
  assert.equal(pool.isRehearsal, true)
  await pool.close()
})

test('a server that goes away gets no jobs until it is back, and then one at first', async () => {
  const [one, two] = [new FakeServer(a), new FakeServer(b)]
  const { pool, events, endWaits } = await poolOf([one, two])
  one.cut()
  await settled()
  const there = [await pool.take(jobOf(1)), await pool.take(jobOf(2))]
  assert.deepEqual(
    there.map((place) => place?.server.name),
    [b, b],
  )
  await endWaits()
  one.isUp = true
  const third = pool.take(jobOf(3))
  await endWaits()
  const back = await third
  assert.equal(back?.server.name, a)
  let fourth: string | undefined
  void pool.take(jobOf(4)).then((place) => {
    fourth = place?.server.name
  })
  await settled()
  assert.equal(fourth, undefined)
  back?.leave('done')
  await settled()
  assert.equal(fourth, a)
  assert.deepEqual(
    events.filter(({ type }) => type.startsWith('server-')).map(({ type }) => type),
    ['server-connected', 'server-connected', 'server-lost', 'server-left', 'server-returned'],
  )
  await pool.close()
})

test('three failures in a row by its own fault give a server a rest; a job that is done between them does not', async () => {
  const { pool, events } = await poolOf([new FakeServer(a), new FakeServer(b)])
  const fail = new ComfyRunError('job-lost', 'gone')
  const on = async (name: string, verdict: 'done' | 'failed') => {
    const place = await pool.take(jobOf(1), { prefer: name })
    place?.leave(verdict, verdict === 'failed' ? fail : undefined)
  }
  await on(a, 'failed')
  await on(a, 'failed')
  await on(a, 'done')
  await on(a, 'failed')
  await on(a, 'failed')
  assert.equal(pool.members[0]?.state, 'ready')
  await on(a, 'failed')
  assert.equal(pool.members[0]?.state, 'away')
  assert.deepEqual(
    events.filter(({ type }) => type === 'server-left'),
    [{ type: 'server-left', server: a, reason: 'gone' }],
  )
  await pool.close()
})

test('a prompt whose job went elsewhere is stopped when its server is back', async () => {
  const one = new FakeServer(a)
  const { pool, endWaits } = await poolOf([one, new FakeServer(b)])
  const place = await pool.take(jobOf(1), { prefer: a })
  one.isUp = false
  place?.leave('unknown', unreachable, 'p1')
  await settled()
  one.isUp = true
  await endWaits()
  assert.deepEqual(one.dropped, ['p1'])
  await pool.close()
})

test('a job that comes back to learn how its prompt ended keeps it', async () => {
  const one = new FakeServer(a)
  const { pool, endWaits } = await poolOf([one])
  const place = await pool.take(jobOf(1))
  one.isUp = false
  place?.leave('unknown', unreachable, 'p1')
  place?.member.adopt('p1')
  await settled()
  one.isUp = true
  await endWaits()
  assert.deepEqual([one.dropped, pool.members[0]?.state], [[], 'ready'])
  await pool.close()
})

test('the run is given up when every server was away for too long', async () => {
  const one = new FakeServer(a)
  const { pool } = await poolOf([one], { patience: 0 })
  const place = await pool.take(jobOf(1))
  one.isUp = false
  place?.leave('failed', unreachable)
  await settled()
  assert.equal(await pool.take(jobOf(2)), undefined)
  assert.equal(pool.failure, unreachable)
  await pool.close()
})

test('no server at all is an error at once; one that is missing at first may come later', async () => {
  const [one, two] = [new FakeServer(a), new FakeServer(b)]
  one.isUp = false
  two.isUp = false
  await assert.rejects(poolOf([one, two]), unreachable)
  two.isUp = true
  const { pool, endWaits } = await poolOf([one, two])
  await settled()
  assert.deepEqual(
    pool.members.map(({ state }) => state),
    ['away', 'ready'],
  )
  one.isUp = true
  await endWaits()
  assert.equal((await pool.take(jobOf(1)))?.server.name, a)
  await pool.close()
})

test('towards the end a slow server is left out', async () => {
  const { pool } = await poolOf([new FakeServer(a), new FakeServer(b), new FakeServer(c)], { remaining: 1 })
  for (const [member, seconds] of [[pool.members[0], 100] as const, [pool.members[1], 1] as const]) {
    member?.use.arrived()
    member?.use.departed()
    member?.use.took(seconds)
  }
  pool.members[2]?.use.arrived()
  pool.members[2]?.use.departed()
  pool.members[2]?.use.took(1)
  const places = [await pool.take(jobOf(1)), await pool.take(jobOf(2))]
  assert.deepEqual(
    places.map((place) => place?.server.name),
    [b, c],
  )
  let third: string | undefined
  void pool.take(jobOf(3)).then((place) => {
    third = place?.server.name
  })
  await settled()
  assert.equal(third, undefined)
  places[0]?.leave('done')
  await settled()
  assert.equal(third, b)
  await pool.close()
})

test('after a stop nobody gets a place', async () => {
  const { pool } = await poolOf([new FakeServer(a)])
  const places = [await pool.take(jobOf(1)), await pool.take(jobOf(2))]
  const waiting = pool.take(jobOf(3))
  pool.stop()
  assert.deepEqual([places.length, await waiting, await pool.take(jobOf(4))], [2, undefined, undefined])
  await pool.hasRoom()
  await pool.close()
})
