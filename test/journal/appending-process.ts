/** A process that appends without end and prints the number of each message that was called done. Killed by its test. */
import { openJournal } from '../../journal/open.ts'
import { systemClock } from '../../model/time.ts'

const [dataFile = '', firstNumber = '0'] = process.argv.slice(2)
const journal = await openJournal({ dataFile, clock: systemClock })
let next = Number(firstNumber)

// 200 at a time are under way, as with 200 devices that wait for their acknowledgement.
for (let i = 0; i < 200; i++) appendNext()

function appendNext(): void {
  const n = next++
  const payload = Buffer.from(`{"n":${n}}`)
  const message = { deviceId: `d${n % 50}`, topic: 't', payload, receivedAt: systemClock.now() }
  journal.append(message, (failure) => {
    if (failure) throw failure
    process.stdout.write(`${n}\n`)
    appendNext()
  })
}
