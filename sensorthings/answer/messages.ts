/** Observations as messages, under the topics that the standard gives them: OGC 18-088, section 14.2. */
import { observationsRoot } from '../../model/message.ts'
import type { Model } from '../entities/building.ts'
import type { Row, Series } from '../entities/entity.ts'
import type { LatestReading } from '../../store/promise/read.ts'
import { EntityWriter } from './json.ts'

export interface ObservationMessage {
  /** As paths of the service: of its Datastream, and of all together. */
  topics: readonly [ofDatastream: string, ofAll: string]
  /** Written when it is asked for: most are heard by nobody. */
  payload(): string
}

/** Readings of what the public may not see have no Datastream, so nothing is made of them. */
export function observationMessages(
  { streams }: Model,
  base: string,
  readings: readonly LatestReading[]
): ObservationMessage[] {
  const byName = new Map<string, Series>()
  for (const { siteId, quantity, series } of streams)
    for (const one of series) byName.set(`${siteId} ${one.deviceId} ${quantity}`, one)
  const writer = new EntityWriter(base)
  return readings.flatMap(({ siteId, deviceId, quantity, measuredAt: at, value, flag, reasons }) => {
    const series = byName.get(`${siteId} ${deviceId} ${quantity}`)
    if (!series) return []
    const row: Row = { series, at, until: at, value, flag, reasons }
    const topic = `${observationsRoot}/Datastreams(${series.stream.datastream.id})/Observations`
    return {
      topics: [topic, `${observationsRoot}/Observations`] as const,
      payload: () => writer.write({ subject: row, expanded: new Map() }, undefined)
    }
  })
}
