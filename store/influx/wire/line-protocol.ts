/**
 * Readings as lines of InfluxDB's line protocol. A line is what one device at one site measured at one moment:
 *
 *     readings,device=box-1,site=mill-lane-7 pm2_5=8.4,pm10=12,sequence=71i,received=120i 1768348800000
 *
 * `sequence`, `received` (time received minus time measured) and `import` (absent: it came live) are said once for the
 * line. A reading that came with another message says its own: `pm2_5_sequence`, `pm2_5_received`, `pm2_5_import`.
 * `pm2_5_flag` and `pm2_5_reasons` are absent where the flag is 1 without a reason, which most are; a flag of 0 says
 * that there is no such reading any more, since InfluxDB cannot take a single field away.
 */
import type { StoredRow } from '../../resolve.ts'
import type { Quantity } from '../../../model/quantity.ts'

export const readingsMeasurement = 'readings'

/** What is written in the place of a flag where a reading was taken away. */
export const goneFlag = 0

export const fieldsOf = (quantity: Quantity) =>
  ({
    value: quantity,
    flag: `${quantity}_flag`,
    reasons: `${quantity}_reasons`,
    sequence: `${quantity}_sequence`,
    received: `${quantity}_received`,
    import: `${quantity}_import`
  }) as const

/** A reading and the name of its field. */
export interface NamedRow {
  quantity: Quantity
  row: StoredRow
}

/** A whole line: it exists nowhere yet. Its first reading gives what is said once. */
export function newLine(tags: string, time: number, rows: readonly NamedRow[]): string {
  const { sequence, receivedAt, importId } = rows[0]!.row
  let fields = ''
  for (const { quantity, row } of rows) {
    fields += `${quantity}=${row.value},`
    if (row.flag !== 1 || row.reasons !== 0) {
      fields += `${quantity}_flag=${row.flag}i,${quantity}_reasons=${row.reasons}i,`
    }
    if (row.sequence !== sequence) fields += `${quantity}_sequence=${row.sequence}i,`
    if (row.receivedAt !== receivedAt) fields += `${quantity}_received=${row.receivedAt - time}i,`
    if (row.importId !== importId) fields += `${quantity}_import=${row.importId}i,`
  }
  if (importId !== 0) fields += `import=${importId}i,`
  return `${readingsMeasurement},${tags} ${fields}sequence=${sequence}i,received=${receivedAt - time}i ${time}`
}

/** What is added to a line that is there, or changed in it: each reading says everything itself. */
export function changedLine(tags: string, time: number, rows: readonly NamedRow[]): string {
  const fields = rows.map(
    ({ quantity, row }) =>
      `${quantity}=${row.value},${quantity}_flag=${row.flag}i,${quantity}_reasons=${row.reasons}i,` +
      `${quantity}_sequence=${row.sequence}i,${quantity}_received=${row.receivedAt - time}i,` +
      `${quantity}_import=${row.importId}i`
  )
  return `${readingsMeasurement},${tags} ${fields.join(',')} ${time}`
}

/** Only the judgement of readings changes: 0 as flag takes one away. */
export function flagLine(
  tags: string,
  time: number,
  changes: readonly { quantity: Quantity; flag: number; reasons: number }[]
): string {
  const fields = changes.map(
    ({ quantity, flag, reasons }) => `${quantity}_flag=${flag}i,${quantity}_reasons=${reasons}i`
  )
  return `${readingsMeasurement},${tags} ${fields.join(',')} ${time}`
}

/** Tags in the order of their names, which InfluxDB need not sort then. */
export function tagsOf(tags: Record<string, string>): string {
  return Object.keys(tags)
    .toSorted()
    .map((name) => `${name}=${escapeTag(encodeTag(tags[name]!))}`)
    .join(',')
}

/**
 * A tag's value cannot be empty, hold a line break, or end in a backslash, whatever is put before it. Ours are ids that
 * hold nothing of the kind; others are written as in a URL, so that no text can become part of a line's grammar.
 */
const unsafe = /[%\\"\u0000-\u001f\u007f\u2028\u2029]/g

export function encodeTag(text: string): string {
  if (text === '') return '%'
  return text.replace(unsafe, (character) => `%${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

export function decodeTag(tag: string): string {
  if (!tag.includes('%')) return tag
  if (tag === '%') return ''
  return tag.replace(/%([0-9a-f]{4})/g, (_all, code: string) => String.fromCharCode(parseInt(code, 16)))
}

export function escapeTag(tag: string): string {
  return tag.replace(/[,= ]/g, '\\$&')
}
