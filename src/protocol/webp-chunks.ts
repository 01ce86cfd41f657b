/** A chunk of a WebP file. */
export interface WebpChunk {
  readonly type: string
  readonly data: Buffer
}

/** The chunks of a WebP in order; the last one may be cut short. */
export function* webpChunks(webp: Buffer): Generator<WebpChunk> {
  for (let at = 12; at + 8 <= webp.length;) {
    const length = webp.readUInt32LE(at + 4)
    yield { type: webp.toString('latin1', at, at + 4), data: webp.subarray(at + 8, at + 8 + length) }
    // Chunks begin at even positions.
    at += 8 + length + (length % 2)
  }
}
