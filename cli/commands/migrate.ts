/** `lamppost migrate`: the readings of a stopped hub from the data folder into InfluxDB, or back. */
import { influxSettings, processEnvironment } from '../../config.ts'
import type { MigrateProgress, StoreKind } from '../../operate/migrate/migrate.ts'
import {
  plain,
  requiredOption,
  WrongUse,
  type Alone,
  type Command,
  type CommandEvent,
  type CommandInput,
  type CommandResult
} from '../command.ts'
import { eventQueue } from '../event-queue.ts'
import { counted } from '../../model/counted.ts'

export const migrateCommand: Command = {
  words: 'migrate',
  usage: 'migrate --from duckdb|influx --to influx|duckdb',
  says: 'Move all readings to the other store; the hub must be stopped',
  options: { from: { type: 'string' }, to: { type: 'string' } },
  positionals: [0, 0],
  run: plain(() => Promise.reject(new WrongUse('A running hub cannot be migrated. Stop it first.'))),
  runAlone: migrateRun
}

async function* migrateRun(
  { config, askHub }: Alone,
  input: CommandInput
): AsyncGenerator<CommandEvent, CommandResult> {
  const [from, to] = [kindOf(input, 'from'), kindOf(input, 'to')]
  if (from === to) throw new WrongUse(`--from and --to are both ${from}. Give duckdb and influx.`)
  // A hub that runs refuses; with none there is nobody to ask.
  await askHub()
  const influx = influxSettings(processEnvironment())
  // Loaded only here: it brings the databases along, which other commands need not wait for.
  const { migrate } = await import('../../operate/migrate/migrate.ts')
  const events = eventQueue<MigrateProgress>()
  const { dataDir, timezone } = config
  const work = migrate({ dataDir, timezone, from, to, influx, random: Math.random, onProgress: events.push })
  work.then(events.end, events.end)
  for await (const { doing, done, total } of events) {
    const what = doing === 'copying' ? `${doing}, ${done} of ${counted(total, 'reading')}` : doing
    yield { progress: what, done, total }
  }
  const migrated = await work
  return { json: { from, to, ...migrated }, text: words(to, migrated) }
}

function words(
  to: StoreKind,
  { readings, series, keptAs }: { readings: number; series: number; keptAs: string }
): string {
  const next =
    to === 'influx'
      ? 'Set LAMPPOST_STORE=influx (and the INFLUX_ settings) and start the hub.'
      : 'Remove the LAMPPOST_STORE setting and start the hub. InfluxDB was not changed.'
  return (
    `Copied and compared: ${counted(readings, 'reading')} of ${series} series, with all that is kept of them. ${next}\n` +
    `The old store's file is kept as ${keptAs}; delete it once you have checked the new store.`
  )
}

function kindOf(input: CommandInput, name: 'from' | 'to'): StoreKind {
  const text = requiredOption(input, name, 'give duckdb or influx.')
  if (text === 'duckdb' || text === 'influx') return text
  throw new WrongUse(`--${name} is "${text}". Give duckdb or influx.`)
}
