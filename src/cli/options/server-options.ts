import { Option, type Command } from 'commander'
import type { ServerOptions as ServerAccess } from '../../comfy/server.ts'
import { ComfyRunError } from '../../errors.ts'
import { collect } from './collect.ts'

/** Where ComfyUI is, and how to get in. */
export interface ServerOptions {
  readonly server: string
  readonly token?: string
  readonly header?: readonly string[]
  readonly ca?: string
  readonly insecure?: boolean
}

const group = 'Server:'

/** Adds the options that say where ComfyUI is. */
export function addServerOptions(command: Command): Command {
  const options = [
    new Option('--server <url>', "ComfyUI's address, or `embedded` for a rehearsal without a model")
      .default('http://127.0.0.1:8188')
      .env('COMFY_RUN_SERVER'),
    new Option('--token <token>', 'sent as bearer token').env('COMFY_RUN_TOKEN'),
    new Option('--header <name: value>', 'sent with every request; repeatable').argParser(collect),
    new Option('--ca <file>', 'PEM file of a certificate authority to trust'),
    new Option('--insecure', 'accept any certificate'),
  ]
  for (const option of options) command.addOption(option.helpGroup(group))
  return command
}

/** The options as the client takes them. Throws `bad-option`. */
export function serverAccess(options: ServerOptions, url = options.server): ServerAccess {
  return {
    url,
    ...(options.token !== undefined && { token: options.token }),
    ...(options.header && { headers: Object.fromEntries(options.header.map(readHeader)) }),
    ...(options.ca !== undefined && { ca: options.ca }),
    ...(options.insecure && { insecure: true }),
  }
}

function readHeader(text: string): [string, string] {
  const match = /^([!#$%&'*+.^_`|~\w-]+)\s*:\s*(.*)$/.exec(text)
  if (!match?.[1]) {
    // The text itself may hold a secret, so it is not shown.
    throw new ComfyRunError('bad-option', '--header wants "Name: value"', {
      hint: 'for example --header "X-Api-Key: ..."',
    })
  }
  return [match[1], match[2] ?? '']
}
