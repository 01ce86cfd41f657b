import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import sharp from 'sharp'
import { encodeImage } from '../../src/protocol/frames.ts'
import { folderOf } from '../rig/folder.ts'
import { assertExit } from '../rig/rig.ts'
import { assertClean, assertRefused, attacked, filesOf, txt2img } from './rig/attack.ts'
import { answerJson, pour, say, startHostile, type Handler } from './rig/hostile-server.ts'

const gigabyte = 2 ** 30
const red = sharp({ create: { width: 256, height: 256, channels: 3, background: 'red' } })
const workflow = {
  1: { class_type: 'EmptyImage', inputs: { width: 64, height: 64, batch_size: 1, color: 0 } },
  2: { class_type: 'KSampler', inputs: { seed: 1, steps: 2, cfg: 'x', model: ['1', 0], constructor: 1 } },
  3: { class_type: 'SaveImage', inputs: { images: ['2', 0], filename_prefix: 'a' } },
}
const piece = Buffer.alloc(1 << 20, '[0],')
/** What a run holds that meets no harm is about 130 MB; a large answer may double that. */
const largeAnswer = 600

/** Answers with JSON of 10 GB; `poured` tells how much of it was taken. */
function endless(): { readonly handler: Handler; readonly poured: () => number } {
  let sent = 0
  const handler: Handler = async (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.write('{"system":[')
    sent += await pour(response, piece, 10 * gigabyte)
  }
  return { handler, poured: () => sent }
}

/** Sends a byte now and then, for ever. */
const trickle: Handler = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json' })
  const timer = setInterval(() => response.write(' '), 50)
  response.on('close', () => clearInterval(timer))
}

test('10 GB of JSON from any route', { timeout: 120_000 }, async (t) => {
  const limits = { 'GET /system_stats': 250, 'GET /history/*': largeAnswer } as const
  for (const [route, megabytes] of Object.entries(limits)) {
    const { handler, poured } = endless()
    const server = await startHostile(t, { routes: { [route]: handler } })
    assertRefused(await txt2img(t, server), 4, 'answer-too-large', megabytes)
    assert.ok(poured() < gigabyte / 4, `${poured()} bytes`)
  }
})

test('10 GB in answer to POST /prompt', { timeout: 60_000 }, async (t) => {
  const { handler } = endless()
  const unknown: Handler = (_, response) => answerJson(response, {}, 404)
  const server = await startHostile(t, { routes: { 'POST /prompt': handler, 'GET /api/jobs/*': unknown } })
  assertRefused(await txt2img(t, server), 4, 'answer-too-large')
})

test('an endless body of an answer that is not read', { timeout: 60_000 }, async (t) => {
  let sent = 0
  const server = await startHostile(t, {
    routes: {
      'GET /view': async (_, response) => {
        response.writeHead(404)
        sent += await pour(response, piece, 10 * gigabyte)
      },
    },
  })
  assertRefused(await txt2img(t, server), 1, 'output-gone')
  assert.ok(sent < gigabyte / 4, `${sent} bytes`)
})

test('endless headers', { timeout: 60_000 }, async (t) => {
  for (const route of ['GET /system_stats', 'GET /view']) {
    const server = await startHostile(t, {
      routes: {
        [route]: ({ socket }) => {
          socket.write('HTTP/1.1 200 OK\r\n')
          const more = (): void => {
            while (!socket.destroyed && socket.write(`x-${Math.random()}: ${'y'.repeat(60_000)}\r\n`));
          }
          socket.on('drain', more).on('error', () => {})
          more()
        },
      },
    })
    assertRefused(await txt2img(t, server, ['--retries', '0']), 4, 'server-unreachable')
  }
})

test('endless interim answers', { timeout: 60_000 }, async (t) => {
  const server = await startHostile(t, {
    routes: {
      'GET /system_stats': ({ socket }) => {
        const timer = setInterval(() => socket.write('HTTP/1.1 103 Early Hints\r\nlink: <a>\r\n\r\n'), 20)
        socket.on('close', () => clearInterval(timer)).on('error', () => {})
      },
    },
  })
  assertRefused(await txt2img(t, server, ['--answer-timeout', '1']), 4, 'server-unreachable')
})

test('headers that come a byte at a time', { timeout: 60_000 }, async (t) => {
  const server = await startHostile(t, {
    routes: {
      'GET /system_stats': ({ socket }) => {
        socket.write('HTTP/1.1 200 OK\r\nx-slow: ')
        const timer = setInterval(() => socket.write('y'), 50)
        socket.on('close', () => clearInterval(timer)).on('error', () => {})
      },
    },
  })
  assertRefused(await txt2img(t, server, ['--answer-timeout', '1']), 4, 'server-unreachable')
})

test('JSON that comes a byte at a time', { timeout: 60_000 }, async (t) => {
  const server = await startHostile(t, { routes: { 'GET /system_stats': trickle } })
  assertRefused(await txt2img(t, server, ['--answer-timeout', '0.2']), 4, 'server-unreachable')
})

