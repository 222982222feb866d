/** Asking to host a sensor, which everybody may. */
import type { HostRequestBody } from '../../../contract/desk/notes.ts'
import { sendJson } from './http.ts'

/** Gives whether it worked. */
export async function askToHost(request: HostRequestBody): Promise<boolean> {
  await sendJson('POST', '/api/v1/requests', request)
  return true
}
