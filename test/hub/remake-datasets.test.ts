/** Datasets that wait for an erasure: one that cannot go on is not tried again by that. */
import { copyFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { remakeDatasets } from '../../hub/datasets/remake.ts'
import { temporaryFolder } from '../support/hub-process.ts'
import { openHubRooms, until } from '../support/hub-rooms.ts'

it('an erasure that fails is not tried again at once by who waits for it', async () => {
  const folder = temporaryFolder()
  const rooms = await openHubRooms(folder.path)
  const { registry, eraser } = rooms
  const { personId } = registry.addPerson({ name: 'Anna' }, rooms.clock.now())
  const { streetId } = registry.addStreet({ name: 'Mina Road' })
  registry.addDevice({ streetId, placement: 'outdoor', personId }, rooms.clock.now())
  await rooms.directoryTold()
  const file = join(folder.path, 'readings.duckdb')
  copyFileSync(file, `${file}-copy`)
  renameSync(`${file}-copy`, file)
  let tries = 0
  eraser.onErase(() => void tries++)
  await expect(eraser.erase(registry.erasurePlan(personId), () => undefined)).rejects.toThrow(
    'The hub continues'
  )
  const stop = remakeDatasets(rooms)
  await until(() => rooms.warnings.length > 0)
  await expect(eraser.settled()).rejects.toThrow('deleted, replaced')
  const tried = tries
  for (let n = 0; n < 500; n++) await rooms.pipeline.service.held()
  expect(tries).toBe(tried)
  stop()
  await rooms.close()
  folder.remove()
})
