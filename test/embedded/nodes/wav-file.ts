/** A WAV file of 16-bit samples. */
export function wav(samples: Int16Array, channels: number, sampleRate: number): Buffer {
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
