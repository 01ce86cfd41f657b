/** A size in pixels that a latent can have: the next lower multiple of 8, at least 8. */
export function latentSize(pixels: number): number {
  return Math.max(8, Math.floor(pixels / 8) * 8)
}
