import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { node } from './helpers.ts'
import { runGraph, serverFolders } from './run-graph.ts'
import { wav } from './wav-file.ts'

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
