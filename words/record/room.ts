/** One room of a damp record: instrument, air, coldest corner, heating and airing, what is missing, and its days or weeks. */
import type { RecordInstrument, RoomRecord } from '../../contract/damp-record.ts'
import { moistureSupply, moistureTellsBelowC } from '../../science/surface.ts'
import { longDayText, momentText, withUnit } from '../format.ts'
import { leftOutText } from '../left-out.ts'
import { recordDaysListedMax } from '../limits.ts'
import type { RecordBlock } from './blocks.ts'
import { dayText, type RecordContext } from './context.ts'
import { dash, degrees, orDash, percent, shareOf, tenths, whole } from './numbers.ts'

export function roomBlocks(context: RecordContext, room: RoomRecord, index: number): RecordBlock[] {
  const say = context.words.record
  const parts = [instrumentBlocks(context, room)]
  if (room.figures.hours > 0)
    parts.push(
      airBlocks(context, room),
      cornerBlocks(context, room),
      chartBlocks(context, room, index),
      useBlocks(context, room),
      criteriaBlocks(context, room),
      missingBlocks(context, room),
      listBlocks(context, room)
    )
  return [{ kind: 'heading', level: 2, text: say.room(room.name) }, ...parts.flat()]
}

function instrumentBlocks(context: RecordContext, room: RoomRecord): RecordBlock[] {
  const say = context.words.record
  const { labels } = say
  const { figures, instruments } = room
  const measured = say.ofHours(
    whole(context, figures.hours),
    whole(context, figures.expected),
    shareOf(context, figures.hours, figures.expected)
  )
  return [
    { kind: 'heading', level: 3, text: say.instrument },
    {
      kind: 'facts',
      caption: say.instrument,
      rows: [
        [labels.room, room.name],
        [labels.street, room.street],
        ...instruments.flatMap((one) => instrumentRows(context, one)),
        [labels.checked, say.checked],
        [labels.measured, measured]
      ]
    },
    ...(instruments.length > 1 || instruments.some(({ until }) => until !== null)
      ? [{ kind: 'text' as const, text: say.moved }]
      : [])
  ]
}

function instrumentRows(context: RecordContext, one: RecordInstrument): [string, string][] {
  const say = context.words.record
  const { labels } = say
  const names = one.sensors.length === 0 ? say.sensorUnknown : one.sensors.join(', ')
  const { humidity, temperatureC, source } = one.error
  return [
    [labels.box, `${one.deviceId} (${one.dialect})`],
    [labels.sensor, names],
    [labels.error, say.error(whole(context, humidity), degrees(context, temperatureC), source)],
    [labels.interval, intervalText(context, one.intervalS)],
    [labels.here, stayText(context, one)]
  ]
}

function intervalText(context: RecordContext, intervalS: number | null): string {
  const say = context.words.record
  if (intervalS === null) return say.intervalUnknown
  return intervalS % 60 === 0
    ? say.everyMinutes(whole(context, intervalS / 60))
    : say.everySeconds(whole(context, intervalS))
}

function stayText(context: RecordContext, { from, until }: RecordInstrument): string {
  const say = context.words.record
  const day = (iso: string): string => longDayText(context, Date.parse(iso))
  if (from !== null) return until === null ? say.hereFrom(day(from)) : say.hereBetween(day(from), day(until))
  return until === null ? say.hereAlways : say.hereUntil(day(until))
}

function airBlocks(context: RecordContext, room: RoomRecord): RecordBlock[] {
  const say = context.words.record
  const { labels } = say
  const { figures } = room
  const spread = (
    { mean, min, max }: RoomRecord['figures']['humidity'],
    text: (value: number) => string
  ): string =>
    mean === null || min === null || max === null
      ? say.notEnough
      : say.spread(text(mean), text(min), text(max))
  const inGrams = (value: number): string => `${tenths(context, value)} g/m³`
  const inDegrees = (value: number): string => degrees(context, value)
  const hours = (count: number): string => say.hoursOf(whole(context, count), whole(context, figures.hours))
  return [
    { kind: 'heading', level: 3, text: say.air },
    {
      kind: 'facts',
      caption: say.air,
      rows: [
        [labels.temperature, spread(figures.temperatureC, inDegrees)],
        [labels.humidity, spread(figures.humidity, (value) => percent(context, value))],
        [labels.humid, hours(room.hoursHumid)],
        [labels.dewPoint, spread(figures.dewPointC, inDegrees)],
        [labels.water, spread(figures.absoluteHumidityGm3, inGrams)]
      ]
    }
  ]
}

function cornerBlocks(context: RecordContext, room: RoomRecord): RecordBlock[] {
  const say = context.words.record
  const { corner } = room
  const heading: RecordBlock = { kind: 'heading', level: 3, text: say.corner }
  const basis: RecordBlock = { kind: 'text', text: basisText(context, room) }
  if (corner.basis === 'none') return [heading, basis]
  return [
    heading,
    basis,
    ...(room.outdoorElsewhere ? [{ kind: 'text' as const, text: say.elsewhere }] : []),
    { kind: 'facts', caption: say.corner, rows: cornerRows(context, room) },
    { kind: 'text', text: `${say.risk80} ${say.spellNote} ${say.mouldNote}`, small: true }
  ]
}

