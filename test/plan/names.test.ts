import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { longestPart } from '../../src/plan/file-names.ts'
import { parseNameTemplate } from '../../src/plan/name-template.ts'
import { defaultName, fillName, numberedName, type NameValues } from '../../src/plan/names.ts'
import type { JsonValue } from '../../src/protocol/json.ts'
import { failureOf } from './helpers.ts'

function values(
  roles: Record<string, JsonValue>,
  { row = new Map(), ...more }: Partial<NameValues> & { readonly row?: ReadonlyMap<string, JsonValue> } = {},
): NameValues {
  return {
    index: 7,
    copy: 2,
    date: new Date(2026, 0, 5, 23, 59),
    workflow: '/graphs/upscale 4x.json',
    role: (name) => roles[name],
    cell: (key) => row.get(key),
    columns: () => [...row.keys()],
    ...more,
  }
}

const fill = (template: string, given: NameValues): string => fillName(parseNameTemplate(template), given)

test('by default a name is the prompt and the seed', () => {
  assert.equal(
    defaultName(values({ prompt: 'A lighthouse, at dusk', seed: 482910 })),
    'a-lighthouse-at-dusk_482910',
  )
  assert.equal(
    defaultName(
      values({ prompt: 'one two three four five six seven eight nine ten', seed: 18446744073709551615n }),
    ),
    'one-two-three-four-five-six-seven-eight_18446744073709551615',
  )
})

test('without a prompt the name is that of the workflow file; without a seed there is none in it', () => {
  assert.equal(defaultName(values({ seed: 5 })), 'upscale 4x_5')
  assert.equal(defaultName(values({ prompt: '🌊' })), 'upscale 4x')
  assert.equal(defaultName(values({}, { workflow: 'C:\\graphs\\con.json' })), '_con')
})

test("a row's own image comes first", () => {
  const row = new Map([['image', 'photos/My Cat.PNG']])
  assert.equal(defaultName(values({ prompt: 'in oil', seed: 5 }, { row })), 'my-cat_in-oil_5')
})

test('placeholders are filled in', () => {
  const given = values(
    {
      prompt: 'A cat; wet',
      seed: 42,
      sampler: 'dpmpp_2m',
      model: 'xl\\Base v1.safetensors',
      image: 'in/a b.png',
      cfg: 6.5,
    },
    {
      row: new Map<string, JsonValue>([
        ['row.shot', 'S/01'],
        ['count', 3],
      ]),
    },
  )
  const cases: [template: string, name: string][] = [
    ['{index}', '7'],
    ['{index:04}_{copy:2}', '0007_02'],
    ['{prompt:4}', 'a'],
    ['{prompt}-{seed}', 'a-cat-wet-42'],
    ['{sampler}_{model}_{image}_{cfg}', 'dpmpp_2m_Base v1_a b_6.5'],
    ['{date}/{row.shot}', '2026-01-05/S-01'],
    ['{row.count}x', '3x'],
    ['{workflow:7}', 'upscale'],
    ['{scheduler|none}', 'none'],
    ['{{{seed}}}', '{42}'],
  ]
  for (const [template, name] of cases) assert.equal(fill(template, given), name, template)
})

test('a missing value without a default is an error that names near columns', async () => {
  const given = values({}, { row: new Map([['row.shot', 'x']]) })
  const error = await failureOf(() =>
    fillName(parseNameTemplate('{row.shto}'), given, { file: 'j.csv', line: 2 }),
  )
  assert.equal(error.code, 'bad-value')
  assert.equal(error.hint, 'did you mean "row.shot"?')
  assert.equal(error.where?.line, 2)
  assert.equal((await failureOf(() => fill('{seed}', given))).hint, 'a default helps: {seed|none}')
})

test('a part that comes out empty is an error', async () => {
  for (const template of ['a//b', '/a', '{seed|}', '..', 'a/../b', '']) {
    assert.equal((await failureOf(() => fill(template, values({})))).code, 'bad-value', template)
  }
})

test('when a part gets too long its texts give way, not its numbers', () => {
  const name = fill(
    '{index:04}_{prompt}_{seed}',
    values({ prompt: 'word '.repeat(60), seed: 18446744073709551615n }),
  )
  assert.match(name, /^0007_word-word.*_18446744073709551615$/)
  assert.equal(Buffer.byteLength(name), longestPart)
})

test('whatever the values are, names stay inside the output folder and are taken by every file system', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 150 }),
    fc.constantFrom('..', '../../x', 'con', 'a/b', '~'),
  )
  fc.assert(
    fc.property(text, text, text, (prompt, note, fallback) => {
      const given = values({ prompt, seed: 3 }, { row: new Map([['row.note', note]]) })
      const template = [
        { name: 'row.note', fallback: 'x' },
        '/sub/',
        { name: 'prompt', fallback: `${fallback}x` },
        '_',
        { name: 'seed' },
      ]
      const names = [defaultName(given), fillName(template, given)]
      assert.equal(names[1]?.split('/').length, 3)
      for (const part of names.flatMap((name) => name.split('/'))) {
        assert.ok(part !== '' && Buffer.byteLength(part) <= longestPart)
        assert.doesNotMatch(part, /[\p{Cc}<>:"\\|?*]|^\.|[. ]$|^(?:con|nul)(?:\.|$)/iu)
      }
      assert.ok(names[0]?.endsWith('_3') && names[1]?.endsWith('_3'))
    }),
    { numRuns: 250 },
  )
})

test('a number goes to the end of a name, within the longest', () => {
  assert.equal(numberedName('a.b/cat_5', 2), 'a.b/cat_5-2')
  const long = numberedName(`x/${'é'.repeat(60)}`, 12)
  assert.equal(long, `x/${'é'.repeat(58)}-12`)
})
