/** How messages name a file of a server, whose names can be of any length. */
export function fileLabel(filename: string): string {
  return filename.length > 100 ? `${filename.slice(0, 100)}…` : filename
}
