import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { flac } from '../../../src/embedded/nodes/flac.ts'

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
