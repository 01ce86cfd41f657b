import { isJsonObject } from '../protocol/json.ts'
import type { Access } from './access.ts'
import type { Capabilities } from './capabilities.ts'
import { jsonOf, send } from './http.ts'
import { fetchQueue } from './truth.ts'

/**
 * Asks the server to stop one prompt of ours, waiting or running, and never touches another. The effect comes
 * later: the prompt's own end tells. Returns false if the prompt was neither waiting nor running.
 */
export async function cancelPrompt(
  access: Access,
  capabilities: Capabilities,
  promptId: string,
): Promise<boolean> {
  if (capabilities.jobsCancel) {
    const answer = await send(access, 'POST', `api/jobs/${encodeURIComponent(promptId)}/cancel`)
    const body = jsonOf(answer)
    if (answer.status === 200 && isJsonObject(body)) return body.cancelled === true
  }
  // Deleting first closes the gap in which a waiting prompt starts to run.
  await send(access, 'POST', 'queue', { json: { delete: [promptId] } })
  const { running } = await fetchQueue(access)
  if (!running.some((item) => item.promptId === promptId)) return false
  // Servers before 0.3.57 ignore the id and interrupt whatever runs; that is ours, as we have just seen.
  await send(access, 'POST', 'interrupt', { json: { prompt_id: promptId } })
  return true
}
