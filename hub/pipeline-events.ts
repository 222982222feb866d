/** Who notes what the pipeline tells: problems, how often devices measure, how they are, where an import is, and its log. */
import type { PresenceBook } from '../broker/presence.ts'
import type { Clock } from '../model/time.ts'
import type { Registry } from '../registry/registry.ts'
import type { Pipeline } from './pipeline/pipeline.ts'

interface Noting {
  pipeline: Pick<Pipeline, 'on'>
  registry: Pick<Registry, 'recordProblems' | 'setInterval' | 'saveImport'>
  presence: PresenceBook
  clock: Clock
  log: Record<'info' | 'warn' | 'error', (fields: object, message: string) => void>
}

export function notePipelineEvents({ pipeline, registry, presence, clock, log }: Noting): void {
  pipeline.on('problems', (problems) => registry.recordProblems(problems))
  pipeline.on('intervalLearnt', ({ deviceId, intervalS }) =>
    registry.setInterval(deviceId, intervalS, 'learnt')
  )
  pipeline.on('health', (healths) => {
    for (const [deviceId, { presence: said, intervalS }] of healths) {
      if (said !== undefined) presence.note(deviceId, { kind: 'said', presence: said }, clock.now())
      if (intervalS !== undefined) registry.setInterval(deviceId, intervalS, 'dialect')
    }
  })
  pipeline.on('importRecord', (record) => {
    try {
      registry.saveImport(record)
    } catch (cause) {
      // Only the place to resume at is older then: rows that come again are known already.
      log.warn({ cause: String(cause) }, 'The progress of an import could not be recorded.')
    }
  })
  pipeline.on('log', ({ level, fields, message }) => log[level](fields, message))
}
