import { Option, type Command } from 'commander'
import { parsePrintTemplate, type PrintTemplate } from '../../reporters/print-template.ts'
import { positiveInteger, seconds } from './numbers.ts'

/** How a run goes, and what it leaves behind. */
export interface RunFlags {
  readonly out: string
  readonly name?: string
  readonly count: number
  readonly saveTemp?: boolean
  readonly savePreviews?: boolean
  readonly keepPrefix?: boolean
  readonly timeout?: number
  readonly json?: boolean
  readonly print?: PrintTemplate
  readonly quiet?: boolean
  readonly progress: 'auto' | 'bars' | 'lines'
  readonly dryRun?: boolean
  readonly force?: boolean
  readonly retryFailed?: boolean
  readonly verify?: boolean
}

/** Adds the options of every command that runs jobs. */
export function addRunOptions(command: Command): Command {
  const files = [
    new Option('-o, --out <dir>', 'folder for the files').default('.'),
    new Option('--name <template>', 'file names, e.g. "{index:04}_{prompt:40}_{seed}"'),
    new Option('--count <n>', 'copies of each job, each with a seed of its own')
      .argParser(positiveInteger)
      .default(1),
    new Option('--keep-prefix', "leave the workflow's filename_prefix: no folder of its own on the server"),
    new Option(
      '--server-output <dir>',
      "ComfyUI's output folder, if this machine has it: files are read there, not fetched; `none` fetches all (default: found by itself if ComfyUI runs on this machine)",
    ).env('COMFY_RUN_SERVER_OUTPUT'),
    new Option('--save-temp', 'also save temp images (PreviewImage), to temp/'),
    new Option('--save-previews', "also save the sampler's latent previews, to previews/"),
  ]
  const run = [
    new Option('--timeout <time>', 'longest time a job may run, e.g. 90, 5m').argParser(seconds),
    new Option('--dry-run', 'show what would run; nothing is queued'),
    new Option('--json', 'events as JSON lines on stdout'),
    new Option(
      '--print <template>',
      'put out this for each saved file, e.g. "{path} {seed}" (default: its path)',
    )
      .argParser(parsePrintTemplate)
      .conflicts('json'),
    new Option('--quiet', 'only paths and errors'),
    new Option('--progress <how>', 'how progress is shown')
      .choices(['auto', 'bars', 'lines'])
      .default('auto'),
  ]
  const resume = [
    new Option('--force', 'run every job, also those that are done'),
    new Option('--retry-failed', 'run jobs again that failed by their own fault'),
    new Option('--verify', 'check the bytes of files that are done, not only their sizes'),
  ]
  for (const option of files) command.addOption(option.helpGroup('Files:'))
  for (const option of resume) command.addOption(option.helpGroup('Going on with an earlier run:'))
  for (const option of run) command.addOption(option.helpGroup('Run:'))
  return command
}