test('a file that comes a byte at a time', { timeout: 60_000 }, async (t) => {
  const server = await startHostile(t, { routes: { 'GET /view': trickle } })
  const run = await txt2img(t, server, ['--answer-timeout', '0.2', '--retries', '0'])
  assertRefused(run, 4, 'server-unreachable')
})

test('an answer that never begins, or stops midway', { timeout: 60_000 }, async (t) => {
  for (const handler of [
    () => {},
    (_, response) => void response.writeHead(200).write('{"system":'),
  ] satisfies Handler[]) {
    const server = await startHostile(t, { routes: { 'GET /system_stats': handler } })
    assertRefused(await txt2img(t, server, ['--answer-timeout', '0.2']), 4, 'server-unreachable')
  }
})

test('a handshake of /ws that never ends', { timeout: 60_000 }, async (t) => {
  const server = await startHostile(t, { onUpgrade: (_, stream) => void stream.write('HTTP/1.1 101 ') })
  // The job is followed by asking.
  assertExit(await txt2img(t, server, ['--answer-timeout', '1']), 0)
})

test('JSON that is nested a million deep', { timeout: 60_000 }, async (t) => {
  const deep =
    (text: string): Handler =>
    (_, response) =>
      answerJson(response, text)
  const [open, close] = ['['.repeat(1_000_000), ']'.repeat(1_000_000)]
  for (const text of [open, open + close, `${open}12345678901234567890${close}`, '{"a":'.repeat(1_000_000)]) {
    const server = await startHostile(t, { routes: { 'GET /system_stats': deep(text) } })
    assertRefused(await txt2img(t, server), 4, 'not-comfyui')
  }
  const server = await startHostile(t, {
    routes: {
      'GET /history/*': (_, response, { pathname }) => {
        const id = pathname.split('/').at(-1) ?? ''
        answerJson(
          response,
          `{"${id}":{"status":{},"outputs":{"9":${open.slice(0, 50_000)}${close.slice(0, 50_000)}}}}`,
        )
      },
    },
  })
  assertRefused(await txt2img(t, server), 4, 'not-comfyui')
})

test('a number of a million digits, and a string without end', { timeout: 60_000 }, async (t) => {
  for (const text of [
    `{"system":{"comfyui_version":${'9'.repeat(10_000_000)}}}`,
    `{"system":NaN,"a":"${String.raw`\"`.repeat(5_000_000)}`,
  ]) {
    const server = await startHostile(t, {
      routes: { 'GET /system_stats': (_, response) => answerJson(response, text) },
    })
    const run = await txt2img(t, server)
    assert.ok(run.exitCode === 0 || run.exitCode === 4, run.stderr)
    assert.ok(run.peakMegabytes < largeAnswer)
  }
})

test('keys named __proto__ and constructor', async (t) => {
  const server = await startHostile(t, {
    routes: {
      'GET /features': (_, response) =>
        answerJson(
          response,
          '{"__proto__":{"supports_preview_metadata":1},"constructor":{"prototype":{"polluted":1}}}',
        ),
      'GET /history/*': (_, response, { pathname }) => {
        const id = pathname.split('/').at(-1) ?? ''
        const outputs =
          '{"__proto__":{"images":[{"filename":"a.png","__proto__":{"type":"temp"}}],"text":["x"]}}'
        answerJson(
          response,
          `{"${id}":{"prompt":[1,"",{},{},["__proto__","constructor","9"]],"seed":12345678901234567890,"outputs":${outputs},"status":{"__proto__":[]}}}`,
        )
      },
    },
    onRun: (socket, prompt_id) => {
      for (const node of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
        say(socket, 'execution_cached', { nodes: [node], prompt_id })
        say(socket, 'executing', { node, prompt_id })
        say(socket, 'progress', { node, value: 1, max: 2, prompt_id })
      }
    },
  })
  const run = await txt2img(t, server, ['--json', '--sidecar'])
  assert.ok(run.exitCode === 0 || run.exitCode === 1, run.stderr)
  assert.doesNotMatch(
    run.stderr + run.stdout,
    /internal|fault of comfy-run|"node":"(?:__proto__|constructor|toString)","class/,
  )
})

test('a history that lists a million files', { timeout: 60_000 }, async (t) => {
  const images = Array.from({ length: 1_000_000 }, (_, index) => ({ filename: `${index}.png` }))
  const server = await startHostile(t, { outputs: { 9: { images } } })
  assertRefused(await txt2img(t, server), 1, 'too-many-files', largeAnswer)
  assert.ok(!server.requests.some(({ route }) => route === 'GET /view'))
})

