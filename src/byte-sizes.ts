/** In bytes: `K` is 1024, and so on. */
const units: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 }

/** Reads a size: `500M`, `1.5G`, `2GB`, `1048576`. In bytes; undefined if it is none above 0. */
export function parseBytes(text: string): number | undefined {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?$/i.exec(text.trim()) ?? []
  const bytes = Math.floor(Number(digits) * (units[unit.toUpperCase()] ?? 1))
  return bytes > 0 && Number.isSafeInteger(bytes) ? bytes : undefined
}

/** A size for people: `1 GB`, `1.5 GB`, `312 bytes`. */
export function formatBytes(bytes: number): string {
  const [unit, size] = Object.entries(units).findLast(([, each]) => bytes >= each) ?? ['', 1]
  return unit === '' ? `${bytes} bytes` : `${Math.round((bytes / size) * 10) / 10} ${unit}B`
}
