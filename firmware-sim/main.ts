/** The simulator as a command: `node firmware-sim/main.ts --credentials sensors.json`. */
import { readFileSync } from 'node:fs'
import { systemClock, toIso } from '../model/time.ts'
import {
  help,
  howToMakeCredentials,
  readCommand,
  readCredentials,
  WrongUse,
  type Command
} from './command.ts'
import { createFleet } from './fleet.ts'
import { inventNeighbourhood } from './neighbourhood.ts'
import { runFleet, type Progress } from './publish.ts'
import { storyOf } from './scenario.ts'

const standardInput = 0

function main(): void {
  const command = readCommand(process.argv.slice(2))
  if (command === 'help') return console.log(help)
  if (command.credentialsFile === undefined) throw new WrongUse(howToMakeCredentials)
  play(command, command.credentialsFile)
}

function play(command: Command, credentialsFile: string): void {
  const credentials = readCredentials(readText(credentialsFile))
  const sensors = command.sensors ?? credentials.length
  if (sensors > credentials.length)
    throw new WrongUse(
      `--sensors ${sensors} needs as many credentials; ${credentialsFile} has ${credentials.length}.`
    )
  const neighbourhood = inventNeighbourhood(sensors)
  const story = storyOf(command.scenario, systemClock.now(), neighbourhood.zone)
  const fleet = createFleet({ neighbourhood, seed: command.seed, story })
  const run = runFleet({
    url: command.url,
    boxes: fleet.boxes.map((box, i) => ({ box, credentials: credentials[i]! })),
    intervalS: command.intervalS,
    speed: command.speed,
    seed: command.seed,
    clock: systemClock,
    onProgress: show
  })
  const stop = (): void => {
    // A second Ctrl+C ends it as usual.
    process.off('SIGINT', stop).off('SIGTERM', stop)
    void run.stop().then(() => process.stdout.isTTY && process.stdout.write('\n'))
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)
}

function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? standardInput : file, 'utf8')
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new WrongUse(`The credentials could not be read: ${reason}.`, { cause })
  }
}

/** One line, rewritten in place on a terminal. */
function show(progress: Progress): void {
  const { boxes, connected, sent, acknowledged, readings, waiting, dropped, failures, lastFailure } = progress
  const parts = [
    toIso(progress.simulatedAt).slice(0, 19) + 'Z',
    `${connected}/${boxes} connected`,
    `${sent} sent`,
    `${acknowledged} acknowledged (${readings} readings)`,
    `${waiting} waiting`,
    ...(dropped > 0 ? [`${dropped} dropped`] : []),
    ...(failures > 0 ? [`${failures} failed connections, last: ${lastFailure}`] : [])
  ]
  const line = parts.join(', ')
  process.stdout.write(
    process.stdout.isTTY ? `\r\x1b[2K${line.slice(0, process.stdout.columns - 1)}` : `${line}\n`
  )
}

try {
  main()
} catch (cause) {
  if (!(cause instanceof WrongUse)) throw cause
  console.error(cause.message)
  process.exitCode = 2
}
