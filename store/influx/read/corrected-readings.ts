/** Reads the sources of corrected quantities and computes their readings, for many sites at once. */
import { humidityAgeMsMax } from '../../../model/limits.ts'
import type { UnixMs } from '../../../model/time.ts'
import type { Series } from '../../memory/catalogue.ts'
import { correctedColumns } from '../../corrected.ts'
import type { ComputedSeries, CorrectedSeries } from '../../memory/corrections.ts'
import { standingOf, type Standing } from '../wire/columns.ts'
import type { Core } from '../core.ts'
import { judgedFields, quantitiesOf, readFieldsOfRuns, type Run } from './questions.ts'

type Stretches = readonly (readonly [from: number, until: number])[]

export async function computeCorrected(
  core: Core,
  wanted: readonly CorrectedSeries[],
  stretches: Stretches
): Promise<ComputedSeries[]> {
  if (wanted.length === 0 || stretches.length === 0) return []
  const sources = wanted.map((one) => one.source)
  const source = await readSeries(core, sources, stretches)
  const humidity = await readHumidity(core, wanted, stretches)
  return wanted.map((of) => {
    const columns = source.get(of.source.id) ?? { time: [], value: [], flag: [], reasons: [] }
    const air = of.humidity && humidity.get(of.humidity.id)
    return { of, source: columns, columns: correctedColumns(columns, air, of.rows) }
  })
}

/** By series; from a little before each stretch, since what is newest counts for a while. */
export function readHumidity(
  core: Core,
  wanted: readonly CorrectedSeries[],
  stretches: Stretches
): Promise<Map<number, Standing>> {
  return readSeries(
    core,
    wanted.flatMap((one) => one.humidity ?? []),
    stretches.map(([from, until]) => [from - humidityAgeMsMax, until] as const)
  )
}

async function readSeries(
  core: Core,
  series: readonly Series[],
  stretches: Stretches
): Promise<Map<number, Standing>> {
  const there = [...new Set(series)].filter(({ low, high }) => low <= high)
  const runs = stretches.map(([from, until]): Run => {
    const mounts = core.mounts.ofSeries(there.filter(({ low, high }) => low < until && high >= from))
    return {
      mounts,
      range: { from: from as UnixMs, until: until as UnixMs },
      fields: judgedFields(quantitiesOf(there))
    }
  })
  const found = await readFieldsOfRuns(core, 'correcting readings', runs)
  const standing = new Map<number, Standing>()
  for (const one of there) {
    const fields = found.get(core.mounts.of(one))
    if (fields) standing.set(one.id, standingOf(fields, one.channel.quantity))
  }
  return standing
}
