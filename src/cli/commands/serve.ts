import { startEmbeddedServer } from '../../embedded/server.ts'

export interface ServeFlags {
  readonly port: number
  readonly host: string
  readonly folder?: string
  readonly stepTime: number
  readonly fault?: readonly string[]
}

/** `comfy-run serve`: runs the embedded server until a signal ends it. Resolves to the exit code. */
export async function serve(flags: ServeFlags): Promise<number> {
  const server = await startEmbeddedServer({
    port: flags.port,
    host: flags.host,
    stepMilliseconds: flags.stepTime,
    ...(flags.folder !== undefined && { folder: flags.folder }),
    ...(flags.fault && { faults: flags.fault }),
  })
  process.stdout.write(`${server.url}\n`)
  process.stderr.write(
    'A rehearsal server: it answers like ComfyUI, but no model runs, and its pictures say so. Ctrl-C ends it.\n',
  )
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve)
    process.once('SIGTERM', resolve)
  })
  await server.close()
  return 0
}
