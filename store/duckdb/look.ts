/** What a file of readings says of itself, whatever version wrote it: nothing in it is upgraded. Nobody else may have it open. */
import { asNumber, asText, Database, rowsOf } from './file/database.ts'
import { hasTables, readMeta } from './file/schema.ts'

export interface ReadingsLook {
  format: number
  timezone: string
  readings: number
}

/** A log beside the file is folded into it. Undefined where a power cut ended its making: then nothing is in it. */
export async function lookAtReadings(file: string): Promise<ReadingsLook | undefined> {
  const database = await Database.open({ file, memoryMb })
  try {
    if (!(await hasTables(database.writer))) return undefined
    const [row] = await rowsOf(database.writer, 'SELECT count(*) FROM readings')
    const format = Number(await readMeta(database.writer, 'format'))
    const timezone = asText(await readMeta(database.writer, 'timezone'))
    await database.checkpoint()
    return { format, timezone, readings: asNumber(row?.[0]) }
  } finally {
    database.close()
  }
}

/** A count reads one column. */
const memoryMb = 128
