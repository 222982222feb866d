/** A process that writes to a store until it is killed: prints the number of each batch once `write` resolved. */
import { minuteMs, type UnixMs } from '../../model/time.ts'
import { openDuckDbStore } from '../../store/duckdb/open.ts'
import { minutes, winter } from './readings.ts'

/** Readings of one batch; the parent counts with it. */
export const batchReadings = 200

const file = process.argv[2]
if (file) {
  const store = await openDuckDbStore({ file, timezone: 'Europe/London' })
  try {
    for (let batch = 0; ; batch++) {
      const from = (winter + batch * batchReadings * minuteMs) as UnixMs
      await store.write(minutes(from, batchReadings))
      process.stdout.write(`${batch}\n`)
    }
  } catch (failure) {
    const code = failure instanceof Error && 'code' in failure ? String(failure.code) : String(failure)
    process.stdout.write(`${code}\n`)
    await store.close()
  }
}
