/** The limits of what leaves as a file, each with its arithmetic. */
import { dayMs } from '../model/time.ts'

/** A row of text takes about a microsecond, so others wait two milliseconds for their turn. */
export const exportRowsPerTurn = 2_000

/**
 * Rows of a row group of a Parquet file: readers prune by its least and greatest values, and pages of a few hundred
 * kilobytes still compress well. A group ends at the next site from `least` up, and anywhere at `most`.
 */
export const rowGroupRows = { least: 32_768, most: 131_072 }

/** Rows of one record batch of an Arrow stream: 50 bytes each, so that a reader starts within a few milliseconds. */
export const arrowBatchRows = 32_768

/** Bytes of a file that travel together: a millisecond of a fast export, and four of them are what a slow reader holds. */
export const pieceBytes = 256 * 1024

/** CSV at level 1: a ninth of its size at 150 MB a second and thread; level 6 is a tenth, at a third of the speed. */
export const gzipLevel = 1

/** CSV at level 1: a tenth of its size at three times gzip's speed. */
export const zstdLevel = 1

/** Values of a dictionary of numbers: a sensor's steps are few, and 4,000 are the tenths of a degree from −200 to 200. */
export const dictionaryNumbersMax = 4_096

/**
 * Rows of one table in a person's archive; a year with more is given by months. A box that sends four values a minute has
 * 2.1 million a year. At 100 bytes a row this is 500 MB, far below the 4 GiB of a member of a ZIP file, also by the month of a
 * box that sends eight values a second (21 million rows, 2.1 GB).
 */
export const tableMembersRowsMax = 5_000_000

/** Hours of outdoor air are held in memory for the excess of rooms: of 20 sites and two years they are 350,000. */
export const excessRangeMsMax = 732 * dayMs

/** Period of a damp record: each room's hours are held in memory, 17,500 of them, and its table has a line a week. */
export const recordRangeMsMax = 732 * dayMs

/** Streets in the table of the served first page: beyond it the list is for the script, and the page stays below 100 kB. */
export const servedStreetsMax = 200

/** Figures that travel inside a page, beside its sentences: beyond it the script asks for them, and text is there sooner. */
export const firstCharactersMax = 300_000

/** A name in a picture takes two lines of about 30 letters at the largest size. */
export const pictureNameCharactersMax = 70
