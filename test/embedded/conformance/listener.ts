import { once } from 'node:events'
import { WebSocket } from 'ws'
import type { Gate } from './gate.ts'

/** A frame as it came: text, or bytes. */
export type Frame = string | Buffer

/** One socket of a recording, opened again. */
export class Listener {
  readonly socket: WebSocket
  readonly #gate: Gate
  readonly #isIdle: () => Promise<boolean>
  readonly #frames: Frame[] = []

  private constructor(url: string, gate: Gate, isIdle: () => Promise<boolean>) {
    this.#gate = gate
    this.#isIdle = isIdle
    this.socket = new WebSocket(url)
    this.socket.on('message', (data, isBinary) => {
      this.#frames.push(isBinary ? (data as Buffer) : (data as Buffer).toString('utf8'))
    })
  }

  /** `isIdle` says whether the server has nothing to run. */
  static async open(url: string, gate: Gate, isIdle: () => Promise<boolean>): Promise<Listener> {
    const listener = new Listener(url, gate, isIdle)
    await once(listener.socket, 'open')
    return listener
  }

  /** The next frame. If the run is held and nothing more can come, it is let go on. */
  async next(): Promise<Frame> {
    for (;;) {
      const frame = this.#frames.shift()
      if (frame !== undefined) return frame
      await this.catchUp()
      if (this.#frames.length > 0) continue
      const wasIdle = await this.#isIdle()
      await this.catchUp()
      if (this.#frames.length > 0) continue
      if (this.#gate.isHeld) this.#gate.release()
      else if (wasIdle) throw new Error('no more frames come')
    }
  }

  /** Everything that has arrived and was not asked for. */
  async rest(): Promise<Frame[]> {
    await this.catchUp()
    return this.#frames.splice(0)
  }

  /** A pong comes behind all frames that were sent before it. */
  async catchUp(): Promise<void> {
    if (this.socket.readyState !== WebSocket.OPEN) return
    this.socket.ping()
    await once(this.socket, 'pong')
  }

  async close(): Promise<void> {
    const closed = once(this.socket, 'close')
    this.socket.close()
    await closed
  }

  async drop(): Promise<void> {
    const closed = once(this.socket, 'close')
    this.socket.terminate()
    await closed
  }
}
