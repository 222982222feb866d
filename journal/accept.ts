/** The one door through which messages come in: stamps the moment received, and puts the message into the journal. */
import type { Accept } from '../model/message.ts'
import type { Arrivals } from './arrivals.ts'
import type { JournalWriter } from './journal.ts'

export function acceptInto(journal: JournalWriter, arrivals: Arrivals): Accept {
  return (deviceId, topic, payload, done) =>
    journal.append({ deviceId, topic, payload, receivedAt: arrivals.receivedAt(deviceId, payload) }, done)
}
