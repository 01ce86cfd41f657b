import { runPlain } from './plain-run.ts'

/** Options that have each image fetched. Without them it is read in the server's output folder, as that is on this machine. */
export const overHttp: readonly string[] = ['--server-output', 'none']
/** What the tables call them. */
export const overHttpName: string = `\`${overHttp.join(' ')}\``

/** The arguments that run the jobs of `makeWork`. */
export function batchArgs(url: string, more: readonly string[] = []): string[] {
  return ['batch', 'jobs.csv', '--workflow', 'workflow.json', '-o', 'out', '--server', url, ...more]
}

/** Runs the jobs of `makeWork` as a script would. */
export async function runBatch(folder: string, url: string, more: readonly string[] = []): Promise<void> {
  await runPlain(batchArgs(url, more), folder)
}
