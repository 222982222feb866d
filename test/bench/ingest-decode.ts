/** Prints how many messages of four values a second are decoded, placed and checked, without the store. */
import { Batch } from '../../ingest/batch.ts'
import { SourceStates } from '../../ingest/source-states.ts'
import type { Directory } from '../../ingest/ingest.ts'
import type { JournaledMessage } from '../../journal/journal.ts'
import { ingestBatchMessagesMax } from '../../model/limits.ts'
import type { UnixMs } from '../../model/time.ts'

const devices = 1_000
const messages = 200_000
const rounds = 5
const start = Date.UTC(2026, 10, 22, 10) as UnixMs

const directory: Directory = new Map(
  Array.from({ length: devices }, (_, i) => {
    const deviceId = `d-bench${i}`
    const deployments = [{ deviceId, siteId: `s-bench${i}`, from: null, until: null }]
    return [
      deviceId,
      { deviceId, dialect: 'lamppost', sensors: [], intervalS: 60, intervalSource: 'given', deployments }
    ]
  })
)

const states = new SourceStates()
const encoder = new TextEncoder()

function message(i: number): JournaledMessage {
  const deviceId = `d-bench${i % devices}`
  const receivedAt = (start + i * 10) as UnixMs
  const at = new Date(receivedAt - 500).toISOString()
  const text = `{"at":"${at}","pm2_5":${8 + (i % 50) / 10},"pm10":${14 + (i % 90) / 10},"temperature":${9 + (i % 30) / 10},"humidity":${60 + (i % 40)}}`
  return {
    deviceId,
    topic: `sensors/${deviceId}/readings`,
    payload: encoder.encode(text),
    receivedAt,
    sequence: i + 1
  }
}

const all = Array.from({ length: messages }, (_, i) => message(i))
for (let round = 1; round <= rounds; round++) {
  const began = performance.now()
  let readings = 0
  for (let from = 0; from < all.length; from += ingestBatchMessagesMax) {
    const batch = new Batch(directory, states.begin())
    const until = Math.min(all.length, from + ingestBatchMessagesMax)
    for (let i = from; i < until; i++) batch.add(all[i]!)
    readings += batch.readings.length
  }
  const seconds = (performance.now() - began) / 1_000
  console.log(
    `ingest decode+place+check, round ${round}: ${Math.round(messages / seconds).toLocaleString('en-GB')} messages/s, ` +
      `${Math.round(readings / seconds).toLocaleString('en-GB')} readings/s`
  )
}
