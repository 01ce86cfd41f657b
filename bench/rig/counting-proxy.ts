import { connect, createServer, type AddressInfo } from 'node:net'
import { JsonCounter } from './json-counter.ts'

/** What went through a proxy. */
export interface Traffic {
  readonly requests: Map<string, number>
  bytesUp: number
  bytesDown: number
  /** Bytes of JSON that came down: in bodies, and as text on sockets. */
  json: number
}

export interface CountingProxy {
  readonly url: string
  readonly traffic: Traffic
}

/** A TCP proxy before a server that counts requests by method and first part of the path, and bytes both ways. */
export async function startCountingProxy(target: string): Promise<CountingProxy> {
  const { hostname, port } = new URL(target)
  const traffic: Traffic = { requests: new Map(), bytesUp: 0, bytesDown: 0, json: 0 }
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname)
    const counter = new JsonCounter()
    client.on('data', (chunk) => {
      traffic.bytesUp += chunk.length
      for (const [, route = ''] of chunk
        .toString('latin1')
        .matchAll(/(?:^|\n)((?:GET|POST) \/[\w.]*)[^\n]* HTTP\/1\.1\r/g)) {
        traffic.requests.set(route, (traffic.requests.get(route) ?? 0) + 1)
      }
    })
    upstream.on('data', (chunk) => {
      traffic.bytesDown += chunk.length
      traffic.json += counter.take(chunk)
    })
    client.pipe(upstream).pipe(client)
    for (const socket of [client, upstream]) {
      socket.on('error', () => {
        client.destroy()
        upstream.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  server.unref()
  const { port: own } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${own}`, traffic }
}
