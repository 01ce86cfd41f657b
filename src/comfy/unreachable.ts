import { ComfyRunError, messageOf } from '../errors.ts'

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the host name could not be looked up',
  EHOSTUNREACH: 'the host is unreachable',
  ENETUNREACH: 'the network is unreachable',
  ETIMEDOUT: 'the connection timed out',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  UND_ERR_CONNECT_TIMEOUT: 'the connection timed out',
  UND_ERR_HEADERS_TIMEOUT: 'it did not answer in time',
  UND_ERR_BODY_TIMEOUT: 'it stopped sending in the middle of an answer',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate chain is self-signed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate could not be verified',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the issuer of its certificate is unknown',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
}

const certificateCodes = /CERT|SIGNATURE|ERR_TLS/

/** The error for a server that can't be talked to, from whatever the network layer threw. */
export function unreachable(server: string, thrown: unknown): ComfyRunError {
  const code = errorCode(thrown)
  const reason = (code !== undefined && reasons[code]) || messageOf(thrown)
  const hint =
    code !== undefined && certificateCodes.test(code)
      ? 'name its authority with --ca FILE, or accept any certificate with --insecure'
      : 'start ComfyUI or name another with --server; without one, --server embedded rehearses the run'
  return new ComfyRunError('server-unreachable', `no ComfyUI at ${server}: ${reason}`, {
    cause: thrown,
    hint,
  })
}

/** The system's code of a network error; several attempts (IPv6, then IPv4) come as one AggregateError. */
function errorCode(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error)) return undefined
  if ('code' in thrown && typeof thrown.code === 'string') return thrown.code
  if (thrown instanceof AggregateError) return thrown.errors.map(errorCode).find((code) => code !== undefined)
  return errorCode(thrown.cause)
}

/** Whether an error means that the server could not be talked to, as opposed to an answer we did not like. */
export function isUnreachable(thrown: unknown): boolean {
  return thrown instanceof ComfyRunError && thrown.code === 'server-unreachable'
}

/** The connection was never made: nothing of the request has reached the server. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** Whether a failed request surely did nothing on the server. */
export function wasNeverSent(error: ComfyRunError): boolean {
  const code = errorCode(error.cause) ?? ''
  return neverSent.has(code) || certificateCodes.test(code)
}
