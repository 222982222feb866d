/** A street and its public sites now: newest figures, levels, the state of each sensor. */
import { Type, type Static } from 'typebox'
import { PlaceShown } from './place.ts'
import { CorrectedParts } from './correction.ts'
import { Moment, Nullable } from './shape.ts'

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
  missing: Type.Optional(
    Type.Array(Type.String(), {
      description:
        'Pollutants of the index (uk-daqi) that have no figure on this street: with them the index may be higher'
    })
  ),
  indicative: Type.Literal(true)
})
export type Level = Static<typeof Level>

/** The last 12 months of a street up to the last midnight, or as long as there is: what stands beside a level. */
export const LastYear = Type.Object({
  from: Type.String({ format: 'date-time', description: 'The first day with a street value' }),
  until: Type.String({ format: 'date-time', description: 'Not included' }),
  days: Type.Integer({ description: 'Days (nights, for sound) with a street value' }),
  daysExpected: Type.Integer({ description: 'Days from the first one on' }),
  mean: Nullable(Type.Number({ description: 'Mean of these days; of nights the energy mean' })),
  daysAbove: Nullable(
    Type.Integer({ description: "Days above WHO's guideline for a day; null where there is none" })
  )
})
export type LastYear = Static<typeof LastYear>

/**
 * The newest figure of a street for one quantity. `basis` says what it is: the middle of the street's outdoor sites,
 * what is typical of consenting homes, or — where there are too few sites or too little coverage — the newest reading of
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
  period: Type.String({
    description: 'last 24 hours, last night, last 8 hours, last hour, last 7 days, one reading'
  }),
  sites: Nullable(
    Type.Integer({
      description:
        'Sites that counted; beside a single sensor, how many had coverage and were too few. null for homes'
    })
  ),
  sitesTotal: Nullable(Type.Integer({ description: 'Sites that could have counted; null for homes' })),
  coverage: Nullable(Type.Number({ description: 'null for homes' })),
  level: Nullable(Level),
  lastYear: Type.Optional(LastYear),
  ...CorrectedParts,
  /** Hourly middles of the last 24 hours, oldest first (homes: daily ones of the last 14 published days). */
  recent: Type.Array(Nullable(Type.Number()))
})
export type StreetLatest = Static<typeof StreetLatest>

export const SiteLatest = Type.Object({
  value: Type.Number(),
  unit: Type.String(),
  at: Type.String({ format: 'date-time' }),
  flag: Type.Integer(),
  reasons: Type.Array(Type.String()),
  judged: Type.Boolean({
    description:
      'false until the look back, a few minutes after each hour, has compared it with the readings around it: a stuck sensor, a spike and a value far from the neighbours are found only then'
  })
})
export type SiteLatest = Static<typeof SiteLatest>

export const PublicSite = Type.Object({
  id: Type.String(),
  name: Type.String(),
  streetId: Type.String(),
  placement: Type.Literal('outdoor'),
  reference: Type.Boolean({
    description: 'A reference instrument: never mixed into the value of its street'
  }),
  place: PlaceShown,
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

/** One outdoor sensor for whoever opens its page: where it is, and what is known of its box. */
export const SiteDetail = Type.Object({
  ...PublicSite.properties,
  streetName: Type.String(),
  hardware: Type.Object({
    dialect: Type.String({ description: 'The family of firmware' }),
    sensors: Type.Array(Type.String(), { description: 'What is in the box, as far as somebody said it' }),
    intervalS: Nullable(Type.Number({ description: 'Seconds between readings' })),
    intervalAssumed: Type.Boolean({ description: 'Learnt from its readings, not said by its host' }),
    since: Nullable(
      Type.String({
        format: 'date-time',
        description: 'When this box came here; null: no beginning was given'
      })
    ),
    unauthenticated: Type.Boolean({
      description: 'Its firmware can hold no secret: it counts in no street value'
    })
  })
})
export type SiteDetail = Static<typeof SiteDetail>

export const StreetSummary = Type.Object({
  id: Type.String(),
  name: Type.String(),
  latest: Type.Record(Type.String(), StreetLatest),
  outdoorSites: Type.Integer(),
  lines: Type.Array(Type.Array(Type.Array(Type.Number()))),
  attribution: Type.String()
})
export type StreetSummary = Static<typeof StreetSummary>

/** Something that happened on a street and may explain its numbers. */
export const Annotation = Type.Object({
  from: Moment,
  until: Nullable(Moment),
  text: Type.String()
})
export type Annotation = Static<typeof Annotation>

export const StreetDetail = Type.Object({
  ...StreetSummary.properties,
  sites: Type.Array(PublicSite),
  annotations: Type.Array(Annotation, { description: 'What a steward noted of the street, oldest first' })
})
export type StreetDetail = Static<typeof StreetDetail>
