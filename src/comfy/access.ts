import { readFileSync } from 'node:fs'
import type { Agent as HttpAgent } from 'node:http'
import { getProxyForUrl } from 'proxy-from-env'
import { Agent, ProxyAgent, type Dispatcher } from 'undici'
import { ComfyRunError } from '../errors.ts'
import { keepSecret } from '../secrets.ts'
import { parseServerAddress, type ServerAddress } from './address.ts'

/** How to reach a server; every part applies to HTTP and to the WebSocket alike. */
export interface AccessOptions {
  /** See `parseServerAddress` for the forms. */
  readonly url: string
  /** Extra headers, e.g. of an authenticating proxy. Values count as secrets. */
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as `Authorization: Bearer ...`. */
  readonly token?: string
  /** A PEM file of certificate authorities to trust besides the system's. */
  readonly ca?: string
  /** Accept any certificate. */
  readonly insecure?: boolean
  /**
   * Seconds that the server may be silent: before an answer begins, and within it. Answers that are no files must be
   * whole after five times as long. Default 120: a busy server (a model loading, Python's lock held) answers late.
   */
  readonly answerTimeout?: number
}

/** An opened way to a server. */
export interface Access {
  readonly address: ServerAddress
  readonly headers: Readonly<Record<string, string>>
  /** For undici: one keep-alive pool, through the proxies that HTTP_PROXY, HTTPS_PROXY and NO_PROXY name. */
  readonly dispatcher: Dispatcher
  /** The same for files: however many are on their way, and however slowly they come, a prompt can be posted. */
  readonly fileDispatcher: Dispatcher
  readonly tls: { readonly ca?: string; readonly rejectUnauthorized?: boolean }
  /** Milliseconds that the server may be silent. */
  readonly silence: number
}

/** Connections at most for requests, and for files. */
const connections = { requests: 8, files: 4 }
/**
 * For so long a connection may be idle, in milliseconds, if the server does not say that it is to be less (`Keep-Alive`).
 * ComfyUI closes it after 75 seconds or an hour, by the version of aiohttp, and many a proxy after 60 seconds. With undici's
 * own 4 seconds each longer job would end with new connections, of several ways to the server and back.
 */
const longestIdle = 50_000

/** Opens a way to a server; nothing is sent yet. Throws `bad-server-url`, `file-not-found`. */
export function openAccess(options: AccessOptions): Access {
  const address = parseServerAddress(options.url)
  const tls = {
    ...(options.ca !== undefined && { ca: readCertificates(options.ca) }),
    ...(options.insecure && { rejectUnauthorized: false }),
  }
  const headers: Record<string, string> = {}
  if (address.authorization) headers.authorization = address.authorization
  if (options.token) headers.authorization = `Bearer ${options.token}`
  for (const [name, value] of Object.entries(options.headers ?? {})) headers[name.toLowerCase()] = value
  for (const value of Object.values(headers)) keepSecret(value.replace(/^(?:Bearer|Basic) /, ''))
  const silence = (options.answerTimeout ?? 120) * 1000
  const proxy = proxyFor(address.base)
  const open = (most: number): Dispatcher => {
    const pool = {
      connections: most,
      headersTimeout: silence,
      bodyTimeout: silence,
      keepAliveTimeout: longestIdle,
    }
    return proxy
      ? new ProxyAgent({ ...pool, uri: proxy, requestTls: tls })
      : new Agent({ ...pool, connect: { timeout: 10_000, ...tls } })
  }
  const dispatcher = open(connections.requests)
  return { address, headers, dispatcher, fileDispatcher: open(connections.files), tls, silence }
}

/** Ends all its connections, and what is on its way over them. */
export async function closeAccess({ dispatcher, fileDispatcher }: Access): Promise<void> {
  await Promise.all([dispatcher.destroy(), fileDispatcher.destroy()])
}

function readCertificates(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new ComfyRunError('file-not-found', `the certificate file ${file} can't be read`, { cause })
  }
}

/** The agent that takes a WebSocket through a proxy, or undefined if none is to be used. */
export async function socketProxyAgent(url: URL, tls: Access['tls']): Promise<HttpAgent | undefined> {
  // The environment has no variables for ws: and wss: of their own.
  const proxy = proxyFor(new URL(url.href.replace(/^ws/, 'http')))
  if (!proxy) return undefined
  const { HttpsProxyAgent } = await import('https-proxy-agent')
  return new HttpsProxyAgent(proxy, { ...tls })
}

/** The proxy that the environment names for a URL. This machine's own servers are never asked for through one. */
function proxyFor(url: URL): string {
  const isLoopback = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)
  return isLoopback ? '' : getProxyForUrl(url.href)
}
