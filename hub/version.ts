/** The version of this program, as package.json says it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export function programVersion(): string {
  const text = readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8')
  const { version } = JSON.parse(text) as { version: string }
  return version
}
