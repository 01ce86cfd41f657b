import type { Device, ServerReport } from '../comfy/server-report.ts'
import { table } from './tables.ts'

const gibibyte = 2 ** 30

/** What a server is, for people, without a line break at the end. */
export function describeServer(name: string, report: ServerReport): string {
  const { capabilities, os, python, pytorch, ramTotal, ramFree, devices, queue } = report
  const { version, rehearsal, maxUploadBytes } = capabilities
  const system = [os, python && `Python ${python}`, pytorch && `PyTorch ${pytorch}`]
    .filter(Boolean)
    .join(', ')
  const rows: [string, string][] = [
    [
      'ComfyUI',
      rehearsal ? `${version ?? ''}: the embedded server of comfy-run, a rehearsal` : versionText(version),
    ],
    ['system', system],
    ['memory', memoryText(ramFree, ramTotal)],
    ...devices.map((device): [string, string] => ['device', deviceText(device)]),
    ['queue', queue === undefined ? '' : queue === 1 ? 'one job' : `${queue} jobs`],
    ['uploads', maxUploadBytes === undefined ? '' : `up to ${Math.round(maxUploadBytes / 2 ** 20)} MiB`],
  ]
  const shown = rows.filter(([, text]) => text !== '').map(([what, text]) => [`  ${what}`, text])
  return [name, table(shown), ...notes(report).map((note) => `  note: ${note}`)].join('\n')
}

function versionText(version: string | undefined): string {
  return version ?? 'does not say its version: older than August 2024, or a fork'
}

function deviceText({ name, vramFree, vramTotal }: Device): string {
  const memory = memoryText(vramFree, vramTotal)
  return memory === '' ? name : `${name}: ${memory}`
}

function memoryText(free: number | undefined, total: number | undefined): string {
  if (total === undefined) return ''
  const gigabytes = (bytes: number): string => (bytes / gibibyte).toFixed(1)
  return free === undefined ? `${gigabytes(total)} GiB` : `${gigabytes(free)} of ${gigabytes(total)} GiB free`
}

/** What the server's version means for runs. */
function notes({ capabilities }: ServerReport): string[] {
  const { rehearsal, targetedInterrupt, previewMetadata, version } = capabilities
  if (rehearsal) return ['no model runs here; pictures say that they are rehearsed']
  return [
    ...(version !== undefined && !targetedInterrupt
      ? ['Ctrl-C can only stop a job of ours while it is the one that runs (targeted stops came with 0.3.57)']
      : []),
    ...(previewMetadata ? [] : ['previews do not say which job they belong to (that came with 0.3.45)']),
  ]
}
