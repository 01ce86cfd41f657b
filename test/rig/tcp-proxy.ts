import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import type { TestContext } from 'node:test'

/** A proxy between a client and a server that breaks connections when it is told to. */
export interface TcpProxy {
  readonly url: string
  /** Cuts every WebSocket that is open, without a close frame. Returns how many there were. */
  cutSockets(): number
  /** Cuts the next downloads after so many bytes each. */
  cutDownloads(times: number, afterBytes: number): void
  /** How many downloads were cut so far. */
  readonly downloadsCut: number
}

/** Starts a proxy for one test. */
export async function startTcpProxy(t: TestContext, target: string): Promise<TcpProxy> {
  const { hostname, port } = new URL(target)
  const all = new Set<Socket>()
  const webSockets = new Set<Socket>()
  const downloads = { left: 0, after: 0, cut: 0 }
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname)
    /** Bytes of the download under way that still pass; undefined if none is to be cut. */
    let passing: number | undefined
    const cut = (): void => {
      client.destroy()
      upstream.destroy()
    }
    for (const socket of [client, upstream]) {
      all.add(socket)
      socket.on('error', cut)
      socket.on('close', () => {
        all.delete(socket)
        webSockets.delete(client)
        cut()
      })
    }
    client.on('data', (chunk) => {
      const request = chunk.toString('latin1')
      if (/^GET [^ ]*\/ws[?/ ]/.test(request)) webSockets.add(client)
      passing = undefined
      if (downloads.left > 0 && /^GET [^ ]*\/view\?/.test(request)) {
        downloads.left -= 1
        passing = downloads.after
      }
      upstream.write(chunk)
    })
    upstream.on('data', (chunk) => {
      if (passing === undefined || chunk.length < passing) {
        client.write(chunk)
        if (passing !== undefined) passing -= chunk.length
        return
      }
      client.end(chunk.subarray(0, passing), cut)
      downloads.cut += 1
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    for (const socket of all) socket.destroy()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cutSockets() {
      const open = [...webSockets]
      for (const socket of open) socket.destroy()
      return open.length
    },
    cutDownloads(times, afterBytes) {
      downloads.left = times
      downloads.after = afterBytes
    },
    get downloadsCut() {
      return downloads.cut
    },
  }
}
