import type { MultipartField } from '../../rig/golden.ts'

/** A body as the recorder sent it: names exactly as they were on the wire. */
export function multipart(fields: readonly MultipartField[], boundary: string): Buffer {
  const parts = fields.flatMap((field) => {
    const { filename_on_the_wire: name, content_type: type } = field as MultipartField &
      Record<string, string>
    const file = name === undefined ? '' : `; filename="${name}"\r\nContent-Type: ${type}`
    const content = field.value ?? Buffer.from(field.base64 ?? '', 'base64')
    return [
      `--${boundary}\r\nContent-Disposition: form-data; name="${field.name}"${file}\r\n\r\n`,
      content,
      '\r\n',
    ]
  })
  return Buffer.concat([...parts, `--${boundary}--\r\n`].map((part) => Buffer.from(part as string)))
}
