/** What fits everything: `*`, and types that follow from other links where those say nothing. */
const any: ReadonlySet<string> = new Set(['*', 'COMFY_MATCHTYPE_V3'])

/**
 * Whether an output of one type may be linked to an input of another. Either may be several types with commas between
 * (`FLOAT,INT`): one in common is enough, as for ComfyUI.
 */
export function fits(given: string, wanted: string): boolean {
  if (given === wanted) return true
  const offered = partsOf(given)
  const accepted = partsOf(wanted)
  return (
    offered.some((type) => any.has(type) || accepted.includes(type)) || accepted.some((type) => any.has(type))
  )
}

function partsOf(type: string): string[] {
  return type.split(',').map((part) => part.trim())
}

/** Types of ComfyUI itself that only a link can bring: no value that could be written in a file is one of them. */
const linkedOnly: ReadonlySet<string> = new Set(
  (
    'MODEL CLIP VAE CONDITIONING LATENT IMAGE MASK CLIP_VISION CLIP_VISION_OUTPUT STYLE_MODEL CONTROL_NET GLIGEN ' +
    'UPSCALE_MODEL LATENT_UPSCALE_MODEL NOISE SAMPLER SIGMAS GUIDER AUDIO VIDEO MODEL_PATCH AUDIO_ENCODER ' +
    'AUDIO_ENCODER_OUTPUT HOOKS HOOK_KEYFRAMES LORA_MODEL MESH VOXEL'
  ).split(' '),
)

/** Whether an input of this type needs a link. */
export function needsLink(type: string): boolean {
  return partsOf(type).every((part) => linkedOnly.has(part))
}
