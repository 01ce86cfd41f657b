import { Option, type Command } from 'commander'
import { collect } from './collect.ts'

/** How a batch reads its rows. */
export interface BatchFlags {
  /** Columns that are only for names and records. */
  readonly meta?: readonly string[]
  /** Run the jobs in the order of their rows. */
  readonly keepOrder?: boolean
}

/** Adds the options of commands that read rows. */
export function addBatchOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--keep-order',
        'run the rows as they stand (default: those of one model together, so that it is loaded once)',
      ).helpGroup('Run:'),
    )
    .addOption(
      new Option('--meta <column>', 'a column that is only for names ({row.column}) and records; repeatable')
        .argParser(collect)
        .helpGroup('What to make:'),
    )
}
