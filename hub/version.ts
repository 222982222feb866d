/** The version of this program, and for how long it gets security fixes, as package.json says them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseIsoZoned, type UnixMs } from '../model/time.ts'

export function programVersion(): string {
  return about().version
}

export interface Release {
  version: string
  /** The last day, "2028-11-30": two years after the release (SECURITY.md). */
  supportedUntil: string
}

export function about(): Release {
  const text = readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8')
  const { version, lamppost } = JSON.parse(text) as { version: string; lamppost: { supportedUntil: string } }
  return { version, supportedUntil: lamppost.supportedUntil }
}

/** For the health page; empty while this version gets fixes. A hub asks nobody on the internet: it knows its own date. */
export function supportNotices({ version, supportedUntil }: Release, now: UnixMs): string[] {
  const end = parseIsoZoned(`${supportedUntil}T23:59:59Z`)
  if (end === undefined || now <= end) return []
  return [
    `Lamppost ${version} has been without security fixes since ${supportedUntil}. Install a newer version: it reads this data folder, ` +
      'says what it will change, and makes a backup first.'
  ]
}
