/** The limits of damp records, each with its arithmetic. */
import { minuteMs } from '../../model/time.ts'

/** The thread of PDFs holds fonts and its program, some 60 MB: it goes when nobody wanted a record for this long. */
export const pdfIdleMsMax = minuteMs
