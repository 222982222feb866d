/** One way by which alerts leave: what each must do, and what they share. */
import type { Alert } from '../../model/alert.ts'

/** It will never be taken: a wrong address, not a server that is away. */
export class AlertRefused extends Error {}

export interface Channel {
  /** Resolves when the server has taken it; whoever stops waits for none that hangs. */
  send(alert: Alert, stopping: AbortSignal): Promise<void>
}

/** Of the link in a text that stops its kind. */
export function stopTokenIn(body: string): string | undefined {
  return stopLink.exec(body)?.[2]
}

/** What the text shows people is where their program posts to. */
export function stopPostUrlIn(body: string): string | undefined {
  const page = stopLink.exec(body)
  return page ? `${page[1]}/api/v1/alerts/stop/${page[2]}` : undefined
}

const stopLink = /(\S+)\/home\/stop\/([a-z2-7]{26})/