test('previews that are too large together', { timeout: 60_000 }, async (t) => {
  const image = await red.jpeg().toBuffer()
  const preview = encodeImage('jpeg', image)
  const server = await startHostile(t, {
    onRun: async (socket, id) => {
      say(socket, 'executing', { node: '3', prompt_id: id })
      for (let index = 0; index < 300; index += 1) {
        socket.send(preview)
        if (index % 10 === 0) await new Promise((resolve) => setImmediate(resolve))
      }
    },
  })
  const run = await txt2img(t, server, ['--save-previews', '--max-file-size', '1000'])
  assertExit(run, 0)
  assert.equal(run.stderr.match(/no more previews are saved/g)?.length, 1)
  const saved = filesOf(t).filter((file) => file.includes('previews/'))
  assert.ok(saved.length > 0 && saved.length * image.length <= 10_000, `${saved.length} files`)
})

test('a frame of 1 GB on the socket', { timeout: 60_000 }, async (t) => {
  const header = Buffer.from([0x82, 127, 0, 0, 0, 0, 0x40, 0, 0, 0])
  const server = await startHostile(t, {
    onRun: (_, __, stream) => void stream.write(Buffer.concat([header, piece])),
  })
  const run = await txt2img(t, server)
  assertExit(run, 0)
  assert.match(run.stderr, /Max payload size exceeded/)
  assert.ok(run.peakMegabytes < 250)
})

test('a flood of 100,000 messages', { timeout: 60_000 }, async (t) => {
  const server = await startHostile(t, {
    onRun: (socket, id) => {
      for (let value = 0; value < 100_000; value += 1) {
        const prompt_id = value % 2 === 0 ? id : `${value}`
        say(socket, 'progress', { value, max: 100_000, node: '3', prompt_id })
      }
    },
  })
  const run = await txt2img(t, server)
  assertExit(run, 0)
  assert.ok(run.peakMegabytes < 300)
})

test('a flood of large messages before a prompt is accepted', { timeout: 120_000 }, async (t) => {
  const text = 'x'.repeat(2 ** 20)
  const server = await startHostile(t, {
    onAsked: async (socket) => {
      for (let index = 0; index < 600; index += 1) {
        say(socket, 'progress', { prompt_id: `${index}`, text })
        while (socket.bufferedAmount > 2 ** 24) await new Promise((resolve) => setImmediate(resolve))
      }
    },
  })
  const run = await txt2img(t, server)
  assertExit(run, 0)
  assert.ok(run.peakMegabytes < 450, `${run.peakMegabytes} MB`)
})

test('compressed answers that were not asked for', { timeout: 60_000 }, async (t) => {
  const bomb = gzipSync(Buffer.alloc(200 * 2 ** 20, ' '))
  const server = await startHostile(t, {
    routes: {
      'GET /system_stats': (_, response) =>
        void response
          .writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'application/json' })
          .end(bomb),
    },
  })
  const run = await txt2img(t, server)
  assertRefused(run, 4, 'not-comfyui')
  assertClean(run)
  const view = await startHostile(t, {
    routes: {
      'GET /view': (_, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
    },
  })
  assertRefused(await txt2img(t, view, ['--retries', '0']), 1, 'damaged-file')
})

test('a Retry-After of years', { timeout: 60_000 }, async (t) => {
  const server = await startHostile(t, {
    routes: {
      'GET /system_stats': (_, response) =>
        void response.writeHead(429, { 'retry-after': '9999999999' }).end(),
    },
  })
  assertRefused(await txt2img(t, server), 4, 'server-unreachable')
})

test('a list of node classes that is endless, or of the wrong shape', { timeout: 120_000 }, async (t) => {
  const { handler } = endless()
  const flooding = await startHostile(t, { routes: { 'GET /object_info*': handler } })
  writeFileSync(join(folderOf(t), 'workflow.json'), JSON.stringify(workflow))
  const checked = await attacked(t, ['check', 'workflow.json', '--server', flooding.url])
  assertRefused(checked, 4, 'answer-too-large', largeAnswer)
  // A run does without the check.
  assertExit(await txt2img(t, flooding), 0)
  const shapes: unknown[] = [
    [],
    null,
    { KSampler: 5, SaveImage: null, __proto__: 1 },
    { KSampler: { input: 7, output: 'x' }, CheckpointLoaderSimple: { input: { required: [1] } } },
    { KSampler: { input: { required: { seed: null, steps: [[]], cfg: [{}, 5] } }, output: [null] } },
    '{"__proto__":{"input":{}},"constructor":{"input":{"required":{"__proto__":["INT",{"min":null}]}}}}',
  ]
  for (const shape of shapes) {
    const server = await startHostile(t, {
      routes: { 'GET /object_info*': (_, response) => answerJson(response, shape) },
    })
    for (const args of [
      ['txt2img', 'a fox'],
      ['check', 'workflow.json'],
    ]) {
      const run = await attacked(t, [...args, '--server', server.url])
      assert.ok([0, 2, 4, 5].includes(run.exitCode), run.stderr)
      assert.doesNotMatch(run.stderr, /\[internal\]/)
    }
  }
})
