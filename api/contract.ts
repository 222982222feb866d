/**
 * What the HTTP API answers: TypeBox schemas, from which validation, the OpenAPI document and the dashboard's types
 * come. Times are Unix milliseconds in columns and ISO 8601 UTC elsewhere; missing is null.
 */
import { Type, type Static } from 'typebox'

const Nullable = <T extends import('typebox').TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/** A correction that made numbers of an answer. */
export const CorrectionEntry = Type.Object({
  id: Type.String(),
  version: Type.Integer({ description: 'Grows with each change of it' }),
  site: Nullable(Type.String({ description: 'Where; null: wherever its box hangs' })),
  quantity: Type.String({ description: 'The raw quantity' }),
  formula: Type.String(),
  formulaVersion: Type.Integer(),
  title: Type.String(),
  text: Type.String({ description: 'The formula as people write it' }),
  source: Type.String(),
  coefficients: Type.Record(Type.String(), Type.Number()),
  sensor: Type.String({ description: 'The kind of sensor it is for' }),
  from: Nullable(
    Type.String({ format: 'date-time', description: 'By the time measured; null: without limit' })
  ),
  until: Nullable(Type.String({ format: 'date-time', description: 'Not included' }))
})
export type CorrectionEntry = Static<typeof CorrectionEntry>

/** Those that make numbers of public sites. */
export const CorrectionsInUse = Type.Object({
  corrections: Type.Array(
    Type.Object({ ...CorrectionEntry.properties, siteName: Type.String(), street: Type.String() })
  ),
  recomputing: Type.Object({ hoursLeft: Type.Integer(), hoursTotal: Type.Integer() })
})
export type CorrectionsInUse = Static<typeof CorrectionsInUse>

/** With corrected numbers only: a quantity that was measured has neither. */
export const CorrectedParts = {
  corrections: Type.Optional(
    Type.Array(CorrectionEntry, {
      description: 'Of corrected numbers: those that made them, by site and time'
    })
  ),
  recomputing: Type.Optional(
    Type.Boolean({
      description: 'A correction of this hub changed, and some hours and days still show how it was before'
    })
  )
}

const CorrectionOfPoints = Type.Optional(
  Type.Array(Type.Union([Type.Integer(), Type.Null()]), {
    description: 'Of each point, an index into corrections: of an hour or day the last that held in it'
  })
)

/** The word for a value under a named scale and averaging period; low-cost sensors make it indicative, always. */
export const Level = Type.Object({
  scale: Type.String({ description: 'e.g. uk-daqi, who-night-noise, room-humidity' }),
  /** 0 is best; the number of steps of the scale is `steps`. Picks the colour. */
  step: Type.Integer(),
  steps: Type.Integer(),
  word: Type.String({ description: 'Low, Moderate, High, Very high …' }),
  index: Nullable(
    Type.Integer({ description: 'The number of the index where the scale has one (DAQI 1 to 10)' })
  ),
  indicative: Type.Literal(true)
})
export type Level = Static<typeof Level>

/**
 * The newest figure of a street for one quantity. `basis` says what it is: the middle of the street's outdoor sites,
 * the middle of consenting homes, or — where there are too few sites or too little coverage — the newest reading of
 * one outdoor sensor, which never has a level.
 */
export const StreetLatest = Type.Object({
  value: Nullable(Type.Number()),
  unit: Type.String(),
  at: Nullable(
    Type.String({
      format: 'date-time',
      description: 'For a mean the end of its newest window, for one reading the time it was measured'
    })
  ),
  basis: Type.Union([
    Type.Literal('sites'),
    Type.Literal('homes'),
    Type.Literal('sensor'),
    Type.Literal('none')
  ]),
  period: Type.String({ description: 'last 24 hours, last night, last hour, last 7 days, one reading' }),
  sites: Type.Integer({
    description: 'Sites or homes that counted; beside a single sensor, how many had coverage and were too few'
  }),
  sitesTotal: Type.Integer({ description: 'Sites that could have counted; for homes the same as sites' }),
  coverage: Nullable(Type.Number()),
  level: Nullable(Level),
  ...CorrectedParts,
  /** Hourly middles of the last 24 hours, oldest first (homes: daily ones of the last 14 published days). */
  recent: Type.Array(Nullable(Type.Number()))
})
export type StreetLatest = Static<typeof StreetLatest>

/** One line of the table of quantities. */
export const QuantityEntry = Type.Object({
  quantity: Type.String(),
  label: Type.String({ description: 'Shown to people' }),
  unit: Type.String(),
  ucum: Type.String({ description: 'UCUM code of the unit' }),
  subject: Type.Union([
    Type.Literal('air'),
    Type.Literal('noise'),
    Type.Literal('climate'),
    Type.Literal('device')
  ]),
  limits: Type.Object(
    {
      possibleMin: Type.Number(),
      possibleMax: Type.Number(),
      usualMin: Type.Number(),
      usualMax: Type.Number()
    },
    {
      description:
        'Values that cannot be are kept with flag 4 and are in no mean; unusual ones are kept with flag 3.'
    }
  ),
  decimals: Type.Integer({ description: 'Decimals worth showing' }),
  average: Type.Union(
    [
      Type.Literal('arithmetic'),
      Type.Literal('energy'),
      Type.Literal('max'),
      Type.Literal('min'),
      Type.Literal('none')
    ],
    { description: 'How hours and days are made of readings: decibels are averaged as energy' }
  ),
  source: Nullable(
    Type.String({ description: 'Of a corrected quantity the raw one from which the hub computes it' })
  )
})
export type QuantityEntry = Static<typeof QuantityEntry>

