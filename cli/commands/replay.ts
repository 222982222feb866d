/** `lamppost replay`: decodes messages of the journal again, after a decoder was mended. */
import type { ReplayProgress, ReplayReport, ReplayRequest } from '../../ingest/replay.ts'
import {
  option,
  WrongUse,
  type Command,
  type CommandEvent,
  type CommandInput,
  type CommandResult,
  type CommandContext
} from '../command.ts'
import { eventQueue } from '../event-queue.ts'
import { timeOption } from '../time-option.ts'
import { unknownDevice } from './named-device.ts'
import { counted } from '../../model/counted.ts'

export const replayCommand: Command = {
  words: 'replay',
  usage: 'replay [--device ID] [--from T]',
  says: 'Decode the journal’s messages again, for example after a decoder was fixed',
  options: { device: { type: 'string' }, from: { type: 'string' } },
  positionals: [0, 0],
  run: replayRun
}

async function* replayRun(
  { registry, pipeline, timezone }: CommandContext,
  input: CommandInput
): AsyncGenerator<CommandEvent, CommandResult> {
  const deviceId = option(input, 'device')
  if (deviceId !== undefined && !registry.device(deviceId)) throw new WrongUse(unknownDevice(deviceId))
  const from = timeOption(input, 'from', timezone)
  const request: ReplayRequest = {
    ...(deviceId === undefined ? {} : { deviceId }),
    ...(from === undefined ? {} : { from })
  }
  // Messages that live ingest has not stored yet are its own: they are decoded with the mended decoder anyway.
  await pipeline.service.drain()

  const events = eventQueue<ReplayProgress>()
  pipeline.on('replayProgress', events.push)
  const work = pipeline.service.replay(request)
  work.then(events.end, events.end)
  for await (const { messages, messagesTotal } of events) {
    yield {
      progress: `${messages} of ${counted(messagesTotal, 'message')}`,
      done: messages,
      total: messagesTotal
    }
  }
  const report = await work
  return { json: report, text: reportText(report) }
}

function reportText(report: ReplayReport): string {
  const { messages, inserted, repeated, replaced, superseded, faults } = report
  return [
    `${counted(messages, 'message')} decoded again: ${counted(inserted, 'reading')} new, ${replaced} changed, ` +
      `${repeated} unchanged, ${superseded} older than what is stored.`,
    ...Object.entries(faults).map(([code, count]) => `  ${count}×  ${code}`)
  ].join('\n')
}
