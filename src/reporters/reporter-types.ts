import type { EventSink } from '../events.ts'
import type { PrintTemplate } from './print-template.ts'

/** What a reporter needs of `process.stdout` or `process.stderr`. */
export interface OutputStream {
  write(text: string): unknown
  readonly columns?: number
  readonly isTTY?: boolean
}

/** Calls back once after so many milliseconds. Returns how to prevent that. */
export type SetTimer = (callback: () => void, milliseconds: number) => () => void

/** Where a reporter shows what, and by which clock. */
export interface ReporterOptions {
  /** For results. */
  readonly stdout: OutputStream
  /** For people. */
  readonly stderr: OutputStream
  readonly color: boolean
  /** What stdout gets for each saved file. Default: its path. */
  readonly print?: PrintTemplate
  /** Milliseconds from any fixed moment on. Default: the computer's steady clock. */
  readonly now?: () => number
  /** Default: a timer that keeps no process alive. */
  readonly setTimer?: SetTimer
}

/** Shows the events of one run. */
export interface Reporter {
  readonly sink: EventSink
  /** Ends the display and leaves the terminal as it was. Events that come later are not shown. */
  readonly close: () => void
}
