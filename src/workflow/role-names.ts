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
  'image',
  'mask',
  'model',
  'prefix',
] as const

export type Role = (typeof roleNames)[number]