function cornerRows(context: RecordContext, { corner, figures }: RoomRecord): [string, string][] {
  const say = context.words.record
  const { labels } = say
  const { surface, mouldIndex } = figures
  const { hoursAtRisk, hoursCondensing, longestSpellHours: spell, longestSpellFrom: since } = surface
  const hours = (count: number | null): string =>
    orDash(count, (known) => say.hoursOf(whole(context, known), whole(context, surface.hours)))
  const margin =
    corner.marginC.mean === null || corner.marginC.min === null
      ? dash
      : say.marginText(
          degrees(context, corner.marginC.mean),
          degrees(context, corner.marginC.min),
          whole(context, corner.hoursDewBelow1 ?? 0)
        )
  return [
    [
      labels.cornerMean,
      corner.meanC === null || corner.lowestC === null
        ? dash
        : say.lowest(degrees(context, corner.meanC), degrees(context, corner.lowestC))
    ],
    [labels.risk, hours(hoursAtRisk)],
    [
      labels.spell,
      spell === null || since === null
        ? dash
        : say.spellText(whole(context, spell), momentText(context, Date.parse(since)))
    ],
    [labels.condensing, hours(hoursCondensing)],
    [labels.margin, margin],
    [
      labels.mould,
      mouldIndex
        ? say.mouldRange(
            tenths(context, mouldIndex.lowest),
            tenths(context, mouldIndex.highest),
            tenths(context, mouldIndex.peak)
          )
        : say.mouldNone
    ]
  ]
}

function basisText(context: RecordContext, { corner }: RoomRecord): string {
  const { basis } = context.words.record
  const factor = (corner.factor ?? 0).toFixed(2)
  switch (corner.basis) {
    case 'measured':
      return basis.measured(
        factor,
        longDayText(context, Date.parse(corner.measuredAt ?? '')),
        corner.measurements,
        corner.ofThisRoom
      )
    case 'assumed':
      return basis.assumed(factor)
    case 'sensor':
    case 'none':
      return basis[corner.basis]
  }
}

function chartBlocks(context: RecordContext, room: RoomRecord, index: number): RecordBlock[] {
  const say = context.words.record
  const window = say.window[room.columns.window]
  return (['humidity', 'temperature'] as const).map((chart) => {
    const title = chart === 'humidity' ? say.chartHumidity : say.chartTemperature
    return {
      kind: 'chart',
      chart,
      room: index,
      title: `${title} (${window})`,
      alt: say.chartAlt(title, room.name, window)
    }
  })
}

function useBlocks(context: RecordContext, room: RoomRecord): RecordBlock[] {
  const say = context.words.record
  const { figures, excess, hoursCold } = room
  const [cold, hours] = [whole(context, hoursCold), whole(context, figures.hours)]
  const mean = figures.temperatureC.mean
  const heated =
    mean === null ? say.heatedNoMean(cold, hours) : say.heated(cold, hours, degrees(context, mean))
  return [
    { kind: 'heading', level: 3, text: say.use },
    { kind: 'text', text: heated },
    { kind: 'text', text: excessText(context, excess) },
    { kind: 'text', text: say.windowsUnknown }
  ]
}

function excessText(context: RecordContext, { gm3, pa, outsideC }: RoomRecord['excess']): string {
  const say = context.words.record
  if (gm3 === null || pa === null || outsideC === null) return say.excessNone
  const figure = say.excess(tenths(context, gm3), whole(context, pa), degrees(context, outsideC))
  const supply = moistureSupply(gm3, outsideC)
  if (supply === undefined) return `${figure} ${say.excessMild(whole(context, moistureTellsBelowC))}`
  const means = { little: say.excessLow, usual: say.excessMiddle, much: say.excessHigh }[supply]
  return `${figure} ${means}`
}

function criteriaBlocks(context: RecordContext, { figures }: RoomRecord): RecordBlock[] {
  const say = context.words.record
  const { air, surface } = figures.criteria
  const value = (highest: number | null): string =>
    orDash(highest, (known) => withUnit(context.words, tenths(context, known), '%'))
  return [
    { kind: 'heading', level: 3, text: say.criteria },
    {
      kind: 'table',
      caption: say.criteria,
      head: say.criteriaHead,
      rows: air.map((one, i) => [
        say.criteriaPeriods[one.period as keyof typeof say.criteriaPeriods],
        value(one.highest),
        say.atMost(percent(context, one.limit)),
        value(surface[i]?.highest ?? null),
        say.atMost(percent(context, surface[i]?.limit ?? 0))
      ])
    },
    { kind: 'text', text: say.criteriaNote, small: true }
  ]
}

