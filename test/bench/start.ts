/**
 * What a start costs until the hub listens, in processor time of all its threads, and how long a command takes that a
 * running hub answers; beside it a Node that does nothing, since half of a small machine's time may be somebody else's.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { command, commandJson, startHubProcess } from '../support/hub-process.ts'
import { endedChildrenCpuS, processFigures, threadFigures } from '../support/process-figures.ts'

const repeats = 5
/** Processor time is counted in hundredths of a second. */
const commandRepeats = 20
const folder = mkdtempSync(join(tmpdir(), 'bench-start-'))
const dataDir = join(folder, 'data')
const cpuS: number[] = []
try {
  // The first start makes the data folder, and Node compiles what has changed since the last: neither is counted.
  await start(async () => {
    await commandJson(['street', 'add', 'Ashley Road', '--data', dataDir])
    await commandJson(['device', 'add', '--street', 'Ashley Road', '--outdoor', '--data', dataDir])
    await deviceList()
  })
  for (let i = 0; i < repeats; i++) {
    const { cpu, busiest } = await start(() => Promise.resolve())
    cpuS.push(cpu)
    console.log(`  ${cpu.toFixed(2)} s: ${busiest}`)
  }
  console.log(`start to listening: median ${median(cpuS).toFixed(2)} s of processor time (aim ≤ 1)`)
  await start(commands)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function start(work: () => Promise<void>): Promise<{ cpu: number; busiest: string }> {
  const hub = await startHubProcess(dataDir, [], { LAMPPOST_LOG_LEVEL: 'error' })
  const { cpuS: cpu } = processFigures(hub.pid)
  const busiest = threadFigures(hub.pid)
    .slice(0, 4)
    .map((one) => `${one.name} ${one.cpuS.toFixed(2)}`)
    .join(', ')
  await work()
  await hub.stop()
  return { cpu, busiest }
}

async function commands(): Promise<void> {
  const whole = await measured(deviceList)
  const nothing = await measured(() =>
    Promise.resolve(void spawnSync(process.execPath, ['-e', '0'], { stdio: 'ignore' }))
  )
  console.log(
    `device list while a hub runs: median ${whole.ms.toFixed(0)} ms (aim ≤ 150), ${whole.cpuMs.toFixed(0)} ms of processor time; ` +
      `a Node that does nothing ${nothing.ms.toFixed(0)} and ${nothing.cpuMs.toFixed(0)} ms`
  )
}

/** Median of what it took, and processor time of the processes that ended in it, the mean. */
async function measured(work: () => Promise<void>): Promise<{ ms: number; cpuMs: number }> {
  const took: number[] = []
  const before = endedChildrenCpuS()
  for (let i = 0; i < commandRepeats; i++) {
    const startedAt = performance.now()
    await work()
    took.push(performance.now() - startedAt)
  }
  return { ms: median(took), cpuMs: ((endedChildrenCpuS() - before) / commandRepeats) * 1_000 }
}

async function deviceList(): Promise<void> {
  const { status, stderr } = await command(['device', 'list', '--data', dataDir])
  if (status !== 0) throw new Error(stderr)
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
}
