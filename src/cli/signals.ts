import type { Stop } from '../run/stop.ts'

/**
 * Lets signals stop a run: the first Ctrl-C drains, the second cancels, the third leaves at once; SIGTERM and a
 * closed terminal cancel. Returns how to give the signals back.
 */
export function stopOnSignals(stop: Stop): () => void {
  const interrupt = (): void => {
    if (stop.level === 'cancel') process.exit(130)
    if (stop.level === 'go') stop.raise('drain', 'Ctrl-C', 130)
    else stop.raise('cancel', 'Ctrl-C', 130)
  }
  const terminate = (): void => stop.raise('cancel', 'SIGTERM', 143)
  const hangUp = (): void => stop.raise('cancel', 'the terminal was closed', 129)
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', terminate)
  process.on('SIGHUP', hangUp)
  return () => {
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', terminate)
    process.off('SIGHUP', hangUp)
  }
}
