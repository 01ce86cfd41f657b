import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { NodeError, type EmbeddedNode } from '../../src/embedded/node.ts'
import type { JsonObject } from '../../src/protocol/json.ts'

function toy(
  name: string,
  required: JsonObject,
  output: readonly string[],
  run: EmbeddedNode['run'],
  more: Partial<EmbeddedNode> = {},
): [string, EmbeddedNode] {
  const info = { input: { required }, output, name, output_node: output.length === 0 }
  return [name, { info, run, ...more }]
}

/** Numbers of the files that `Save` wrote, by prefix, as a folder would give them. */
let files = 0

/** A few small classes, enough to run graphs: numbers instead of pictures. */
export const toyNodes: ReadonlyMap<string, EmbeddedNode> = new Map([
  toy('Number', { value: ['INT', { default: 0, min: 0, max: 100 }] }, ['INT'], ({ value }) => ({
    outputs: [value],
  })),
  toy('Add', { a: ['INT'], b: ['INT'] }, ['INT'], ({ a, b }) => ({ outputs: [Number(a) + Number(b)] })),
  toy('Text', { text: ['STRING'] }, ['STRING'], ({ text }) => ({ outputs: [text] })),
  toy('Work', { value: ['INT'], steps: ['INT', { min: 1 }] }, ['INT'], async ({ value, steps }, context) => {
    for (let step = 1; step <= Number(steps); step++) {
      await context.progress(step, Number(steps), async () => Buffer.from('jpeg'))
    }
    return { outputs: [value] }
  }),
  toy('Fail', { value: ['INT'] }, ['INT'], () => {
    throw new NodeError('ValueError', 'this node fails')
  }),
  toy('Send', { value: ['INT'] }, [], async (_, context) => {
    context.sendImage(Buffer.from('png'))
    await context.progress(0, 1)
    return { outputs: [] }
  }),
  toy('Save', { value: ['INT'], mode: [['fast', 'slow']] }, [], ({ value }, { folders }) => {
    const filename = `file_${++files}.txt`
    writeFileSync(join(folders.output, filename), String(value))
    return { outputs: [], ui: { images: [{ filename, subfolder: '', type: 'output' }] } }
  }),
  toy('Load', { name: [['x']] }, ['INT'], ({ name }) => ({ outputs: [name] }), {
    validate: {
      checks: ['name'],
      run: ({ name }) => (name === 'x' ? undefined : `no file ${JSON.stringify(name)}`),
    },
  }),
])
