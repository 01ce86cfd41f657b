import { defineNode, type TableEntry } from './define.ts'
import { markRehearsal } from './mark.ts'
import { upscaleModelNames } from './options.ts'
import { checkMemory, resizeFrame } from './frames.ts'
import { linked, textOf, type Frame } from './values.ts'

/** Upscale models: the picture is only enlarged, and marked as a rehearsal. */
export const upscaleModels: readonly TableEntry[] = [
  defineNode({
    name: 'UpscaleModelLoader',
    title: 'Load Upscale Model',
    category: 'model/loaders',
    module: 'comfy_extras.nodes_upscale_model',
    v3: true,
    required: { model_name: ['COMBO', { multiselect: false, options: upscaleModelNames }] },
    output: ['UPSCALE_MODEL'],
    run: ({ model_name }) => ({ outputs: [{ kind: 'upscale-model', name: textOf(model_name) }] }),
  }),
  defineNode({
    name: 'ImageUpscaleWithModel',
    title: 'Upscale Image (using Model)',
    category: 'image/upscaling',
    module: 'comfy_extras.nodes_upscale_model',
    v3: true,
    required: { upscale_model: ['UPSCALE_MODEL', {}], image: ['IMAGE', {}] },
    output: ['IMAGE'],
    run: async (inputs) => {
      const { name } = linked('upscale-model', inputs.upscale_model)
      const image = linked('image', inputs.image)
      const [{ width, height } = { width: 1, height: 1 }] = image.frames
      // The factor is in the names of such models: `4x_...`, `..._x2`.
      const digit = /(\d)x|x(\d)/i.exec(name)
      const factor = Number(digit?.[1] ?? digit?.[2] ?? 4)
      checkMemory(width * factor, height * factor, image.frames.length)
      const frames: Frame[] = []
      for (const frame of image.frames) {
        const enlarged = await resizeFrame(frame, width * factor, height * factor)
        // A rehearsed picture has its mark already.
        if (image.rehearsal === undefined) markRehearsal(enlarged, [`enlarged ${factor}x for ${name}`])
        frames.push(enlarged)
      }
      const note = 'rehearsal: no model ran, the picture was enlarged by comfy-run'
      return { outputs: [{ kind: 'image', frames, rehearsal: image.rehearsal ?? note }] }
    },
  }),
]
