import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'

/**
 * Whether a request is not to be answered: it comes for a page from elsewhere, or over this machine's own loopback
 * interface under a name that is not the machine's own. The latter is how a page gets at a server that it may not ask:
 * its own name is made to mean 127.0.0.1 (DNS rebinding). ComfyUI does not look at that.
 */
export function isRefused({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>): boolean {
  const [hostName] = split(headers.host ?? 'localhost')
  return isForeign(headers) || (isLoopbackAddress(socket.localAddress) && !isLoopback(hostName))
}

/**
 * Whether a browser sends this request for a page from elsewhere. Only headers that browsers set are looked at,
 * and only if the server is addressed by a loopback name; other clients send none of them.
 */
export function isForeign(headers: IncomingHttpHeaders): boolean {
  if (headers['sec-fetch-site'] === 'cross-site') return true
  const { host, origin } = headers
  if (host === undefined || origin === undefined) return false
  const [hostName, hostPort] = split(host)
  if (!isLoopback(hostName)) return false
  const [name, port] = split(/^[^:]+:\/\/([^/]*)/.exec(origin)?.[1] ?? '')
  if (name === '') return false
  return name !== hostName || (port !== '' && hostPort !== '' && port !== hostPort)
}

function split(host: string): [name: string, port: string] {
  const [, name = '', port = ''] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(host.toLowerCase()) ?? []
  return [name, port]
}

function isLoopback(name: string): boolean {
  return name === 'localhost' || name === '[::1]' || /^127(?:\.\d+){3}$/.test(name)
}

/** Node tells an IPv4 address on a socket for both as `::ffff:127.0.0.1`. */
function isLoopbackAddress(address = ''): boolean {
  return address === '::1' || /^(?:::ffff:)?127\./.test(address)
}
