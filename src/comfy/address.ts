import { ComfyRunError } from '../errors.ts'
import { keepSecret } from '../secrets.ts'

/** Where a server is, taken apart so that credentials never travel in a URL. */
export interface ServerAddress {
  /** What messages and events call the server: scheme, host, port and base path, without credentials. */
  readonly name: string
  /** Ends in `/`, so that a base path (a reverse proxy's `/comfy/`) survives joining. */
  readonly base: URL
  /** `Basic ...` made of the URL's `user:pass@`, if it had one. */
  readonly authorization?: string
}

/**
 * Reads what a user may write for a server: `http://host:8188`, `https://host/comfy`, `host:8188`, `host`,
 * `:8188`, `8188`, `[::1]:8188`, `http://user:pass@host`. The default scheme is http, the default port of a bare
 * host 8188. Throws `bad-server-url`.
 */
export function parseServerAddress(text: string): ServerAddress {
  const url = readUrl(text.trim())
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new ComfyRunError(
      'bad-server-url',
      `a server address starts with http:// or https://, not ${url.protocol}//`,
      {
        hint: 'for example --server http://127.0.0.1:8188',
      },
    )
  }
  const authorization = basicAuthorization(url)
  url.username = ''
  url.password = ''
  url.search = ''
  url.hash = ''
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  return { name: url.href.replace(/\/$/, ''), base: url, ...(authorization && { authorization }) }
}

function readUrl(text: string): URL {
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text)
  const bare = /^:?\d+$/.test(text) ? `127.0.0.1:${text.replace(':', '')}` : text
  try {
    const url = new URL(hasScheme ? text : `http://${bare}`)
    // URL hides a port that is the scheme's own, so the text tells whether one was given.
    if (!hasScheme && !/^[^/?#]*:\d+(?:[/?#]|$)/.test(bare)) url.port = '8188'
    return url
  } catch (cause) {
    throw new ComfyRunError('bad-server-url', `"${text}" is not a server address`, {
      cause,
      hint: 'for example --server http://127.0.0.1:8188',
    })
  }
}

function basicAuthorization(url: URL): string | undefined {
  if (url.username === '' && url.password === '') return undefined
  const user = decoded(url.username)
  const password = decoded(url.password)
  const encoded = Buffer.from(`${user}:${password}`).toString('base64')
  keepSecret(password)
  keepSecret(encoded)
  return `Basic ${encoded}`
}

/** A percent sign that encodes nothing stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The URL of a route, e.g. `endpoint(address, 'view', {filename})`. */
export function endpoint(
  address: ServerAddress,
  path: string,
  query: Readonly<Record<string, string>> = {},
): URL {
  const url = new URL(path.replace(/^\//, ''), address.base)
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return url
}

/** The WebSocket's URL for a client id. */
export function socketEndpoint(address: ServerAddress, clientId: string): URL {
  const url = endpoint(address, 'ws', { clientId })
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  return url
}

/** Whether a host is this machine, or its link's own addresses, where clouds keep a machine's credentials. */
export function isOwnMachine({ hostname }: URL): boolean {
  return /^(?:localhost\.?|.*\.localhost\.?|127\..*|0\.0\.0\.0|169\.254\..*|\[::\]|\[::1\]|\[fe[89ab].*|\[::ffff:(?:7f|a9fe).*)$/.test(
    hostname,
  )
}
