/** Options whose values are secrets, and addresses with a password in them. */
const secretArgument = /^--(?:token|header)(?:=|$)|:\/\/[^/\s]*@/

/**
 * Takes the arguments out of what `ps` shows of this process, if there is a secret among them. Other users of the machine
 * can still have seen them before; the environment and files are safe from the start.
 */
export function hideSecretArguments(argv: readonly string[]): void {
  if (argv.some((argument) => secretArgument.test(argument))) process.title = 'comfy-run'
}
