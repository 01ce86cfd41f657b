import type { EventSink } from '../events.ts'

/** The sink for all attempts of one job: a file that one has saved, and the next finds there, is told once. */
export function toldOnce(sink: EventSink): EventSink {
  const told = new Set<string>()
  return (event) => {
    if (event.type === 'file-saved') {
      if (told.has(event.path)) return
      told.add(event.path)
    }
    sink(event)
  }
}
