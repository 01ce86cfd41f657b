/** Images that a workflow loads beside the first. */
export const furtherImages = [
  'image2',
  'image3',
  'image4',
  'image5',
  'image6',
  'image7',
  'image8',
  'image9',
] as const

/** What people mean when they say "the steps" or "the prompt" of a workflow. */
export const roleNames = [
  'prompt',
  'negative',
  'seed',
  'steps',
  'cfg',
  'sampler',
  'scheduler',
  'denoise',
  'width',
  'height',
  'batch',
  'frames',
  'fps',
  'image',
  ...furtherImages,
  'mask',
  'video',
  'video2',
  'audio',
  'audio2',
  'model',
  'prefix',
] as const

export type Role = (typeof roleNames)[number]

/** Roles whose value is a file of the user's, which is uploaded; `image2` is the second image that a workflow loads. */
export function isFileRole(role: string): boolean {
  return /^(?:image[2-9]?|mask|video2?|audio2?)$/.test(role)
}

/** Roles for a second and further file: most workflows have none, and no person misses them there. */
export function isFurtherFile(role: Role): boolean {
  return /\d$/.test(role)
}
