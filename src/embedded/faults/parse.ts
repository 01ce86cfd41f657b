import { ComfyRunError } from '../../errors.ts'
import { didYouMean } from '../../near-matches.ts'
import type { Fault, FaultKind, Magnitude, Place } from './fault.ts'
import { faultKinds } from './registry.ts'

const example = 'for example socket-drop@step:2, history-late:800ms, restart@job:3:500ms or post-500:x2'
const shape = /^([^@:]+)((?:@[^@:]+:[^@:]+)*)((?::[^@:]+)*)$/

/**
 * Reads what is to go wrong. Each text holds one fault or several with commas between:
 * `name[@place:N]...[:magnitude]...[:xN|:always]`, as docs/faults.md explains. Throws `bad-fault`.
 */
export function parseFaults(texts: readonly string[]): Fault[] {
  return texts
    .flatMap((text) => text.split(','))
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map(parseFault)
}

function parseFault(text: string): Fault {
  const [, name, places = '', parts = ''] = shape.exec(text) ?? []
  if (name === undefined) throw bad(`"${text}" is no fault`, example)
  const kind = faultKinds.find((known) => known.name === name)
  if (!kind) {
    const near = didYouMean(
      name,
      faultKinds.map((known) => known.name),
    )
    throw bad(`there is no fault "${name}"`, near ?? 'docs/faults.md lists all faults')
  }
  const place = placeOf(places.split('@').slice(1), text)
  const { times, magnitude } = partsOf(kind, parts.split(':').slice(1), text)
  const isRepeated = place?.every !== undefined
  return {
    kind,
    place: place ?? kind.place ?? {},
    times: times ?? (isRepeated ? Infinity : (kind.times ?? 1)),
    magnitude,
  }
}

const placeNames: readonly (keyof Place)[] = ['job', 'every', 'step', 'request']

function placeOf(texts: readonly string[], fault: string): Place | undefined {
  const place: Partial<Record<keyof Place, number>> = {}
  for (const text of texts) {
    const [name = '', count = ''] = text.split(':')
    const known = placeNames.find((candidate) => candidate === name)
    if (!known) {
      const hint =
        didYouMean(name, placeNames) ?? `a place is ${placeNames.map((at) => `@${at}:N`).join(', ')}`
      throw bad(`"${fault}": there is no place "@${name}"`, hint)
    }
    if (!/^[1-9]\d{0,8}$/.test(count)) {
      throw bad(`"${fault}": @${name} wants a number from 1 on, not "${count}"`, example)
    }
    place[known] = Number(count)
  }
  return texts.length > 0 ? place : undefined
}

/** How each kind of magnitude is read; undefined if a text is none. */
const readers: { readonly [Kind in keyof Magnitude]: (text: string) => Magnitude[Kind] | undefined } = {
  time: (text) => {
    const [, digits, unit] = /^(\d+(?:\.\d+)?)(ms|s)$/.exec(text) ?? []
    return digits === undefined ? undefined : Number(digits) * (unit === 's' ? 1000 : 1)
  },
  count: (text) => (/^\d{1,9}$/.test(text) ? Number(text) : undefined),
  share: (text) => {
    const [, digits, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? []
    const value = digits === undefined ? Number.NaN : Number(digits) / (percent ? 100 : 1)
    return value <= 1 ? value : undefined
  },
  text: (text) => text,
}
const words: Readonly<Record<keyof Magnitude, string>> = {
  time: 'a time such as 800ms or 2s',
  count: 'a whole number',
  share: 'a share such as 50%',
  text: 'a text',
}
const none: Magnitude = { time: 0, count: 0, share: 0, text: '' }

/** What stands behind the name and the places, in any order: each part is the first thing that it can be. */
function partsOf(
  kind: FaultKind,
  parts: readonly string[],
  fault: string,
): { readonly times: number | undefined; readonly magnitude: Magnitude } {
  let magnitude: Magnitude = { ...none, ...kind.magnitude }
  let times: number | undefined
  const open = new Set(Object.keys(kind.magnitude ?? {}) as (keyof Magnitude)[])
  for (const part of parts) {
    const [, count] = /^x([1-9]\d{0,8})$/.exec(part) ?? []
    if (part === 'always' || count !== undefined) {
      times = count === undefined ? Infinity : Number(count)
      continue
    }
    const unit = [...open].find((candidate) => readers[candidate](part) !== undefined)
    if (!unit) {
      const wanted = [...[...open].map((candidate) => words[candidate]), 'x3', 'always'].join(', or ')
      throw bad(`"${fault}": "${part}" can't stand there`, `${kind.name} takes ${wanted}`)
    }
    open.delete(unit)
    magnitude = { ...magnitude, [unit]: readers[unit](part) }
  }
  return { times, magnitude }
}

function bad(message: string, hint: string): ComfyRunError {
  return new ComfyRunError('bad-fault', message, { hint })
}
