import type { JsonObject } from '../protocol/json.ts'

/** The ComfyUI version whose behaviour this server follows. */
export const comfyuiVersion = '0.33.0'

/** Largest body of any request, in bytes. */
export const maxBodyBytes = 104_857_600

/** The server's flags: `GET /features`, and the answer to a client's `feature_flags` frame. */
export const features: JsonObject = {
  supports_preview_metadata: true,
  supports_model_type_tags: true,
  max_upload_size: maxBodyBytes,
  extension: { manager: { supports_v4: true } },
  node_replacements: true,
  assets: false,
}
