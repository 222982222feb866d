/** `lamppost export`: every reading of a period, indoor ones included, for whoever holds the data folder. */
import { exportFormatNames, textFormats, type ExportFormat } from '../../documents/export/formats.ts'
import { isMeasured, isQuantity, quantityNames, type Quantity } from '../../model/quantity.ts'
import { dayMs, type UnixMs } from '../../model/time.ts'
import { visibleSites } from '../../model/visibility.ts'
import type { Registry } from '../../registry/registry.ts'
import { unknownStreet } from '../../registry/street-names.ts'
import type { ParquetExporter, ParquetQuery } from '../../store/promise/export.ts'
import { option, WrongUse, type Command, type CommandEvent, type CommandResult } from '../command.ts'
import { timeOption } from '../time-option.ts'
import { counted } from '../../model/counted.ts'

export const exportCommand: Command = {
  words: 'export',
  usage: `export [--from T] [--until T] [--street S] [--quantity Q] --format ${exportFormatNames.join('|')} [-o FILE]`,
  says: 'Every reading, flags and all, in time order',
  options: {
    from: { type: 'string' },
    until: { type: 'string' },
    street: { type: 'string' },
    quantity: { type: 'string' },
    format: { type: 'string' },
    output: { type: 'string', short: 'o' }
  },
  positionals: [0, 0],
  prepare(input) {
    if (option(input, 'format') === 'parquet' && option(input, 'output') === undefined)
      throw new WrongUse('A Parquet file is no text for a terminal: name the file with -o FILE.')
    return input
  },
  async *run({ registry, pipeline, clock }, input): AsyncGenerator<CommandEvent, CommandResult> {
    const format = formatOf(option(input, 'format') ?? 'csv')
    const from = timeOption(input, 'from') ?? (0 as UnixMs)
    const until = timeOption(input, 'until') ?? ((clock.now() + dayMs) as UnixMs)
    if (from >= until) throw new WrongUse('--from must be before --until.')
    const sites = visibleSites('operator', sitesOf(registry, option(input, 'street')))
    const quantities = quantitiesOf(option(input, 'quantity'))
    const corrected = quantities?.find((name) => !isMeasured(name))
    if (format === 'parquet' && corrected)
      throw new WrongUse(
        `${corrected} is not in Parquet files, which hold what was measured. Take csv or jsonl.`
      )
    const streets = Object.fromEntries(sites.map((s) => [s.siteId, s.streetId]))
    // What devices sent up to now is in it, even if the hub was stopped before it was stored.
    await pipeline.service.drain()

    const query = {
      siteIds: sites.map((s) => s.siteId),
      from,
      until,
      ...(quantities ? { quantities } : {})
    }
    if (format === 'parquet') return yield* parquet(pipeline.service, { ...query, streets })
    let rows = 0
    const { header, pieces } = textFormats[format]
    yield { text: header(corrected !== undefined) }
    const streetOf = (siteId: string): string => streets[siteId] ?? ''
    const chunks = pipeline.service.export(query)
    for await (const chunk of chunks) {
      rows += chunk.time.length
      for (const text of pieces(chunk, streetOf)) yield { text }
      yield { progress: counted(rows, 'reading') }
    }
    return { json: { rows }, text: `${counted(rows, 'reading')}.` }
  }
}

async function* parquet(
  service: ParquetExporter,
  query: ParquetQuery
): AsyncGenerator<CommandEvent, CommandResult> {
  yield { progress: 'writing the file' }
  let bytes = 0
  for await (const piece of service.exportParquet(query)) {
    bytes += piece.length
    yield { base64: Buffer.from(piece).toString('base64') }
  }
  return { json: { bytes }, text: `${bytes} bytes of Parquet.` }
}

function formatOf(text: string): ExportFormat {
  const found = exportFormatNames.find((format) => format === text)
  if (!found) throw new WrongUse(`--format is "${text}". Give one of: ${exportFormatNames.join(', ')}.`)
  return found
}

function sitesOf(registry: Registry, nameOrId: string | undefined): ReturnType<Registry['sites']> {
  if (nameOrId === undefined) return registry.sites()
  const street = registry.findStreet(nameOrId)
  if (!street) throw unknownStreet(nameOrId, registry.streets())
  return registry.sites().filter((site) => site.streetId === street.streetId)
}

/** One or several with commas; undefined for all that are measured. */
function quantitiesOf(text: string | undefined): Quantity[] | undefined {
  return text?.split(',').map((part) => {
    const name = part.trim()
    if (isQuantity(name)) return name
    throw new WrongUse(`--quantity is "${name}". Give one of: ${quantityNames.join(', ')}.`)
  })
}
