import type { Film } from './matroska.ts'

/** Times in the file count in thousandths of a second, those of the pictures in their own unit. */
const movieScale = 1000
const trackScale = 90_000

/** Writes a film of JPEG pictures as an MP4 file (ISO 14496-12 and -14). */
export function mp4(film: Film): Buffer {
  const type = box('ftyp', ascii('isom'), u32(0x200), ascii('isomiso2mp41'))
  // The table of places is as long whatever is in it, so that the head can be measured first.
  const head = type.length + movie(film, 0).length + 8
  return Buffer.concat([type, movie(film, head), box('mdat', ...film.pictures)])
}

function movie(film: Film, dataStart: number): Buffer {
  const duration = Math.round((film.pictures.length * movieScale) / film.fps)
  const header = fullBox(
    'mvhd',
    0,
    u32(0, 0, movieScale, duration, 0x10000),
    u16(0x100, 0),
    u32(0, 0),
    matrix,
    u32(0, 0, 0, 0, 0, 0, 2),
  )
  return box('moov', header, track(film, duration, dataStart))
}

const matrix = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)

function track(film: Film, duration: number, dataStart: number): Buffer {
  const { width, height, fps, pictures } = film
  const size = u32(width * 0x10000, height * 0x10000)
  // Enabled, in the movie, in previews.
  const header = fullBox('tkhd', 7, u32(0, 0, 1, 0, duration, 0, 0), u16(0, 0, 0, 0), matrix, size)
  const length = Math.round((pictures.length * trackScale) / fps)
  const mediaHeader = fullBox('mdhd', 0, u32(0, 0, trackScale, length), u16(0x55c4, 0))
  const handler = fullBox('hdlr', 0, u32(0), ascii('vide'), u32(0, 0, 0), ascii('video\0'))
  const references = box('dinf', fullBox('dref', 0, u32(1), fullBox('url ', 1)))
  const information = box(
    'minf',
    fullBox('vmhd', 1, u16(0, 0, 0, 0)),
    references,
    sampleTable(film, dataStart),
  )
  return box('trak', header, box('mdia', mediaHeader, handler, information))
}

function sampleTable({ width, height, fps, pictures }: Film, dataStart: number): Buffer {
  const name = Buffer.alloc(32)
  const entry = box(
    'mp4v',
    Buffer.alloc(6),
    u16(1, 0, 0, 0, 0, 0, 0, 0, 0, width, height),
    // 72 dots per inch each way; one picture in a sample.
    u32(0x480000, 0x480000, 0),
    u16(1),
    name,
    u16(24, 0xffff),
    decoderDescription(),
  )
  const places: number[] = []
  let place = dataStart
  for (const picture of pictures) {
    places.push(place)
    place += picture.length
  }
  return box(
    'stbl',
    fullBox('stsd', 0, u32(1), entry),
    fullBox('stts', 0, u32(1, pictures.length, Math.round(trackScale / fps))),
    fullBox('stsc', 0, u32(1, 1, 1, 1)),
    fullBox('stsz', 0, u32(0, pictures.length, ...pictures.map(({ length }) => length))),
    fullBox('stco', 0, u32(pictures.length, ...places)),
  )
}

/** Says that the pictures are JPEG: object type 0x6c, a visual stream. */
function decoderDescription(): Buffer {
  const decoder = descriptor(4, Buffer.from([0x6c, 0x11, 0, 0, 0]), u32(0, 0))
  const synchronisation = descriptor(6, Buffer.from([2]))
  return fullBox('esds', 0, descriptor(3, u16(1), Buffer.from([0]), decoder, synchronisation))
}

function descriptor(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  return Buffer.concat([Buffer.from([tag, content.length]), content])
}

function box(type: string, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  return Buffer.concat([u32(content.length + 8), ascii(type), content])
}

function fullBox(type: string, flags: number, ...parts: readonly Buffer[]): Buffer {
  return box(type, u32(flags), ...parts)
}

function ascii(text: string): Buffer {
  return Buffer.from(text, 'latin1')
}

function u32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, index * 4)
  return bytes
}

function u16(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2)
  for (const [index, value] of values.entries()) bytes.writeUInt16BE(value, index * 2)
  return bytes
}
