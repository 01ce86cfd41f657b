import { Option, type Command } from 'commander'
import { parseExpectations, type Expectation } from '../../expectations.ts'
import { byteSize } from './numbers.ts'
import { onExistsChoices, type OnExists } from '../../run/file-defaults.ts'

/** What becomes of the files of a run. */
export interface FileFlags {
  readonly onExists: OnExists
  readonly sidecar?: boolean
  readonly expect?: readonly Expectation[]
  /** In bytes. */
  readonly maxFileSize?: number
}

/** Adds the options for files whose names are taken, for sidecars, and for checks of outputs. */
export function addFileOptions(command: Command): Command {
  const options = [
    new Option('--on-exists <what>', 'what to do with a file whose name is taken')
      .choices(onExistsChoices)
      .default('number'),
    new Option('--sidecar', 'write a .json beside each file: settings, seed, server, timings'),
    new Option(
      '--expect <check>',
      'outputs must pass it: "images>=1", size=1024x1024, not-blank, format=png, similar=golden.png:0.95; repeatable',
    ).argParser(collectExpectations),
    new Option(
      '--max-file-size <size>',
      'take no larger file from a server, e.g. 500M, 4G (default: 1G)',
    ).argParser(byteSize),
  ]
  for (const option of options) command.addOption(option.helpGroup('Files:'))
  return command
}

function collectExpectations(text: string, before: readonly Expectation[] | undefined): Expectation[] {
  return [...(before ?? []), ...parseExpectations(text)]
}
