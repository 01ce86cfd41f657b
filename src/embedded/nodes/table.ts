import type { EmbeddedNode } from '../node.ts'
import { audios } from './audio.ts'
import { edgeDetectors } from './canny.ts'
import { clipVisions } from './clip-vision.ts'
import { compositings } from './compositing.ts'
import { conditionings } from './conditioning.ts'
import { controlNets } from './controlnet.ts'
import { customSampling } from './custom-sampling.ts'
import { editModels } from './edit-models.ts'
import { imageBatches } from './image-batches.ts'
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
import { scalings } from './scaling.ts'
import { sigmas } from './sigmas.ts'
import { texts } from './text.ts'
import { transforms } from './transforms.ts'
import { upscaleModels } from './upscale-models.ts'
import { codings } from './vae.ts'
import { videos } from './video.ts'

/** Every node class of the embedded server, by the name that graphs have for it. */
export const nodeTable: ReadonlyMap<string, EmbeddedNode> = new Map([
  ...samplers,
  ...customSampling,
  ...sigmas,
  ...conditionings,
  ...controlNets,
  ...clipVisions,
  ...editModels,
  ...loaders,
  ...modelPatches,
  ...latents,
  ...codings,
  ...latentSavers,
  ...imageLoaders,
  ...imageSavers,
  ...animationSavers,
  ...images,
  ...compositings,
  ...transforms,
  ...edgeDetectors,
  ...imageBatches,
  ...scalings,
  ...upscaleModels,
  ...masks,
  ...primitives,
  ...texts,
  ...audios,
  ...videos,
])
