/** A map file as streets: what was added and redrawn, and a sentence for everything that was not. For command and page alike. */
import { counted } from '../../model/counted.ts'
import { nameLengthMax } from '../../model/limits.ts'
import { readStreets, type StreetFile } from '../../registry/geojson.ts'
import type { Namesakes, Registry, StreetsImported } from '../../registry/registry.ts'

export interface StreetMapImported extends StreetsImported, Omit<StreetFile, 'streets'> {
  /** What was left out, and what became a street of its own: one sentence each. */
  says: string[]
}

/** @throws RegistryRefusal for what is no map, or a street that only a person can place. */
export function importStreetMap(
  registry: Pick<Registry, 'importStreets'>,
  { text, timezone, namesakes }: { text: string; timezone: string; namesakes?: Namesakes | undefined }
): StreetMapImported {
  const { streets, ...file } = readStreets(text, timezone)
  const imported = registry.importStreets(streets, namesakes)
  return { ...file, ...imported, says: [...leftOut(file), ...apartFrom(imported)] }
}

/** Features that are named in the sentence about what is no line. */
const namedShown = 20

function leftOut({ skipped, named, unusable }: Omit<StreetFile, 'streets'>): string[] {
  const parts = [
    ...(skipped.nameless > 0 ? [`${counted(skipped.nameless, 'line')} without a name`] : []),
    ...(skipped.notLines > 0 ? [`${skipped.notLines} that are not lines`] : [])
  ]
  const names = named.slice(0, namedShown).map(({ name, shape }) => `${name} (${shape})`)
  const more = named.length > namedShown ? ` and ${named.length - namedShown} more` : ''
  const listed = names.length > 0 ? `, among them ${names.join(', ')}${more}` : ''
  return [
    ...(parts.length === 0 ? [] : [`Left out: ${parts.join(', ')}${listed}.`]),
    ...unusable.map(
      ({ feature, name, why }) =>
        `Left out: feature ${feature}, "${name}": a street's name has 1 to ${nameLengthMax} printable characters; this one ${why}.`
    )
  ]
}

function apartFrom({ apart }: StreetsImported): string[] {
  return apart.map(
    ({ name, from, metres }) =>
      `${name} lies ${Math.round(metres / 1_000)} km from ${from}, so it is a street of its own.`
  )
}
