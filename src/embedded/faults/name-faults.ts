import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../protocol/json.ts'
import { pathOf } from './concerns.ts'
import type { FaultHooks, FaultKind } from './fault.ts'
import { textOf } from './text-of.ts'

interface FileName {
  readonly filename: string
  readonly subfolder: string
}

/**
 * The server calls its files by other names than they have, and serves them under these. `rename` gets the real name;
 * the same file always gets the same name.
 */
function calledBy(rename: (real: string) => FileName): FaultKind['make'] {
  return (): FaultHooks => {
    const real = new Map<string, FileName>()
    const change = (value: JsonValue): JsonValue => {
      if (isJsonArray(value)) return value.map(change)
      if (!isJsonObject(value) || typeof value.filename !== 'string') return value
      const shown = rename(value.filename)
      real.set(keyOf(shown), { filename: value.filename, subfolder: textOf(value.subfolder) })
      return { ...value, ...shown }
    }
    const changeAll = (output: JsonObject): JsonObject =>
      Object.fromEntries(Object.entries(output).map(([key, value]) => [key, change(value)]))
    return {
      async end(_, outcome) {
        const outputs = [...outcome.outputs].map(([id, output]) => [id, changeAll(output)] as const)
        return { ...outcome, outputs: new Map(outputs) }
      },
      request: {
        concerns: (asked) => pathOf(asked) === '/view',
        async answer(asked, handle) {
          const query = new URLSearchParams(asked.query)
          const filename = query.get('filename') ?? ''
          const subfolder = query.get('subfolder') ?? ''
          for (const [name, value] of Object.entries(real.get(keyOf({ filename, subfolder })) ?? {})) {
            query.set(name, value)
          }
          return handle({ ...asked, query })
        },
      },
    }
  }
}

function keyOf({ filename, subfolder }: FileName): string {
  return JSON.stringify([subfolder, filename])
}

/** Names that a client must not take as they are. */
export const nameFaults: readonly FaultKind[] = [
  {
    name: 'names-odd',
    summary: 'file names with quotes, spaces, percent signs, `#`, `&` and letters beyond ASCII',
    scenario: 12,
    times: Infinity,
    make: calledBy((real) => ({ filename: `it's "a" füchs 狐 #1 100% & ${real}`, subfolder: 'two words' })),
  },
  {
    name: 'names-traversal',
    summary: 'file names and subfolders that lead out of any folder: `../../`',
    scenario: 12,
    times: Infinity,
    make: calledBy((real) => ({ filename: `../../${real}`, subfolder: '../..' })),
  },
  {
    name: 'names-windows',
    summary: 'file names and subfolders of a Windows server: drive letters and backslashes',
    scenario: 12,
    times: Infinity,
    make: calledBy((real) => ({ filename: ['C:', 'Windows', real].join('\\'), subfolder: 'a\\b' })),
  },
  {
    name: 'names-same',
    summary: 'each prompt puts out a file of the same name, in a subfolder of its own',
    scenario: 12,
    times: Infinity,
    make: calledBy((real) => ({ filename: 'ComfyUI_00001_.png', subfolder: real })),
  },
]
