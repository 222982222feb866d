/** The addresses in an answer: of entities, of links, of the next page. */
import type { Subject } from '../entities/entity.ts'
import { isRow } from '../entities/entity.ts'
import { entityTypes } from '../entity-types.ts'
import { observationId } from '../ids.ts'
import type { Options } from '../query/options.ts'

/** `base` is the address of the service, without a slash at its end. */
export function selfLink(base: string, subject: Subject): string {
  if (isRow(subject)) return `${base}/Observations(${observationId(subject.series.number, subject.at)})`
  return `${base}/${entityTypes[subject.type].set}(${subject.id})`
}

/** The same question from where this page ended. */
export function nextLink(address: string, { written }: Options, token: readonly unknown[]): string {
  const parts = [...written]
    .filter(([name]) => name !== '$skip' && name !== '$skiptoken')
    .map(([name, text]) => `${name}=${readable(text)}`)
  return `${address}?${[...parts, `$skiptoken=${encodeURIComponent(JSON.stringify(token))}`].join('&')}`
}

/** What an address may hold as it is stays readable (RFC 3986, 3.4). */
function readable(text: string): string {
  return encodeURIComponent(text).replace(/%(?:24|2C|2F|3A|3B|3D|40)/g, (code) => decodeURIComponent(code))
}
