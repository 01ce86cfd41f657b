import { InvalidArgumentError, Option, type Command } from 'commander'
import { parseHalt, type HaltRule } from '../../run/halt.ts'
import { defaultRetries } from '../../run/retry.ts'
import { positiveInteger, seconds } from './numbers.ts'

/** What happens when jobs fail, and how much a run may do. */
export interface FailureFlags {
  /** How often a job is tried again, from 0. */
  readonly retries: number
  readonly halt: HaltRule
  readonly maxJobs?: number
  /** In seconds. */
  readonly maxDuration?: number
  readonly failedOut?: string
  /** In seconds. */
  readonly patience?: number
  /** In seconds. */
  readonly stall?: number
}

/** Adds the options for failures and limits. */
export function addFailureOptions(command: Command): Command {
  const options = [
    new Option('--retries <n>', 'how often a job is tried again if the network or memory failed it')
      .argParser(wholeNumber)
      .default(defaultRetries),
    new Option(
      '--patience <time>',
      'how long a server may be out of reach before its jobs are given up (default: 60s)',
    ).argParser(seconds),
    new Option(
      '--stall <time>',
      'stop a running job that is silent for so long, and try it again (default: never)',
    ).argParser(seconds),
    new Option('--halt <rule>', 'when failures end the run: never, soon,fail=3, soon,fail=10%, now,fail=1')
      .argParser(parseHalt)
      .default(parseHalt('never'), 'never'),
    new Option('--max-jobs <n>', 'begin no more jobs than this').argParser(positiveInteger),
    new Option('--max-duration <time>', 'begin nothing new after this time, e.g. 45m, 8h').argParser(seconds),
    new Option('--failed-out <file>', "write the rows of failed jobs, in the jobs file's own format"),
  ]
  for (const option of options) command.addOption(option.helpGroup('Failures and limits:'))
  return command
}

function wholeNumber(text: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) {
    throw new InvalidArgumentError('It must be a whole number, 0 or more.')
  }
  return value
}
