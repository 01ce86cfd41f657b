import type { Cell, Expected } from './cell.ts'

/** A fault, and what must come of one image and of a batch of 20 on a server that has it. */
export interface Case extends Pick<
  Cell,
  'fault' | 'isUpload' | 'options' | 'path' | 'stepMilliseconds' | 'hasPreviews'
> {
  /** Default: exit code 0, every image, nothing run twice. */
  readonly one?: Expected
  readonly batch?: Expected
}

/** The two commands of a case. */
export function cellsOf({ one, batch, ...common }: Case): Cell[] {
  return [
    { ...common, kind: 'txt2img', ...one },
    { ...common, kind: 'batch', ...batch },
  ]
}

/** The job can't be done; the other 19 are. */
const failed = { one: { exit: 1, without: 1 }, batch: { exit: 3, without: 1 } } as const
/** The prompt is not queued, and the job fails for good. */
const refused = {
  one: { exit: 5, without: 1, again: -1 },
  batch: { exit: 3, without: 1, again: -1 },
} as const

export const cases: readonly Case[] = [
  // The socket.
  { fault: 'socket-drop@step:2' },
  { fault: 'socket-drop@step:1:always' },
  { fault: 'socket-close@step:2' },
  { fault: 'socket-silent@step:2' },
  { fault: 'socket-refused' },
  { fault: 'socket-refused:always' },
  { fault: 'no-pong' },
  // What comes over it.
  { fault: 'foreign-progress' },
  { fault: 'foreign-preview', hasPreviews: true },
  { fault: 'foreign-text' },
  { fault: 'foreign-end' },
  { fault: 'unknown-messages' },
  { fault: 'not-json' },
  { fault: 'unknown-frames' },
  { fault: 'broken-frames' },
  { fault: 'messages-twice' },
  { fault: 'end-lost' },
  { fault: 'executed-null' },
  // The way of a prompt to the queue.
  { fault: 'post-reset' },
  { fault: 'post-reset-after-queue' },
  { fault: 'post-slow:300ms' },
  { fault: 'post-500', ...refused },
  { fault: 'post-500-after-queue' },
  { fault: 'post-502' },
  { fault: 'post-502-after-queue' },
  { fault: 'post-503' },
  { fault: 'post-429:1s' },
  { fault: 'post-413', ...refused },
  {
    fault: 'post-405:always',
    one: { exit: 4, without: 1, again: -1 },
    batch: { exit: 4, without: 20, again: -20 },
  },
  { fault: 'post-refused', ...refused },
  { fault: 'post-partial', one: { exit: 1 }, batch: { exit: 3 } },
  // Queue and history.
  { fault: 'history-late:800ms' },
  { fault: 'history-empty' },
  { fault: 'history-500' },
  { fault: 'history-cleared', one: { again: 1 }, batch: { again: [1, 2] } },
  { fault: 'queue-deleted', one: { again: 0 } },
  // The worker and the whole server.
  { fault: 'restart@step:2', one: { again: 1 }, batch: { again: [1, 2] } },
  { fault: 'restart@step:3:500ms', one: { again: 1 }, batch: { again: [1, 2] } },
  {
    fault: 'zombie',
    one: { exit: 4, without: 1, left: 1, within: 120 },
    batch: { exit: 4, without: 20, left: 1, again: [-19, -18], within: 120 },
    options: ['--stall', '1', '--patience', '1'],
  },
  { fault: 'load-slow:2s' },
  { fault: 'cached' },
  { fault: 'node-error', ...failed },
  { fault: 'out-of-memory', one: { again: 1 }, batch: { again: 1 } },
  { fault: 'node-blocked', ...failed },
  { fault: 'interrupted', ...failed },
  {
    fault: 'interrupt-late:500ms',
    options: ['--timeout', '1', '--halt', 'now,fail=1'],
    stepMilliseconds: 1000,
    one: { exit: 1, without: 1 },
    batch: { exit: 1, without: 20, again: [-19, -17] },
  },
  { fault: 'interrupt-ignored', options: ['--timeout', '0.1'], stepMilliseconds: 80 },
  // What history says of the outputs.
  { fault: 'nan' },
  { fault: 'split-text' },
  { fault: 'gifs' },
  { fault: 'odd-outputs' },
  { fault: 'no-outputs', ...failed },
  { fault: 'error-as-success', ...failed },
  { fault: 'output-deleted', one: { again: 1 }, batch: { again: 1 } },
  // The way of a file.
  { fault: 'view-truncate:50%' },
  { fault: 'view-short:50%' },
  { fault: 'view-empty' },
  { fault: 'view-garbage' },
  { fault: 'view-page' },
  { fault: 'view-reset' },
  { fault: 'view-500' },
  { fault: 'view-404', one: { again: 1 }, batch: { again: 1 } },
  { fault: 'view-redirect' },
  {
    fault: 'view-truncate:50%:always',
    one: { exit: 1, without: 1 },
    batch: { exit: 1, without: 20 },
    options: ['--retries', '0'],
  },
  { fault: 'names-odd' },
  { fault: 'names-traversal' },
  { fault: 'names-windows' },
  { fault: 'names-same' },
  // Uploads.
  { fault: 'upload-rename', isUpload: true },
  { fault: 'upload-reset', isUpload: true },
  { fault: 'upload-reset-after-store', isUpload: true },
  {
    fault: 'upload-413',
    isUpload: true,
    one: { exit: 4, without: 1, again: -1 },
    batch: { exit: 3, without: 1, again: -1 },
  },
  {
    fault: 'upload-500',
    isUpload: true,
    one: { exit: 4, without: 1, again: -1 },
    batch: { exit: 3, without: 1, again: -1 },
  },
  // Every request.
  { fault: 'stall:200ms:always' },
  { fault: 'reset@job:1' },
  { fault: 'gateway-502@job:1' },
  { fault: 'gateway-504@job:1' },
  {
    fault: 'login-page:always',
    one: { exit: 4, without: 1, again: -1 },
    batch: { exit: 4, without: 20, again: -20 },
  },
  { fault: 'base-path', path: '/comfy' },
  { fault: 'auth', options: ['--token', 'secret'] },
  // Other versions, other times.
  { fault: 'old-profile', hasPreviews: true },
  { fault: 'middle-profile', hasPreviews: true },
  { fault: 'chaos:1:5%' },
  // Several at once.
  { fault: 'socket-drop,history-late:500ms' },
  { fault: 'cached,output-deleted', one: { again: 1 }, batch: { again: 1 } },
  { fault: 'post-reset-after-queue,socket-refused' },
  { fault: 'post-reset,post-502,reset@job:1' },
  { fault: 'view-truncate,view-reset,view-500' },
  { fault: 'old-profile,socket-drop@step:2' },
  { fault: 'restart:200ms:x2', one: { again: 2 }, batch: { again: [2, 4] } },
]
