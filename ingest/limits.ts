/** The limits of decoding, storing and importing, each with its arithmetic. */
import { dayMs, hourMs, minuteMs, secondMs } from '../model/time.ts'

/** A box has a dozen entities; 64 is a large one, and beyond it nothing more is remembered. */
export const esphomeEntitiesMax = 64
/** An SHT3x publishes both of its values within 50 ms; two seconds are room for a slow Wi-Fi. */
export const esphomeGroupMsMax = 2 * secondMs

/** Of one box: a large air monitor has a dozen entities. */
export const homeassistantEntitiesMax = 32
/** Longest state that is kept while its time is awaited; a number has at most twenty characters. */
export const stateCharactersMax = 40
/** Room for a bridge that sends a whole house after a reconnect. */
export const halvesMsMax = 30 * secondMs

/** Topics whose newest time is remembered: a box has one, and a bridge may bring several boxes. */
export const tasmotaTopicsMax = 8
/** Names of sensors that are remembered for each pair of units, with at most 64 members each: drivers there are some 200. */
export const tasmotaSensorsMax = 500

/** A Zigbee network has 200 devices at most with the largest adapters. */
export const zigbeeThingsMax = 1_000

/**
 * No family without a clock measures more often than this and says exactly the same: a counter, a noise floor or the
 * signal differs. Doubled packets come within a second, those of a retrying proxy within a few.
 */
export const doubledMsMax = 20 * secondMs

/** Short names are near to each other without meaning the same: NOx is not NO2, nor CO CO2. */
export const suggestedLengthMin = 4
/** Units kept for a file: more than a few come only from files whose unit column holds something else. */
export const convertersMax = 1_000

/** Longest piece of a header that a refusal repeats. */
export const headerCharactersMax = 200
/** Lines among which a header is looked for that is not where it should be. */
export const headerLinesMax = 100

/** Longest piece of a line that an example shows. */
export const exampleCharactersMax = 160
/** Kinds of ignored rows that are told apart: a long file of a network has some fifty quantities. */
export const ignoredKindsMax = 200

/** Lines that one row may have; notes of a logger are a few lines long. A quote that stays open longer is a stray one. */
export const rowLinesMax = 40

/** An interval that a device can have: a second to a day. */
export const intervalSMax = 86_400

/** Clocks that are put back by an hour, and a little drift. */
export const clockPutBackMsMax = hourMs + 2 * minuteMs

/**
 * A street of 1,000 boxes is 40 messages a second: in batches of one they cost 12 % of a core, in batches of six 8 % and in batches of
 * sixteen 5 to 6 % (bench push). A message is on the page within half a second.
 */
export const gatherMs = 400
/** More commits than a trickle has in that time, each of a message or of many: faster ones are not held up by it for long. */
export const gatherCommitsMax = 25
/** At 1,000 messages a second a batch holds some 30 without any waiting, and at 5,000 some 150, which gain nothing by it. */
export const gatherMessagesMin = 50

/** Messages of one bite: 500 of four values hold the store for about 20 ms; 500 of the largest are 64 MB of memory. */
export const biteMessagesMax = 500

/** Longest name that is looked at: the longest of the table and a stem of forty letters. */
export const nameCharactersMax = 80

/** Packets of one node that are remembered: it sends three kinds of telemetry, and gateways are seconds apart. */
export const meshPacketsMax = 16
/** A gateway on a slow line passes a packet on minutes later; a node's numbers come again after days. */
export const meshApartMsMax = 10 * minuteMs

/** Objects inside the decoded payload of an uplink: The Things Stack's own form has three (`water`, `temperature`, `current`). */
export const decodedDepthMax = 3

/** Lists inside lists: a pack of SenML has two. */
export const cborDepthMax = 8

/** Fields of a steward's map: a large weather station has thirty. */
export const mapFieldsMax = 100
/** Members inside members: nobody nests deeper. */
export const mapPathStepsMax = 12
/** Maps that are kept ready: one for each kind of box, at some 20 kB. */
export const compiledMapsMax = 500

/** Names whose meaning is remembered, all families together: at 200 bytes a name 1 MB. */
export const guessedNamesMax = 5_000
/** Spellings of units that are remembered for a quantity; there are some ten. */
export const readyFieldsMax = 64

/** An integer of so many digits is exact, and divided by a power of ten it is the nearest number to the decimal (Clinger, 1990). */
export const exactDigitsMax = 15

/** Texts that are kept as strings, a power of two: of all boxes of a street some hundred units, names and ids; 30 kB. */
export const scannedTextsMax = 512
/** An id of openSenseMap has 24, a time 24 to 32. */
export const scannedTextCharactersMax = 32

/** Longest piece of a device's own text that a fault repeats. */
export const shownCharactersMax = 60

/** Bytes that are looked at: the header and some rows of any table. */
export const sampleBytesMax = 64 * 1024

/** The table format of Campbell loggers has two lines of units and processing below the names. */
export const belowHeaderMax = 10

/** A row of fewer words is more likely a note than a header that shares no word with the one before. */
export const strangeHeaderCellsMin = 3

/**
 * Archives round positions, and have changed how: by a thousandth of a degree, which is up to 157 m. People correct the
 * position of a sensor by less than this; a sensor that stands further off stands elsewhere.
 */
export const samePlaceMetresMax = 200

/** From the middle of a cell of 0.1°, whose corners are 8 km away and less: what is further than this is over 10 km off. */
export const importedPlaceMetresMax = 20_000

/** Towns are smaller; a line on the map may be of a part of a long road. */
export const streetPlaceMetresMax = 20_000

/** Two numbers of 8 bytes each: 64 MB. What comes after is not compared any more, and that is said. */
export const dryRunReadingsMax = 4_000_000

/** So many rows before and after say whether two columns have changed places: readings wait for them, and chance does not make them. */
export const exchangedRows = 8

/** Steps between the rows of a doubled hour; fewer say little about what is usual. */
export const doubledStepsMin = 4

/** …of which so many are about as long as the usual one where rows come regularly: of steps by chance a quarter would be. */
export const regularStepsShareMin = 0.5

/** Boxes behind one gateway that nobody claimed: a Zigbee network has 200, a street full of Bluetooth a few hundred. */
export const heardThingsPerGatewayMax = 1_000
/** …and behind all: at about 500 bytes 10 MB. */
export const heardThingsMax = 20_000
/** Long enough to be chosen from the next day; then it must be heard again. */
export const heardKeepMs = dayMs

/** Beginning of a message that is looked at to tell whose it is: the names that tell families apart are among the first fields. */
export const lookedAtBytesMax = 4_096

/** Faults of one message from which it makes little sense, though a name or two were known. */
export const strangeFaultsMin = 3

/** Messages decoded twice at a time while their times are mended: readings of both are about 4 MB. */
export const mendMessagesMax = 2_000
