import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { defineNode, type TableEntry } from './define.ts'
import { metadataOf } from './metadata.ts'
import { numberedName, outputPlace } from './output-place.ts'
import { rehearsalNote } from './rehearsal.ts'
import { linked, textOf, type LatentValue } from './values.ts'

/**
 * A latent as a safetensors file. Its numbers are zeros, as in every empty latent; one that a sampler rehearsed says
 * so in its metadata.
 */
function safetensors(latent: LatentValue, metadata: Readonly<Record<string, string>>): Buffer {
  const shape = [latent.items.length, latent.channels, latent.height / 8, latent.width / 8]
  const size = shape.reduce((product, side) => product * side, 4)
  const header = Buffer.from(
    JSON.stringify({
      __metadata__: metadata,
      latent_format_version_0: { dtype: 'F32', shape: [0], data_offsets: [0, 0] },
      latent_tensor: { dtype: 'F32', shape, data_offsets: [0, size] },
    }),
  )
  // The header is filled up with spaces so that the numbers begin at a multiple of eight.
  const padded = Buffer.alloc(Math.ceil(header.length / 8) * 8, ' ')
  header.copy(padded)
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(padded.length))
  return Buffer.concat([length, padded, Buffer.alloc(size)])
}

/** The node that saves latents. */
export const latentSavers: readonly TableEntry[] = [
  defineNode({
    name: 'SaveLatent',
    title: 'Save Latent',
    category: 'model/latent',
    required: { samples: ['LATENT'], filename_prefix: ['STRING', { default: 'latents/ComfyUI' }] },
    takesMetadata: true,
    output: ['LATENT'],
    outputNames: ['samples'],
    outputNode: true,
    run: async (inputs, context) => {
      const latent = linked('latent', inputs.samples)
      const [first] = latent.items
      const isRehearsed = latent.items.some(({ samplings, source }) => samplings.length > 0 || source)
      const metadata = metadataOf(context, isRehearsed ? { rehearsal: rehearsalNote(first) } : {})
      const size = { width: 0, height: 0 }
      const { output } = context.folders
      const place = await outputPlace(textOf(inputs.filename_prefix), output, size)
      const filename = numberedName(place.name, place.counter, '_.latent')
      await writeFile(join(place.folder, filename), safetensors(latent, metadata))
      const latents = [{ filename, subfolder: place.subfolder, type: 'output' }]
      return { outputs: [latent], ui: { latents } }
    },
  }),
]
