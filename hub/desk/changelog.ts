/** What changed from one version to another, as CHANGELOG.md says it, in plain sentences. Pure but for the reading. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { changesShownMax } from '../limits.ts'

/** Empty where the file was left out of an installation. */
export function readChangelog(): string {
  try {
    return readFileSync(join(import.meta.dirname, '..', '..', 'CHANGELOG.md'), 'utf8')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return ''
    throw cause
  }
}

/** Of the versions after `since` up to `to`; of `to` alone where `since` is not in the list. */
export function changesBetween(changelog: string, since: string | null, to: string): string[] {
  const versions = changelog.split(/^## /m).slice(1)
  const indexOf = (version: string): number =>
    versions.findIndex((text) =>
      text
        .slice(0, text.indexOf('\n'))
        .split(/[[\]\s]/)
        .includes(version)
    )
  // A version that is being made stands at the top, without its number.
  const first = Math.max(0, indexOf(to))
  const last = since === null ? -1 : indexOf(since)
  return versions
    .slice(first, last === -1 ? first + 1 : last)
    .flatMap(sentencesOf)
    .slice(0, changesShownMax)
}

function sentencesOf(version: string): string[] {
  const entries = version.split(/^[-*] /m).slice(1)
  return entries.map((entry) => plain(entry.split(/^#|^\n/m)[0]!))
}

/** Markdown is for who reads the file. */
function plain(markdown: string): string {
  return markdown
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/\*\*|`/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
}
