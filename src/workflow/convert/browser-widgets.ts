import type { InputConfig } from '../../protocol/object-info.ts'

/** What the page shows a 3D scene with; its value is a picture of it. */
const scene: InputConfig = { name: 'image', required: true, type: 'LOAD_3D', options: {} }

/** Inputs that the page gives to a class, though the server lists none such; they are sent all the same. */
const additions = new Map<string, readonly InputConfig[]>([
  ['SaveGLB', [scene]],
  ['Preview3D', [scene]],
  ['Preview3DAnimation', [scene]],
])

/** The inputs of a class as the page has them. */
export function withBrowserInputs(classType: string, inputs: readonly InputConfig[]): readonly InputConfig[] {
  const added = additions.get(classType)?.filter(({ name }) => !inputs.some((input) => input.name === name))
  return added ? [...inputs, ...added] : inputs
}

/** How many places buttons take before an input: those that load a 3D file come before its scene. */
export function buttonsBefore(classType: string, { type }: InputConfig): number {
  return type === 'LOAD_3D' && classType.startsWith('Load3D') ? 3 : 0
}
