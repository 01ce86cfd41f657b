import { readFile } from 'node:fs/promises'
import { Option, type Command } from 'commander'
import type { ServerOptions as ServerAccess } from '../../comfy/server.ts'
import { ComfyRunError, messageOf } from '../../errors.ts'
import { noFolder, requireOutputFolder } from '../require-output-folder.ts'
import { collect } from './collect.ts'
import { seconds } from './numbers.ts'

/** Where ComfyUI is, and how to get in. */
export interface ServerOptions {
  /** Addresses; each may hold several, with commas or spaces between. */
  readonly server?: readonly string[]
  /** A file that lists servers, used instead. */
  readonly servers?: string
  readonly token?: string
  readonly header?: readonly string[]
  readonly ca?: string
  readonly insecure?: boolean
  /** The output folder of the servers, as this machine has it; `none` if it is not to be looked for. */
  readonly serverOutput?: string
  /** In seconds. */
  readonly answerTimeout?: number
}

const group = 'Server:'
/** Instead of an address: comfy-run's own server, for the time of the command. */
export const embedded = 'embedded'
const defaultServer = 'http://127.0.0.1:8188'

/** Adds the options that say where ComfyUI is. */
export function addServerOptions(command: Command): Command {
  const options = [
    new Option(
      '--server <url>',
      `ComfyUI's address, or \`embedded\` for a rehearsal without a model; repeatable (default: ${defaultServer})`,
    )
      .argParser(collect)
      .env('COMFY_RUN_SERVER'),
    new Option('--servers <file>', 'YAML or JSON list of servers, each with its own headers'),
    new Option('--token <token>', 'sent as bearer token').env('COMFY_RUN_TOKEN'),
    new Option('--header <name: value>', 'sent with every request; repeatable; @FILE reads a header a line')
      .argParser(collect)
      .env('COMFY_RUN_HEADERS'),
    new Option('--ca <file>', 'PEM file of a certificate authority to trust'),
    new Option('--insecure', 'accept any certificate'),
    new Option(
      '--answer-timeout <time>',
      'longest time the server may be silent in an answer (default: 2m); no limit for jobs',
    ).argParser(seconds),
  ]
  for (const option of options) command.addOption(option.helpGroup(group))
  return command
}

/** Every address that is asked for. */
export function serverAddresses({ server = [] }: Pick<ServerOptions, 'server'>): string[] {
  const addresses = server.flatMap((text) => text.split(/[\s,]+/)).filter((text) => text !== '')
  return addresses.length > 0 ? [...new Set(addresses)] : [defaultServer]
}

/** Whether every server that is asked for only rehearses. */
export function isRehearsal(options: Pick<ServerOptions, 'server' | 'servers'>): boolean {
  return options.servers === undefined && serverAddresses(options).every((address) => address === embedded)
}

/** The servers as the client takes them; `embedded` stands for one that is still to be started. Throws `bad-option`. */
export async function serverAccesses(options: ServerOptions): Promise<ServerAccess[]> {
  const { serverOutput } = options
  const outputFolder: ServerAccess['outputFolder'] = serverOutput === noFolder ? false : serverOutput
  await requireOutputFolder(outputFolder, '--server-output')
  const common = {
    ...(options.token !== undefined && { token: options.token }),
    ...(options.ca !== undefined && { ca: options.ca }),
    ...(options.insecure && { insecure: true }),
    ...(options.answerTimeout !== undefined && { answerTimeout: options.answerTimeout }),
    ...(outputFolder !== undefined && { outputFolder }),
  }
  const headers = Object.fromEntries((await headerLines(options.header ?? [])).map(readHeader))
  const listed =
    options.servers === undefined
      ? serverAddresses(options).map((url) => ({ url }))
      : await (await import('../servers-file.ts')).readServersFile(options.servers)
  return listed.map((own: ServerAccess) => ({
    ...common,
    ...own,
    ...((options.header || own.headers) && { headers: { ...headers, ...own.headers } }),
  }))
}

/** A file, or the variable, holds a header on each line: other users of the machine see arguments, but not these. */
async function headerLines(given: readonly string[]): Promise<string[]> {
  const texts = await Promise.all(
    given.map(async (text) => (text.startsWith('@') ? readHeaders(text.slice(1)) : text)),
  )
  return texts.flatMap((text) => text.split(/[\r\n]+/)).filter((line) => line.trim() !== '')
}

async function readHeaders(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new ComfyRunError('file-not-found', `the headers in ${file} can't be read: ${messageOf(cause)}`, {
      cause,
    })
  })
}

function readHeader(text: string): [string, string] {
  const match = /^\s*([!#$%&'*+.^_`|~\w-]+)\s*:\s*(.*)$/.exec(text)
  if (!match?.[1]) {
    // The text itself may hold a secret, so it is not shown.
    throw new ComfyRunError('bad-option', '--header wants "Name: value"', {
      hint: 'for example --header "X-Api-Key: ..."',
    })
  }
  return [match[1], match[2] ?? '']
}
