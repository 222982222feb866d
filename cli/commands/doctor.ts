/** `lamppost doctor`: looks the hub over and says what to do. */
import type { Finding, HubSays } from '../../operate/doctor/finding.ts'
import { systemClock } from '../../model/time.ts'
import {
  plain,
  WrongUse,
  type Alone,
  type Command,
  type CommandEvent,
  type CommandInput,
  type CommandResult
} from '../command.ts'
import { eventQueue } from '../event-queue.ts'

export const doctorCommand: Command = {
  words: 'doctor',
  usage: 'doctor',
  says: 'Check disk, clock, folder, files, ports, TLS, secrets and backups, and say what to do',
  options: {},
  positionals: [0, 0],
  /** In a running hub: only what nobody else can know. */
  run: plain(async ({ pipeline, hub }) => {
    if (!hub) throw new WrongUse('This part of the doctor needs a running hub.')
    const says: HubSays = await pipeline.service.stats().then(
      ({ readings }) => ({ ...hub(), readings, storeFailing: null }),
      (cause: unknown) => ({ ...hub(), readings: null, storeFailing: String(cause) })
    )
    return { json: says, text: '' }
  }),
  runAlone: doctorRun
}

async function* doctorRun(
  { config, askHub }: Alone,
  _input: CommandInput
): AsyncGenerator<CommandEvent, CommandResult> {
  const answer = await askHub()
  // The hub behind the socket is this program, or one that refuses words it does not know.
  const running = answer?.json as HubSays | undefined
  // Loaded only here: it brings the database along, which other commands need not wait for.
  const { examine } = await import('../../operate/doctor/doctor.ts')
  const events = eventQueue<string>()
  const work = examine({ config, clock: systemClock, running, onProgress: events.push })
  work.then(events.end, events.end)
  for await (const progress of events) yield { progress }
  const findings = await work
  const failed = findings.some(({ state }) => state === 'bad')
  return { json: { failed, findings }, text: findings.map(line).join('\n'), failed }
}

function line({ what, state, says, todo }: Finding): string {
  return `${state.padEnd(4)}  ${what}: ${says}${todo === undefined ? '' : `\n      → ${todo}`}`
}