export const SiteLatest = Type.Object({
  value: Type.Number(),
  unit: Type.String(),
  at: Type.String({ format: 'date-time' }),
  flag: Type.Integer(),
  reasons: Type.Array(Type.String())
})
export type SiteLatest = Static<typeof SiteLatest>

export const PublicSite = Type.Object({
  id: Type.String(),
  name: Type.String(),
  streetId: Type.String(),
  placement: Type.Literal('outdoor'),
  state: Type.Union(
    [Type.Literal('online'), Type.Literal('silent'), Type.Literal('never'), Type.Literal('unusable')],
    {
      description:
        'online; silent: nothing for five intervals but at least a minute, or an hour where the interval is unknown; ' +
        'never: no reading yet; unusable: it sends, but for as long no reading that has not failed (a broken sensor, or a backlog)'
    }
  ),
  latest: Type.Record(Type.String(), SiteLatest)
})
export type PublicSite = Static<typeof PublicSite>

export const StreetSummary = Type.Object({
  id: Type.String(),
  name: Type.String(),
  latest: Type.Record(Type.String(), StreetLatest),
  outdoorSites: Type.Integer(),
  lines: Type.Array(Type.Array(Type.Array(Type.Number()))),
  attribution: Type.String()
})
export type StreetSummary = Static<typeof StreetSummary>

export const StreetDetail = Type.Object({
  ...StreetSummary.properties,
  sites: Type.Array(PublicSite)
})
export type StreetDetail = Static<typeof StreetDetail>

const Numbers = Type.Array(Nullable(Type.Number()))

/** Hourly and daily columns stand on a regular grid from the first to the last window asked for: a gap is null, not absent. */
export const StreetSeries = Type.Object({
  quantity: Type.String(),
  unit: Type.String(),
  window: Type.Union([Type.Literal('hour'), Type.Literal('day')]),
  basis: Type.Union([Type.Literal('sites'), Type.Literal('homes')]),
  /** Sites with coverage that a value needs; windows with fewer are null. */
  sitesNeeded: Type.Integer(),
  time: Type.Array(Type.Number()),
  median: Numbers,
  p25: Numbers,
  p75: Numbers,
  sites: Type.Array(Type.Integer()),
  coverage: Numbers,
  ...CorrectedParts
})
export type StreetSeries = Static<typeof StreetSeries>

export const SiteRawSeries = Type.Object({
  quantity: Type.String(),
  unit: Type.String(),
  window: Type.Literal('raw'),
  time: Type.Array(Type.Number()),
  value: Numbers,
  flag: Type.Array(Type.Integer()),
  correction: CorrectionOfPoints,
  ...CorrectedParts
})
export const SiteRollupSeries = Type.Object({
  quantity: Type.String(),
  unit: Type.String(),
  window: Type.Union([Type.Literal('hour'), Type.Literal('day')]),
  time: Type.Array(Type.Number()),
  mean: Numbers,
  min: Numbers,
  max: Numbers,
  p10: Numbers,
  p50: Numbers,
  p90: Numbers,
  count: Type.Array(Type.Integer()),
  coverage: Numbers,
  correction: CorrectionOfPoints,
  ...CorrectedParts
})
export type SiteRollupSeries = Static<typeof SiteRollupSeries>
export const SiteSeries = Type.Union([SiteRawSeries, SiteRollupSeries])
export type SiteSeries = Static<typeof SiteSeries>

export const Health = Type.Object({
  status: Type.Union([Type.Literal('ready'), Type.Literal('degraded'), Type.Literal('unready')]),
  reasons: Type.Array(Type.String()),
  version: Type.String(),
  doing: Type.Array(Type.String(), {
    description: 'Long work that goes on, such as corrected values being made anew'
  })
})
export type Health = Static<typeof Health>

/** RFC 9457. `code` is stable; `detail` says what to do. */
export const ProblemDocument = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String(),
  code: Type.String()
})

/** What everybody sees of the hub itself, for page titles, footers and first steps. */
export const HubInfo = Type.Object({
  name: Type.String(),
  timezone: Type.String(),
  licence: Type.String(),
  version: Type.String(),
  streets: Type.Integer(),
  sites: Type.Integer(),
  demo: Type.Boolean(),
  mqttPort: Type.Integer({ description: 'Where sensors connect' })
})
export type HubInfo = Static<typeof HubInfo>

/** Server-sent events of /live: `reading` as soon as it is durable (outdoor sites only), `street` when its figures changed. */
export const LiveReading = Type.Object({
  streetId: Type.String(),
  siteId: Type.String(),
  quantity: Type.String(),
  at: Type.String({ format: 'date-time' }),
  value: Type.Number(),
  unit: Type.String(),
  flag: Type.Integer()
})
export type LiveReading = Static<typeof LiveReading>

export const LiveStreet = Type.Object({
  streetId: Type.String(),
  latest: Type.Record(Type.String(), StreetLatest)
})
export type LiveStreet = Static<typeof LiveStreet>
