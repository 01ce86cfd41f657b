import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { flac } from '../../../src/embedded/nodes/flac.ts'
import { readWav } from '../../../src/embedded/nodes/wav.ts'
import { node } from './helpers.ts'
import { runGraph, serverFolders } from './run-graph.ts'

/** A WAV file of 16-bit samples. */
function wav(samples: Int16Array, channels: number, sampleRate: number): Buffer {
  const head = Buffer.alloc(44)
  head.write('RIFF....WAVEfmt ')
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(channels, 22)
  head.writeUInt32LE(sampleRate, 24)
  head.writeUInt16LE(16, 34)
  head.write('data', 36)
  head.writeUInt32LE(samples.length * 2, 40)
  return Buffer.concat([head, Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)])
}

test('a WAV file is read; other kinds of samples are not', () => {
  const samples = Int16Array.of(1, -2, 300, -32768)
  const bytes = wav(samples, 2, 8000)
  assert.deepEqual(readWav(bytes), { kind: 'audio', sampleRate: 8000, channels: 2, samples })
  const floats = Buffer.from(bytes)
  floats.writeUInt16LE(3, 20)
  assert.equal(readWav(floats), undefined)
  assert.equal(readWav(Buffer.from('no sound')), undefined)
})

test('FLAC: head, checksums of the standard, silence small and sound as it is', () => {
  const samples = Int16Array.from({ length: 5000 }, (_, index) => (index < 4096 ? 0 : index - 4500))
  const bytes = flac({ kind: 'audio', sampleRate: 44100, channels: 1, samples }, { prompt: '{}' })
  assert.equal(bytes.toString('latin1', 0, 4), 'fLaC')
  const packed = bytes.readBigUInt64BE(8 + 10)
  assert.deepEqual(
    [packed >> 44n, (packed >> 41n) & 7n, (packed >> 36n) & 31n, packed & 0xfffffffffn],
    [44100n, 0n, 15n, 5000n],
  )
  const sound = Buffer.from(samples.buffer)
  assert.ok(bytes.subarray(26, 42).equals(createHash('md5').update(sound).digest()))
  assert.ok(bytes.includes('prompt={}'))
  // Two frames: one of 4096 equal samples (header 8 bytes, subframe 3, checksum 2), one of 904 samples.
  const silence = bytes.length - (8 + 1 + 904 * 2 + 2) - 13
  assert.equal(bytes.toString('hex', silence, silence + 13), 'fff87008000fff2a000000fa50')
  assert.equal(bytes.readInt16BE(bytes.length - 4), 499)
})

test('EmptyAudio, SaveAudio and PreviewAudio', async (t) => {
  const folders = await serverFolders(t)
  const run = await runGraph(
    {
      a: node('EmptyAudio', { duration: 0.5, sample_rate: 8000, channels: 2 }),
      s: node('SaveAudio', { audio: ['a', 0], filename_prefix: 'audio/x' }),
      p: node('PreviewAudio', { audio: ['a', 0] }),
    },
    folders,
  )
  assert.deepEqual(run.results.get('s')?.ui, {
    audio: [{ filename: 'x_00001.flac', subfolder: 'audio', type: 'output' }],
  })
  assert.match(
    JSON.stringify(run.results.get('p')?.ui),
    /"ComfyUI_temp_[a-z]{5}_00001\.flac","subfolder":"","type":"temp"/,
  )
  const bytes = await readFile(join(folders.output, 'audio', 'x_00001.flac'))
  assert.equal(bytes.readBigUInt64BE(18) & 0xfffffffffn, 4000n)
})

test('LoadAudio says what it cannot read', async (t) => {
  const folders = await serverFolders(t)
  await writeFile(join(folders.input, 'a.mp3'), 'ID3')
  await writeFile(join(folders.input, 'a.wav'), wav(Int16Array.of(5, 6), 1, 8000))
  await assert.rejects(
    runGraph({ a: node('LoadAudio', { audio: 'a.mp3' }) }, folders),
    /cannot read a\.mp3: only WAV/,
  )
  const run = await runGraph({ a: node('LoadAudio', { audio: 'a.wav' }) }, folders)
  assert.deepEqual(run.results.get('a')?.outputs, [
    { kind: 'audio', sampleRate: 8000, channels: 1, samples: Int16Array.of(5, 6) },
  ])
})
