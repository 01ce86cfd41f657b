import type { HttpEvent } from '../../rig/golden.ts'

/** Something that was recorded and is not compared, and why. */
interface Exception {
  readonly scenario: string
  /** Fits the start of `METHOD path`, and the case if one is given. */
  readonly request: string
  readonly case?: string
  /** `body`: the status and headers are compared, the body is not. `all`: the request is left out. */
  readonly leaveOut: 'body' | 'all'
  readonly why: string
}

const exceptions: readonly Exception[] = [
  {
    scenario: '16a-misc-get',
    request: 'GET /extensions',
    leaveOut: 'body',
    why: 'a list of files of the page, which this server does not have',
  },
  {
    scenario: '16b-history-paging',
    request: 'GET /api/jobs?status=failed,cancelled',
    leaveOut: 'body',
    why: 'it lists a failed prompt of another recording',
  },
  {
    scenario: '16a-misc-get',
    request: 'GET /internal/',
    leaveOut: 'all',
    why: 'internal routes of the page; no client of the API uses them',
  },
]

/** What of a request is left out, if anything. */
export function leftOut(scenario: string, event: HttpEvent): Exception | undefined {
  return exceptions.find(
    (exception) =>
      exception.scenario === scenario &&
      `${event.method} ${event.path}`.startsWith(exception.request) &&
      (exception.case === undefined || exception.case === event.case),
  )
}
