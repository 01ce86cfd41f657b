/** Extensions for the content types that ComfyUI servers send. */
const extensions: Readonly<Record<string, string>> = {
  'application/json': 'json',
  'audio/flac': 'flac',
  'audio/mpeg': 'mp3',
  'audio/ogg': 'ogg',
  'audio/wav': 'wav',
  'audio/x-wav': 'wav',
  'image/avif': 'avif',
  'image/gif': 'gif',
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/tiff': 'tiff',
  'image/webp': 'webp',
  'model/gltf-binary': 'glb',
  'text/plain': 'txt',
  'video/mp4': 'mp4',
  'video/quicktime': 'mov',
  'video/webm': 'webm',
  'video/x-matroska': 'mkv',
}

/**
 * The extension, without dot, for a file that a server calls `filename`. Only lower-case letters and digits,
 * at most eight, are taken over, so that a name from a server can't do harm; if there is no such extension,
 * the content type decides, and `bin` stands for everything else.
 */
export function safeExtension(filename: string, contentType = ''): string {
  const [, ending] = /\.([a-z0-9]{1,8})$/i.exec(filename) ?? []
  const [mediaType = ''] = contentType.split(';')
  return ending?.toLowerCase() ?? extensions[mediaType.trim().toLowerCase()] ?? 'bin'
}

/**
 * The name, without extension, of a job's file number `index` (from 0) of `count`: the job's own name if it is the
 * only file, else that with `_1`, `_2`, ... behind it.
 */
export function fileStem(name: string, index: number, count: number): string {
  return count > 1 ? `${name}_${index + 1}` : name
}
