import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { isJsonObject, parseJson, stringifyJson, type JsonObject } from '../../../src/protocol/json.ts'
import { convertWorkflow } from '../../../src/workflow/convert/convert.ts'
import { toGraph } from '../../../src/workflow/workflow.ts'
import { infoOf } from './helpers.ts'

// What the official frontend made of its templates. They are too large to be kept in the repository.
const folder = new URL('../../../../shared/ui-to-api/', import.meta.url)
const skip = existsSync(folder) ? false : 'the templates (../shared/ui-to-api) are not here'

function read(path: string): JsonObject {
  const value = parseJson(readFileSync(new URL(path, folder), 'utf8'))
  assert.ok(isJsonObject(value), path)
  return value
}

/** What differs in a graph: nodes, classes, and inputs, which must be deeply equal. */
function differences(made: JsonObject, wanted: JsonObject): string[] {
  return [...new Set([...Object.keys(made), ...Object.keys(wanted)])].flatMap((id) => {
    const [one, other] = [made[id], wanted[id]]
    if (!isJsonObject(one) || !isJsonObject(other)) return [`${id} is ${one ? 'too much' : 'missing'}`]
    if (one['class_type'] !== other['class_type']) return [`${id} is of another class`]
    const [given, due] = [one['inputs'], other['inputs']]
    if (!isJsonObject(given) || !isJsonObject(due)) return [`${id} has no inputs`]
    return [...new Set([...Object.keys(given), ...Object.keys(due)])]
      .filter((name) => !isDeepStrictEqual(given[name], due[name]))
      .map((name) => `${id}.${name} is ${stringifyJson(given[name])}, and not ${stringifyJson(due[name])}`)
  })
}

test('templates become what the official frontend makes of them', { skip }, (t) => {
  const info = infoOf(read('object_info.json'))
  const names = readdirSync(new URL('pairs/', folder)).flatMap(
    (file) => /^(.+)\.ui\.json$/.exec(file)?.[1] ?? [],
  )
  assert.ok(names.length >= 300, `only ${names.length} templates`)
  const misses = names.flatMap((name) => {
    const made = toGraph(convertWorkflow(read(`pairs/${name}.ui.json`), info))
    const found = differences(made as unknown as JsonObject, read(`pairs/${name}.api.json`))
    return found.length > 0 ? [`${name}: ${found.join('; ')}`] : []
  })
  const rate = (1 - misses.length / names.length) * 100
  t.diagnostic(`${names.length - misses.length} of ${names.length} templates are exact: ${rate.toFixed(2)} %`)
  for (const miss of misses) t.diagnostic(miss.slice(0, 1000))
  assert.ok(rate >= 99, `only ${rate.toFixed(2)} % are exact`)
})

test('titles are those of the file, or else of the class', { skip }, () => {
  const info = infoOf(read('object_info.json'))
  for (const file of readdirSync(new URL('pairs/', folder)).filter((name) => name.endsWith('.ui.json'))) {
    const wanted = read(`pairs/${file.replace('.ui.', '.api.')}`)
    for (const [id, { title, classType }] of convertWorkflow(read(`pairs/${file}`), info).nodes) {
      const node = wanted[id]
      const meta = isJsonObject(node) && isJsonObject(node['_meta']) ? node['_meta'] : {}
      // The page has names of its own for a few classes, which lag behind the server's.
      if (title !== info[classType]?.display_name) assert.equal(title, meta['title'], `${file}: ${id}`)
    }
  }
})
