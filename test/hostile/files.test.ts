import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { pngChunk, pngSignature } from '../../src/protocol/png-chunks.ts'
import { assertExit } from '../rig/rig.ts'
import { assertRefused, filesOf, txt2img, type Attacked } from './rig/attack.ts'
import { pour, startHostile, type Handler } from './rig/hostile-server.ts'

const gigabyte = 2 ** 30
const piece = Buffer.alloc(1 << 20)

/** Runs against a server whose `/view` is answered so; nothing may be left in the folder. */
async function viewing(t: TestContext, handler: Handler, args: readonly string[] = []): Promise<Attacked> {
  const server = await startHostile(t, { routes: { 'GET /view': handler } })
  const run = await txt2img(t, server, ['--retries', '0', ...args])
  assert.deepEqual(filesOf(t), [])
  return run
}

function bytes(content: Buffer | string): Handler {
  return (_, response) => void response.writeHead(200, { 'content-type': 'image/png' }).end(content)
}

/** A PNG whose header tells this, and whose pixels are all 0. */
function png(
  width: number,
  height: number,
  { depth = 1, colour = 0, interlace = 0, data = Buffer.alloc(0) } = {},
): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([depth, colour, 0, 0, interlace], 8)
  return Buffer.concat([
    pngSignature,
    pngChunk('IHDR', header),
    pngChunk('IDAT', data),
    pngChunk('IEND', Buffer.alloc(0)),
  ])
}

test('an image that is announced to have 2 GB', { timeout: 120_000 }, async (t) => {
  let sent = 0
  const run = await viewing(t, async (_, response) => {
    response.writeHead(200, { 'content-length': String(2 * gigabyte) })
    sent = await pour(response, piece, 2 * gigabyte)
  })
  assertRefused(run, 1, 'file-too-large')
  assert.match(run.stderr, /larger than 1 GB/)
  assert.ok(sent < gigabyte / 4, `${sent} bytes`)
})

test('an image without end and without a length', { timeout: 120_000 }, async (t) => {
  const run = await viewing(t, async (_, response) => void (await pour(response, piece)), [
    '--max-file-size',
    '50M',
  ])
  assertRefused(run, 1, 'file-too-large')
})

test('many files that are too large together', { timeout: 60_000 }, async (t) => {
  const images = Array.from({ length: 20 }, (_, index) => ({ filename: `${index}.png` }))
  const server = await startHostile(t, { outputs: { 9: { images } } })
  const run = await txt2img(t, server, ['--max-file-size', '100'])
  assertRefused(run, 1, 'file-too-large')
  assert.ok(filesOf(t).length < 15)
})

test('a PNG of 50,000 x 50,000 pixels in a few kilobytes', { timeout: 60_000 }, async (t) => {
  const data = deflateSync(Buffer.alloc((50_000 / 8 + 1) * 50_000))
  assertRefused(await viewing(t, bytes(png(50_000, 50_000, { data }))), 1, 'damaged-file')
})

test('an interlaced PNG that must be decoded whole', { timeout: 60_000 }, async (t) => {
  const bomb = png(20_000, 20_000, {
    depth: 16,
    colour: 6,
    interlace: 1,
    data: deflateSync(Buffer.alloc(2 ** 26)),
  })
  assertRefused(await viewing(t, bytes(bomb)), 1, 'damaged-file')
})

test('a PNG whose texts unpack to gigabytes', { timeout: 60_000 }, async (t) => {
  const text = deflateSync(Buffer.alloc(500 * 2 ** 20, 'a'))
  const chunks = ['zTXt', 'zTXt', 'zTXt', 'zTXt'].map((type) =>
    pngChunk(type, Buffer.concat([Buffer.from('prompt\0\0'), text])),
  )
  const whole = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
    .png()
    .toBuffer()
  const bomb = Buffer.concat([whole.subarray(0, 33), ...chunks, whole.subarray(33)])
  const server = await startHostile(t, { routes: { 'GET /view': bytes(bomb) } })
  const run = await txt2img(t, server, ['--retries', '0'])
  // The image itself is whole, and the texts are not needed.
  assert.ok(run.exitCode === 0 || run.exitCode === 1, run.stderr)
  assert.ok(run.peakMegabytes < 250, `${run.peakMegabytes} MB`)
})

test('an SVG, HTML or text that pretends to be a PNG', { timeout: 60_000 }, async (t) => {
  for (const content of [
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/passwd"/></svg>',
    '<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><svg>&b;</svg>',
    '<!-- --><svg/>',
    '<!DOCTYPE html><script>alert(1)</script>',
    '#!/bin/sh\nrm -rf ~\n',
    '%PDF-1.4',
    '',
  ]) {
    assertRefused(await viewing(t, bytes(content)), 1, 'damaged-file')
  }
})

test('a Content-Length that is wrong', { timeout: 60_000 }, async (t) => {
  for (const length of ['1000', '10', '-1', '1e3', '99999999999999999999']) {
    const run = await viewing(t, ({ socket }) => {
      socket.end(`HTTP/1.1 200 OK\r\ncontent-length: ${length}\r\n\r\n${'x'.repeat(94)}`)
    })
    assert.ok(run.exitCode === 1 || run.exitCode === 4, run.stderr)
    assert.doesNotMatch(run.stderr, /\[internal\]/)
  }
})

test('headers that do not fit the file', async (t) => {
  const server = await startHostile(t, {
    routes: {
      'GET /view': async (_, response) => {
        const image = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
          .png()
          .toBuffer()
        response.writeHead(200, {
          'content-type': 'text/html',
          'content-disposition': 'attachment; filename="../../x.sh"',
        })
        response.end(image)
      },
    },
  })
  assertExit(await txt2img(t, server, ['--name', 'fox']), 0)
  assert.deepEqual(filesOf(t), ['out/fox.png'])
})
