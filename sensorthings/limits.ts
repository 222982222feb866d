/** The limits of SensorThings queries, each with its arithmetic. */
import { dayMs } from '../model/time.ts'

/** Characters of a path with its query, once decoded: Node takes no request line above 16 KB, and an answer names it again in its links. */
export const addressCharsMax = 16_000

/** Words and signs of a $filter or $orderby: a filter that names fifty streets has about 400. */
export const tokensMax = 4_000

/** Brackets within brackets. People nest four deep; each level takes the parser one call of about 200 bytes. */
export const bracketsMax = 64

/** $expand within $expand. From a Thing to the Observation of another Thing on its street takes five. */
export const expandDepthMax = 6

/** Parts of a path: Things(1)/Datastreams(2)/Observations(3)/resultQuality/flag has five. */
export const segmentsMax = 12

/** Entities in a page where $top says nothing. The same number is usual elsewhere (FROST-Server's default). */
export const pageDefault = 100
/** …and at most: 1,000 Things with six Datastreams each are 6 MB. */
export const pageMax = 1_000
/** Observations as entities: 10,000 at about 500 bytes are 5 MB. */
export const observationsPageMax = 10_000
/** …and as arrays or lines, at about 80 bytes each 4 MB: a month of minutes is 44,640. */
export const arrayPageMax = 50_000

/** Entities in one answer, those expanded into others included: at about 1 kB each 20 MB. */
export const answerEntitiesMax = 20_000

/**
 * Readings that one query may look at while it searches for those that its $filter or $orderby wants: 10 million pass in about five
 * seconds, a street's year of minutes with ten sites.
 */
export const searchedReadingsMax = 10_000_000

/** Readings of a stretch of time that is read backwards, and so held: at about 100 bytes 10 MB. */
export const stretchReadingsMax = 100_000
/** …and how many are aimed at: 35,000 of one Datastream come in two stretches, each of which takes the store one pass over its time. */
export const stretchReadingsWanted = 25_000

/** A place in the queue goes to others after so many searched readings: about 20 ms. */
export const breathEvery = 50_000

/** Observations that are kept in order while a search goes on: a page, and what $skip passes over. */
export const sortedMax = 100_000

/** Combinations of linked entities that a filter tries for one entity: a street's 1,000 Things with ten Datastreams each. */
export const choicesMax = 20_000

/** The longest stretch of time that is read at once: a box that was silent for years is found in a few steps. */
export const stretchMsMax = 366 * dayMs

/** Datastreams whose newest Observations are searched together. */
export const streamsTogetherMax = 200
