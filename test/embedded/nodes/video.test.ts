import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import sharp from 'sharp'
import { mp4 } from '../../../src/embedded/nodes/mp4.ts'
import { node } from './helpers.ts'
import { runGraph, serverFolders } from './run-graph.ts'

const film = {
  a: node('EmptyImage', { width: 32, height: 16, batch_size: 3, color: 0xff0000 }),
  v: node('CreateVideo', { images: ['a', 0], fps: 24 }),
}

function save(format: string) {
  return node('SaveVideo', { video: ['v', 0], filename_prefix: 'video/f', format })
}

/** The boxes of an MP4 file, those that hold boxes opened: path and content. */
function* boxes(bytes: Buffer, path = ''): Generator<readonly [string, Buffer]> {
  for (let at = 0; at + 8 <= bytes.length;) {
    const size = bytes.readUInt32BE(at)
    const name = `${path}/${bytes.toString('latin1', at + 4, at + 8)}`
    const content = bytes.subarray(at + 8, at + size)
    yield [name, content]
    if (/(?:moov|trak|mdia|minf|stbl)$/.test(name)) yield* boxes(content, name)
    at += size
  }
}

test('an MP4 leads to each of its pictures', () => {
  const pictures = ['first', '2nd', 'third!'].map((text) => Buffer.from(text))
  const bytes = mp4({ width: 32, height: 16, fps: 24, pictures })
  const found = new Map(boxes(bytes))
  const table = '/moov/trak/mdia/minf/stbl'
  const [sizes, places] = [found.get(`${table}/stsz`), found.get(`${table}/stco`)]
  assert.ok(sizes && places)
  const read = [0, 1, 2].map((index) => {
    const start = places.readUInt32BE(8 + index * 4)
    return bytes.toString('latin1', start, start + sizes.readUInt32BE(12 + index * 4))
  })
  assert.deepEqual(read, ['first', '2nd', 'third!'])
  // Time between two pictures, in units of the track; the whole in thousandths.
  assert.equal(found.get(`${table}/stts`)?.readUInt32BE(12), 3750)
  assert.equal(found.get('/moov/mvhd')?.readUInt32BE(16), 125)
})

test('SaveVideo: MP4 of its own accord, Matroska and WebM when asked', async (t) => {
  const folders = await serverFolders(t)
  const run = await runGraph({ ...film, s: save('auto'), mkv: save('mkv'), webm: save('webm') }, folders)
  assert.deepEqual(run.results.get('s')?.ui, {
    images: [{ filename: 'f_00001_.mp4', subfolder: 'video', type: 'output' }],
    animated: [true],
  })
  const file = async (name: string): Promise<Buffer> => readFile(join(folders.output, 'video', name))
  const found = new Map(boxes(await file('f_00001_.mp4')))
  const [first, size] = ['stco', 'stsz'].map((name) =>
    found.get(`/moov/trak/mdia/minf/stbl/${name}`)?.readUInt32BE(name === 'stco' ? 8 : 12),
  )
  const jpeg = (await file('f_00001_.mp4')).subarray(first, (first ?? 0) + (size ?? 0))
  const { format, width } = await sharp(jpeg).metadata()
  assert.deepEqual([format, width], ['jpeg', 32])
  const [mkv, webm] = [await file('f_00002_.mkv'), await file('f_00003_.webm')]
  assert.ok(mkv.includes('matroska') && mkv.includes('V_MJPEG'))
  assert.ok(webm.includes('webm') && webm.includes('V_VP8') && webm.includes('PROMPT'))
})

test('SaveWEBM: a key frame of VP8 for each image', async (t) => {
  const folders = await serverFolders(t)
  const s = node('SaveWEBM', { images: ['a', 0], filename_prefix: 'w', codec: 'vp9', fps: 24, crf: 32 })
  const run = await runGraph({ a: film.a, s }, folders)
  assert.deepEqual(run.results.get('s')?.ui, {
    images: [{ filename: 'w_00001_.webm', subfolder: '', type: 'output' }],
    animated: [true],
  })
  const bytes = await readFile(join(folders.output, 'w_00001_.webm'))
  // VP8's start code, which only key frames have, each after the head of a block and three more bytes.
  const starts = [...bytes.toString('hex').matchAll(/81000080.{6}9d012a/g)]
  assert.equal(starts.length, 3)
})

test('a loaded film is copied; it is not turned into another kind', async (t) => {
  const folders = await serverFolders(t)
  await writeFile(join(folders.input, 'in.webm'), 'bytes')
  const v = node('LoadVideo', { file: 'in.webm' })
  await runGraph({ v, s: save('auto') }, folders)
  assert.equal(await readFile(join(folders.output, 'video', 'f_00001_.webm'), 'utf8'), 'bytes')
  await assert.rejects(runGraph({ v, s: save('mp4') }, folders), /cannot make mp4 from webm/)
})

test('a made film is taken apart again, a loaded one is not', async (t) => {
  const folders = await serverFolders(t)
  const parts = node('GetVideoComponents', { video: ['v', 0] })
  const shown = node('PreviewAny', { source: ['parts', 2] })
  const run = await runGraph({ ...film, parts, shown }, folders)
  assert.equal(run.results.get('parts')?.outputs[0], run.results.get('a')?.outputs[0])
  assert.equal(run.results.get('parts')?.outputs[1], null)
  assert.deepEqual(run.results.get('shown')?.ui, { text: ['24.0'] })
  await writeFile(join(folders.input, 'in.mp4'), 'bytes')
  await assert.rejects(
    runGraph({ v: node('LoadVideo', { file: 'in.mp4' }), parts }, folders),
    /cannot take a film file apart/,
  )
})
