import type { EmbeddedNode } from '../node.ts'
import { conditionings } from './conditioning.ts'
import { controlNets } from './controlnet.ts'
import { images } from './images.ts'
import { latents } from './latents.ts'
import { imageLoaders } from './load-image.ts'
import { loaders } from './loaders.ts'
import { modelPatches } from './model-patches.ts'
import { samplers } from './samplers.ts'
import { imageSavers } from './save-image.ts'

/** Every node class of the embedded server, by the name that graphs have for it. */
export const nodeTable: ReadonlyMap<string, EmbeddedNode> = new Map([
  ...samplers,
  ...conditionings,
  ...loaders,
  ...modelPatches,
  ...latents,
  ...imageLoaders,
  ...imageSavers,
  ...images,
  ...controlNets,
])
