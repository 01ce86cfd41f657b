import type { IncomingHttpHeaders } from 'node:http'

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
