/** What the bytes that come next belong to. */
type Part = 'head' | 'body' | 'chunk-size' | 'chunk-end' | 'frame'

const headEnd = Buffer.from('\r\n\r\n')
const lineEnd = Buffer.from('\r\n')

/** Counts the JSON in what a server sends on one connection: answers of HTTP one after the other, or a WebSocket. */
export class JsonCounter {
  #rest: Buffer = Buffer.alloc(0)
  #part: Part = 'head'
  /** Of a body, chunk or frame. */
  #left = 0
  #isJson = false
  #isChunked = false
  #json = 0

  /** Takes what came; how many bytes of JSON that were. */
  take(chunk: Buffer): number {
    this.#json = 0
    this.#rest = Buffer.concat([this.#rest, chunk])
    while (this.#step());
    return this.#json
  }

  /** False if it takes more bytes to go on. */
  #step(): boolean {
    if (this.#left > 0) return this.#content()
    if (this.#part === 'head') return this.#head()
    if (this.#part === 'frame') return this.#frame()
    const line = this.#until(lineEnd)
    if (line === undefined) return false
    if (this.#part === 'chunk-end') this.#part = 'chunk-size'
    else if (this.#part === 'chunk-size') {
      this.#left = Number.parseInt(line, 16)
      // After the last chunk an empty line follows, which the next head begins with.
      this.#part = this.#left > 0 ? 'chunk-end' : 'head'
    }
    return true
  }

  #content(): boolean {
    const length = Math.min(this.#left, this.#rest.length)
    if (this.#isJson) this.#json += length
    this.#left -= length
    this.#rest = this.#rest.subarray(length)
    if (this.#left === 0 && this.#part === 'body') this.#part = 'head'
    return this.#left === 0
  }

  #head(): boolean {
    const head = this.#until(headEnd)
    if (head === undefined) return false
    if (/^\s*HTTP\/1\.1 101 /.test(head)) {
      this.#part = 'frame'
      return true
    }
    this.#isJson = /^content-type: *application\/json/im.test(head)
    this.#isChunked = /^transfer-encoding: *chunked/im.test(head)
    this.#left = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0)
    this.#part = this.#isChunked ? 'chunk-size' : this.#left > 0 ? 'body' : 'head'
    return true
  }

  /** Servers send frames without a mask. */
  #frame(): boolean {
    const [first = 0, short = 0] = this.#rest
    const headLength = short === 126 ? 4 : short === 127 ? 10 : 2
    if (this.#rest.length < headLength) return false
    this.#left =
      short === 126
        ? this.#rest.readUInt16BE(2)
        : short === 127
          ? Number(this.#rest.readBigUInt64BE(2))
          : short
    this.#isJson = (first & 15) === 1
    this.#rest = this.#rest.subarray(headLength)
    return true
  }

  /** The text before an end, which goes too. */
  #until(end: Buffer): string | undefined {
    const at = this.#rest.indexOf(end)
    if (at < 0) return undefined
    const text = this.#rest.toString('latin1', 0, at)
    this.#rest = this.#rest.subarray(at + end.length)
    return text
  }
}
