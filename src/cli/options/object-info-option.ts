import { Option, type Command } from 'commander'

/** Where the node classes come from. */
export interface ObjectInfoFlags {
  /** A file with a server's whole answer to `GET /object_info`: then no server is asked for it. */
  readonly objectInfo?: string
}

/** Adds `--object-info` for the commands that need to know a server's node classes. */
export function addObjectInfoOption(command: Command): Command {
  return command.addOption(
    new Option(
      '--object-info <file>',
      "a server's node classes, as `doctor --save-object-info FILE` saves them, instead of asking it",
    ).helpGroup('Server:'),
  )
}
