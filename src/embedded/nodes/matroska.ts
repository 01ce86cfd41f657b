/** A film of pictures that each stand alone. */
export interface Film {
  readonly width: number
  readonly height: number
  readonly fps: number
  /** Each picture as its codec has it. */
  readonly pictures: readonly Buffer[]
}

/** What a Matroska file is: its kind, and the name of the codec of its pictures. */
export interface MatroskaKind {
  readonly docType: 'webm' | 'matroska'
  /** `V_VP8`, `V_MJPEG`. */
  readonly codec: string
}

/**
 * Writes a film as a Matroska or WebM file (RFC 9559): one cluster for each picture, times in milliseconds. The
 * texts become tags of the whole film, with their names in capitals.
 */
export function matroska(film: Film, kind: MatroskaKind, texts: Readonly<Record<string, string>>): Buffer {
  const header = element(0x1a45dfa3, [
    number(0x4286, 1),
    number(0x42f7, 1),
    number(0x42f2, 4),
    number(0x42f3, 8),
    text(0x4282, kind.docType),
    number(0x4287, 4),
    number(0x4285, 2),
  ])
  const info = element(0x1549a966, [
    // Times count in millions of nanoseconds.
    number(0x2ad7b1, 1_000_000),
    float(0x4489, (film.pictures.length * 1000) / film.fps),
    text(0x4d80, 'comfy-run'),
    text(0x5741, 'comfy-run'),
  ])
  const clusters = film.pictures.map((picture, index) => cluster(picture, (index * 1000) / film.fps))
  const segment = element(0x18538067, [info, tracks(film, kind.codec), tags(texts), ...clusters])
  return Buffer.concat([header, segment])
}

function tracks({ width, height, fps }: Film, codec: string): Buffer {
  const size = element(0xe0, [number(0xb0, width), number(0xba, height)])
  const track = element(0xae, [
    number(0xd7, 1),
    number(0x73c5, 1),
    number(0x83, 1),
    number(0x9c, 0),
    number(0x23e383, Math.round(1e9 / fps)),
    text(0x86, codec),
    size,
  ])
  return element(0x1654ae6b, [track])
}

function tags(texts: Readonly<Record<string, string>>): Buffer {
  const simple = Object.entries(texts).map(([key, value]) =>
    element(0x67c8, [text(0x45a3, key.toUpperCase()), text(0x4487, value)]),
  )
  return element(0x1254c367, [element(0x7373, [element(0x63c0, []), ...simple])])
}

function cluster(picture: Buffer, milliseconds: number): Buffer {
  // Track 1, at the cluster's own time, can be decoded by itself.
  const block = Buffer.concat([Buffer.from([0x81, 0, 0, 0x80]), picture])
  return element(0x1f43b675, [number(0xe7, Math.round(milliseconds)), bytes(0xa3, block)])
}

function element(id: number, parts: readonly Buffer[]): Buffer {
  return bytes(id, Buffer.concat(parts))
}

function text(id: number, value: string): Buffer {
  return bytes(id, Buffer.from(value))
}

function number(id: number, value: number): Buffer {
  const data = Buffer.alloc(8)
  data.writeBigUInt64BE(BigInt(value))
  return bytes(id, data)
}

function float(id: number, value: number): Buffer {
  const data = Buffer.alloc(8)
  data.writeDoubleBE(value)
  return bytes(id, data)
}

/** An element's id, its length in eight bytes, its content. */
function bytes(id: number, content: Buffer): Buffer {
  const digits = id.toString(16)
  const length = Buffer.alloc(8)
  length.writeBigUInt64BE(BigInt(content.length) | (1n << 56n))
  return Buffer.concat([Buffer.from(digits.length % 2 ? `0${digits}` : digits, 'hex'), length, content])
}
