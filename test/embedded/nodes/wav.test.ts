import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readWav } from '../../../src/embedded/nodes/wav.ts'
import { wav } from './wav-file.ts'

test('a WAV file is read; other kinds of samples are not', () => {
  const samples = Int16Array.of(1, -2, 300, -32768)
  const bytes = wav(samples, 2, 8000)
  assert.deepEqual(readWav(bytes), { kind: 'audio', sampleRate: 8000, channels: 2, samples })
  const floats = Buffer.from(bytes)
  floats.writeUInt16LE(3, 20)
  assert.equal(readWav(floats), undefined)
  assert.equal(readWav(Buffer.from('no sound')), undefined)
})
