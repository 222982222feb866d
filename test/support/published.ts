/** Has a process of its own publish, so that its work is not measured as the hub's. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PublisherOrder, PublisherResult } from './publisher-process.ts'

/** The order lies in the folder meanwhile. */
export async function published(folder: string, order: PublisherOrder): Promise<PublisherResult> {
  const file = join(folder, 'order.json')
  writeFileSync(file, JSON.stringify(order))
  const publisher = join(import.meta.dirname, 'publisher-process.ts')
  const child = spawn(process.execPath, [publisher, file], { stdio: ['ignore', 'pipe', 'inherit'] })
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text))
  await once(child, 'close')
  return JSON.parse(printed) as PublisherResult
}
