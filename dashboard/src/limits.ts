/** The limits of the pages, each with its arithmetic. */
import { dayMs, minuteMs, secondMs } from '../../model/time.ts'

/** Lines of single sensors that a chart can bear before they are a tangle. */
export const linesMax = 6

/** A new street figure redraws the chart at most this often: an hour's median moves slowly. */
export const redrawMsMin = minuteMs

/** A first reading makes a page ask the hub again at most this often; figures themselves arrive as events. */
export const reloadMsMin = 3 * secondMs

/** From here on a download is offered as a file that the hub makes first: on a usual line of 10 Mbit/s it takes more than a minute. */
export const largeFileBytes = 100e6

/** Whoever waits for such a file sees how far it is this often; the answer is half a kilobyte. */
export const orderLookMs = 3 * secondMs

/** How often the hub is asked for its own facts: a backlog is told within this time. */
export const hubInfoEveryMs = minuteMs

/** Ages are written anew this often; they say minutes. */
export const clockTickMs = 10 * secondMs

/** A browser that gave up on live events is made to try again this often. */
export const liveRetryMs = 5 * secondMs

/** Whoever waits for the first reading of a sensor looks this often: people stay for minutes, and the answer is a kilobyte. */
export const firstReadingEveryMs = 3_000

/** Beats of the hub come every 15 s (liveHeartbeatMs): three that are missing are no hiccup of a phone's network. */
export const silenceMsMax = 45 * secondMs

/** So often a page looks whether the hub is silent, beside the moments at which it wakes up. */
export const pulseCheckMs = secondMs

/** Where live events do not come through (a proxy that keeps them, too many viewers) figures are asked for this often. */
export const pollMs = 30 * secondMs

/** A hub that does not answer within this time is silent: an answer takes it below a second, a year of hours below five. */
export const answerMsMax = 20 * secondMs

/** A device's clock further off than this is told: ages and "today" would be wrong by what people notice. */
export const clockWrongMsMin = 2 * minuteMs

/** Kept answers: the list of a city district of 200 streets is 400 KB; browsers give a site 5 MB. */
export const keptCharactersMax = 1_000_000

/** The streets that somebody looked at last stay readable without a network. */
export const keptStreetsMax = 10

/** Longest side of a photo as it is sent: a little more than the hub keeps, so that it is made smaller well once. */
export const photoSidePxMax = 2_000

/** Entries of a diary before the rest is asked for: a screen of a phone. */
export const diaryEntriesShown = 4

/** Rows of marks on a chart: four are 70 of its 280 pixels. */
export const markRowsMax = 4

/** Erasing years of readings, or moving them, takes minutes on a small machine; a photo takes one on slow mobile data. */
export const longWorkMsMax = 10 * minuteMs

/** Days of a record unless others are chosen: a season, since what damp does takes weeks. */
export const recordDaysDefault = 89
/** Two years less a day, as the hub makes them. */
export const recordDaysMax = 731

/** At eight times the width of a neighbourhood of two kilometres a screen shows 250 metres: one street. */
export const mapZoomMax = 8

/** Rows of streets drawn at once: a hundred with their lines are laid out in a few milliseconds on a cheap phone. */
export const listStepRows = 100

/** Below this many streets the eye finds a name sooner than fingers type it. */
export const searchFrom = 20

/** What is this close to the window is fetched: half a phone's screen, which a finger scrolls in about a second. */
export const nearPx = 300

/** A file below this is no smaller with the headers that tell its compression. */
export const compressedBytesMin = 1_000

/** Whoever has a page open this long gets all of it; by then even slow mobile data has brought what is seen first. */
export const stayedMs = 10 * secondMs

/** Thirteen weeks: each hour of the week has thirteen values, of which a mean needs five. */
export const typicalWeekMsMin = 91 * dayMs
