/** What airing, heating or washing changed in a room, of the entries of a diary that name them. */
import type { DiaryChange } from '../../contract/diary.ts'
import type { TimeRange } from '../../model/columns.ts'
import type { DiaryEntry } from '../../model/diary.ts'
import { figureDecimals, finiteToDecimals, toDecimals } from '../../model/decimals.ts'
import { toIso, type UnixMs } from '../../model/time.ts'
import { airChange, changeReach, type Act, type AirAt, type AirChange } from '../../science/airing-effect.ts'
import type { ReadingReader } from '../../store/promise/read.ts'
import { changesShownMax } from '../limits.ts'
import { ownPartOf, ownRooms, type OwnPlaces } from './own-places.ts'

export interface OwnChangesDeps {
  own: OwnPlaces
  readings: Pick<ReadingReader, 'raw'>
}

/** Newest first; of entries that name no room each room of the home. */
export async function ownChanges(
  { own, readings }: OwnChangesDeps,
  personId: string,
  { from, until }: TimeRange
): Promise<DiaryChange[]> {
  const acts = own
    .diary(personId)
    .filter(({ kind, at }) => isAct(kind) && at >= from && at < until)
    .slice(-changesShownMax)
    .toReversed()
  const rooms = ownRooms(own, personId)
  const changes: DiaryChange[] = []
  for (const entry of acts)
    for (const room of rooms.filter((one) => one.homeId === entry.homeId)) {
      if (entry.siteId !== null && entry.siteId !== room.siteId) continue
      const around = { from: entry.at - changeReach.beforeMs, until: entry.at + changeReach.afterMs }
      const airs = await airsOf(readings, room.siteId, ownPartOf(own, room, around as TimeRange))
      const change = airChange(entry.kind as Act, entry.at, airs)
      if (change) changes.push(shownChange(entry, room.siteId, change))
    }
  return changes
}

function isAct(kind: DiaryEntry['kind']): kind is Act {
  return kind === 'window' || kind === 'heating' || kind === 'washing'
}

/** Temperature and humidity of the same moment; readings that failed their checks are left out. */
async function airsOf(
  readings: Pick<ReadingReader, 'raw'>,
  siteId: string,
  range: TimeRange
): Promise<AirAt[]> {
  const [temperature, humidity] = await Promise.all(
    (['temperature', 'humidity'] as const).map((quantity) => readings.raw({ siteId, quantity, ...range }))
  )
  const wet = new Map(humidity!.time.map((time, i) => [time, i]))
  return temperature!.time.flatMap((time, i) => {
    const j = wet.get(time)
    if (j === undefined || temperature!.flag[i] === 4 || humidity!.flag[j] === 4) return []
    const [temperatureC, percent] = [temperature!.value[i], humidity!.value[j]]
    if (temperatureC === undefined || percent === undefined) return []
    return [{ time: time as UnixMs, temperatureC, humidity: percent }]
  })
}

function shownChange(
  { entryId, kind, at }: DiaryEntry,
  room: string,
  { before, after, minutes, laterWaterGm3 }: AirChange
): DiaryChange {
  const tidy = ({ temperatureC, humidity, waterGm3 }: AirChange['before']): DiaryChange['before'] => ({
    temperatureC: toDecimals(temperatureC, figureDecimals),
    humidity: toDecimals(humidity, figureDecimals),
    waterGm3: toDecimals(waterGm3, figureDecimals)
  })
  return {
    entry: entryId,
    room,
    kind: kind as Act,
    at: toIso(at),
    before: tidy(before),
    after: tidy(after),
    minutes,
    laterWaterGm3: finiteToDecimals(laterWaterGm3, figureDecimals)
  }
}
