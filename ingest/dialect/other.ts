/** Any box that no family fits, by a map of its steward's: JSON, a form, or one value a topic. See ../field-map.ts. */
import type { Fault } from '../../model/fault.ts'
import { firstOfDoubled, type LastBody } from '../doubled.ts'
import { Gathering, refused } from '../gathering.ts'
import type { Decoded, Dialect, DialectMessage, Source } from '../ingest.ts'
import { bodyOf, fieldMapOf, takeMapped } from '../mapped.ts'
import { readText } from '../payload.ts'

/** The last message. */
export interface OtherState {
  last: LastBody
}

export const other: Dialect<OtherState> = {
  name: 'other',
  label: 'a box with a map of its own',
  intervalSDefault: null,
  silenceSMax: null,
  // Whatever its firmware uses: the message is the box's by its secret.
  topicUse: () => 'readings',
  decode,
  usualTopic: () => 'push/other',
  looksLike: () => false,
  rewound: () => undefined,
  takesMap: true,
  push: { okStatus: 200, topicOf: () => 'push/other' }
}

function decode(
  { topic, payload, receivedAt }: DialectMessage,
  { state, map, notes }: Source<OtherState>
): Decoded<OtherState> {
  if (map === undefined || map === null) return refused(noMap)
  const text = readText(payload)
  if (!text.ok) return refused(text.fault)
  if (text.value.trim() === '') return { measurements: [], faults: [] }
  const gathering = new Gathering<OtherState>(notes)
  const first = firstOfDoubled(payload, receivedAt, state?.last)
  gathering.state = { last: first }
  takeMapped(gathering, bodyOf(text.value), fieldMapOf(map), {
    topic,
    receivedAt,
    at: { at: first.at, reasons: 0 }
  })
  return gathering
}

const noMap: Fault = {
  code: 'nothingMeasured',
  message: 'no map says what the messages of this box mean; give it one: npx lamppost device map'
}