function missingBlocks(context: RecordContext, room: RoomRecord): RecordBlock[] {
  const say = context.words.record
  const { figures, gaps, gapCount, doubt, instruments } = room
  const lost = figures.expected - figures.hours
  const moment = (iso: string): string => momentText(context, Date.parse(iso))
  const error = instruments.reduce((most, one) => Math.max(most, one.error.humidity), 0)
  return [
    { kind: 'heading', level: 3, text: say.missing },
    {
      kind: 'text',
      text:
        lost === 0
          ? say.missingNone
          : say.missingHours(whole(context, lost), whole(context, figures.expected))
    },
    ...(gaps.length === 0
      ? []
      : [
          {
            kind: 'table' as const,
            caption: say.missing,
            head: say.gapsHead,
            widths: [40, 40, 20],
            rows: gaps.map(({ from, until, hours }) => [moment(from), moment(until), whole(context, hours)])
          },
          ...(gapCount > gaps.length
            ? [{ kind: 'text' as const, text: say.gapsMore(gaps.length, gapCount), small: true }]
            : [])
        ]),
    ...leftOutBlocks(context, room),
    ...(doubt && room.corner.basis !== 'none'
      ? [
          {
            kind: 'text' as const,
            text: say.doubt(
              whole(context, error),
              whole(context, doubt.lowest),
              whole(context, doubt.highest)
            )
          }
        ]
      : [])
  ]
}

/** Both figures, the worse one first. */
function leftOutBlocks(context: RecordContext, { figures, both }: RoomRecord): RecordBlock[] {
  const { words } = context
  const say = words.record
  if (figures.leftOut.count === 0) return [{ kind: 'text', text: `${say.leftOutNone} ${say.suspect}` }]
  const said: RecordBlock = { kind: 'text', text: `${leftOutText(words, figures.leftOut)} ${say.suspect}` }
  if (!both) return [said, { kind: 'text', text: say.bothNot }]
  const row = (name: string, risk: (typeof both)['with']): string[] => [
    name,
    whole(context, risk.hoursAtRisk),
    whole(context, risk.hours),
    whole(context, risk.longestSpellHours)
  ]
  const rows = [
    row(say.bothWith(whole(context, both.readings)), both.with),
    row(say.bothWithout, both.without)
  ]
  return [
    said,
    {
      kind: 'table',
      caption: say.bothNote,
      head: say.bothHead,
      widths: [46, 18, 16, 20],
      rows: both.with.hoursAtRisk >= both.without.hoursAtRisk ? rows : rows.toReversed()
    },
    { kind: 'text', text: say.bothNote, small: true }
  ]
}

function listBlocks(context: RecordContext, room: RoomRecord): RecordBlock[] {
  return room.days.length <= recordDaysListedMax ? dayBlocks(context, room) : weekBlocks(context, room)
}

function dayBlocks(context: RecordContext, { days }: RoomRecord): RecordBlock[] {
  const say = context.words.record
  const spread = (
    { mean, min, max }: RoomRecord['days'][number]['humidity'],
    text: (value: number) => string
  ) => (mean === null || min === null || max === null ? dash : `${text(mean)} (${text(min)} to ${text(max)})`)
  return [
    { kind: 'heading', level: 3, text: say.days },
    {
      kind: 'table',
      caption: say.days,
      head: say.daysHead,
      widths: [17, 13, 20, 18, 11, 10, 11],
      rows: days.map((day) => [
        dayText(context, day.date),
        `${whole(context, day.hours)}/${whole(context, day.expected)}`,
        spread(day.temperatureC, (value) => tenths(context, value)),
        spread(day.humidity, (value) => whole(context, value)),
        whole(context, day.hoursHumid),
        orDash(day.hoursAtRisk, (count) => whole(context, count)),
        whole(context, day.hoursCold)
      ])
    }
  ]
}

function weekBlocks(context: RecordContext, { weeks }: RoomRecord): RecordBlock[] {
  const say = context.words.record
  const value = (of: number | null): string => orDash(of, (known) => tenths(context, known))
  return [
    { kind: 'heading', level: 3, text: say.weeks },
    {
      kind: 'table',
      caption: say.weeks,
      head: say.weeksHead,
      widths: [24, 14, 10, 12, 12, 18, 10],
      rows: weeks.map((week) => [
        `${dayText(context, week.from)} ${dash} ${dayText(context, week.until)}`,
        `${whole(context, week.hours)}/${whole(context, week.expected)}`,
        value(week.temperatureC),
        orDash(week.humidity, (known) => whole(context, known)),
        value(week.outsideC),
        week.excessGm3 === null || week.excessPa === null
          ? dash
          : `${tenths(context, week.excessGm3)} (${whole(context, week.excessPa)})`,
        orDash(week.hoursAtRisk, (count) => whole(context, count))
      ])
    },
    { kind: 'text', text: say.weeksNote, small: true }
  ]
}
