// Puts a server far away: what goes through takes so many milliseconds each way, and so does the making of a connection.
// `node --import tsx bench/rig/delay-proxy.ts URL MILLISECONDS`: the first line of stdout has the URL for what is far away.
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

const [target = '', way = '0'] = process.argv.slice(2)
const { hostname, port } = new URL(target)

const server = createServer((client) => {
  const upstream = connect(Number(port), hostname)
  // A connection is made in one way there and one back; here it was made at once.
  const made = performance.now() + 2 * Number(way)
  passOn(client, upstream, made)
  passOn(upstream, client, 0)
})

/** Passes on what comes, in its order, and the end. Nothing of it sets out before `earliest`. */
function passOn(from: Socket, to: Socket, earliest: number): void {
  const later = (then: () => void): void => {
    setTimeout(then, Math.max(0, earliest - performance.now()) + Number(way))
  }
  from.setNoDelay()
  from.on('data', (chunk) => later(() => to.write(chunk)))
  from.on('close', () => later(() => to.destroy()))
  from.on('error', () => {})
}

server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
