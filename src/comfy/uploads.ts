import type { Access } from './access.ts'
import type { Capabilities } from './capabilities.ts'
import { uploadFile, type Uploaded, type UploadRequest } from './upload.ts'

/** Who wants to know of uploads. */
export interface UploadListener {
  /** Told when a local file is on the server: once for each content. */
  readonly onUploaded?: (file: string, uploaded: Uploaded) => void
}

/** The local files that were put on a server: each content once. */
export class Uploads {
  readonly #access: Access
  readonly #listener: UploadListener
  readonly #known = new Map<string, Promise<Uploaded>>()

  constructor(access: Access, listener: UploadListener) {
    this.#access = access
    this.#listener = listener
  }

  /** Puts a file on the server, unless its content is there. One that failed may be tried again. Throws `upload-failed`. */
  async get(request: UploadRequest, capabilities: Capabilities): Promise<Uploaded> {
    const key = JSON.stringify([request.hash, request.maskFor])
    const known = this.#known.get(key)
    if (known) return known
    const upload = uploadFile(this.#access, capabilities, request)
    this.#known.set(key, upload)
    upload.then(
      (uploaded) => this.#listener.onUploaded?.(request.file, uploaded),
      () => this.#known.delete(key),
    )
    return upload
  }

  /** The server may have lost them: each is uploaded again. */
  clear(): void {
    this.#known.clear()
  }
}
