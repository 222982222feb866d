/** A hub runs with bounds on its memory that only a process's beginning can set, whoever starts it and however. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { storeMemoryMb } from '../../store/memory.ts'
import { startHubProcess, temporaryFolder } from '../support/hub-process.ts'

const folder = temporaryFolder()
afterAll(folder.remove)

it.each([
  [{ LAMPPOST_MEMORY: '512M' }, '--max-semi-space-size=2'],
  [{}, /^--max-semi-space-size=(2|16)$/]
])('a hub is the process that was started, with its bounds: %o', async (env, young) => {
  const hub = await startHubProcess(join(folder.path, 'data'), [], env)
  const args = argumentsOf(hub.pid)
  expect(args).toContainEqual(expect.stringMatching(young))
  const old = args.find((arg) => arg.startsWith('--max-old-space-size='))
  expect(Number(old?.split('=')[1])).toBeLessThanOrEqual(768)
  expect(await hub.stop()).toBe(0)
})

it('the store takes a quarter of what the hub may take, between its own bounds', () => {
  expect([256, 512, 1_024].map(storeMemoryMb)).toEqual([128, 128, 256])
  expect(storeMemoryMb(1_000_000)).toBeLessThanOrEqual(1_024)
})

function argumentsOf(pid: number): string[] {
  const file = `/proc/${pid}/cmdline`
  if (existsSync(file)) return readFileSync(file, 'utf8').split('\0')
  return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).split(' ')
}
