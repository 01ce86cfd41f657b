import type { NodeId } from '../workflow.ts'
import type { RoleGraph } from './role-graph.ts'
import { samplerRoles } from './sampler-roles.ts'
import type { Models } from './trace-model.ts'

/** The way from a model to a sampler. */
export interface ModelPath {
  /** The nodes that load the model: several, if models are merged. */
  readonly loaders: readonly NodeId[]
  /** The LoRA loaders on the way, from the model on. */
  readonly loras: readonly NodeId[]
}

/** The ways of the models that `--model` is for: not of a refiner. */
export function modelPaths(graph: RoleGraph): ModelPath[] {
  return samplerRoles(graph)
    .flatMap(({ models }) => models ?? [])
    .map((models) => pathOf(graph, models))
    .filter(({ loaders }) => loaders.length > 0)
}

function pathOf(graph: RoleGraph, { loaders, path }: Models): ModelPath {
  return { loaders, loras: path.filter((node) => 'lora_name' in graph.inputsOf(node)).toReversed() }
}
