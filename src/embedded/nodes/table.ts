import type { EmbeddedNode } from '../node.ts'
import { audios } from './audio.ts'
import { conditionings } from './conditioning.ts'
import { controlNets } from './controlnet.ts'
import { customSampling } from './custom-sampling.ts'
import { images } from './images.ts'
import { latents } from './latents.ts'
import { imageLoaders } from './load-image.ts'
import { loaders } from './loaders.ts'
import { masks } from './masks.ts'
import { modelPatches } from './model-patches.ts'
import { primitives } from './primitives.ts'
import { samplers } from './samplers.ts'
import { animationSavers } from './save-animated.ts'
import { imageSavers } from './save-image.ts'
import { latentSavers } from './save-latent.ts'
import { texts } from './text.ts'
import { upscaleModels } from './upscale-models.ts'
import { videos } from './video.ts'

/** Every node class of the embedded server, by the name that graphs have for it. */
export const nodeTable: ReadonlyMap<string, EmbeddedNode> = new Map([
  ...samplers,
  ...customSampling,
  ...conditionings,
  ...controlNets,
  ...loaders,
  ...modelPatches,
  ...latents,
  ...latentSavers,
  ...imageLoaders,
  ...imageSavers,
  ...animationSavers,
  ...images,
  ...upscaleModels,
  ...masks,
  ...primitives,
  ...texts,
  ...audios,
  ...videos,
])
