/** The server that `npm run test:comfyui` tests against; any ComfyUI with one checkpoint will do. */
export const serverUrl = process.env['COMFYUI_URL'] ?? ''
if (serverUrl === '')
  throw new Error('set COMFYUI_URL to the address of a ComfyUI, e.g. http://127.0.0.1:8188')

/** The checkpoint to use: `COMFYUI_MODEL`, else the first that the server lists. */
export async function checkpoint(): Promise<string> {
  const named = process.env['COMFYUI_MODEL']
  if (named) return named
  const answer = await fetch(`${serverUrl}/object_info/CheckpointLoaderSimple`)
  const info = (await answer.json()) as {
    CheckpointLoaderSimple: { input: { required: { ckpt_name: [string[]] } } }
  }
  const first = info.CheckpointLoaderSimple.input.required.ckpt_name[0][0]
  if (first === undefined) throw new Error('the server has no checkpoint')
  return first
}

/** How many prompts run or wait on the server. */
export async function queueLength(): Promise<number> {
  const answer = await fetch(`${serverUrl}/prompt`)
  const body = (await answer.json()) as { exec_info: { queue_remaining: number } }
  return body.exec_info.queue_remaining
}
