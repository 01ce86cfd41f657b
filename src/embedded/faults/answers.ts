import { text, type Answer } from '../answer.ts'

/** What a reverse proxy says when it can't reach its server: a page, where JSON is expected. */
export function gatewayError(status: 502 | 503 | 504): Answer {
  const reason = { 502: 'Bad Gateway', 503: 'Service Temporarily Unavailable', 504: 'Gateway Time-out' }[
    status
  ]
  return page(status, `${status} ${reason}`)
}

/** An HTML page. */
export function page(status: number, title: string): Answer {
  const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body><h1>${title}</h1></body>\r\n</html>\r\n`
  return { status, headers: { 'content-type': 'text/html' }, body }
}

/** Too many requests: come back in so many milliseconds. Whole seconds go over the wire. */
export function tooMany(milliseconds: number): Answer {
  return text(429, 'Too Many Requests', { 'retry-after': String(Math.ceil(milliseconds / 1000)) })
}

/** A body that is larger than the server takes. */
export const tooLarge: Answer = text(413, 'Maximum request body size 1048576 exceeded.', {
  connection: 'close',
})

/** What an aiohttp route that does not exist answers to a POST. */
export const notAllowed: Answer = text(405, '405: Method Not Allowed', { allow: 'GET,HEAD' })
