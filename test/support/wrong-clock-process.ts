/**
 * A hub whose clock is wrong by so many hours, in a process that is there to be killed: three sensors without clocks send so many
 * messages, and it prints a line when they are stored. When it reads a line the clock is set right, and it goes on with that.
 */
import { once } from 'node:events'
import { hourMs, secondMs, type UnixMs } from '../../model/time.ts'
import { openHubRooms, send } from './hub-rooms.ts'

const [dataDir = '', hours, messages, boot] = process.argv.slice(2)
let errorMs = Number(hours) * hourMs
let skippedMs = 0
const rooms = await openHubRooms(dataDir, 'Europe/London', {
  wall: { now: () => (Date.now() + skippedMs + errorMs) as UnixMs },
  steadyMs: () => performance.timeOrigin + performance.now() + skippedMs,
  isServed: () => false,
  boot
})
const { streetId } = rooms.registry.addStreet({ name: 'Mina Road' })
const added = Array.from({ length: 3 }, () =>
  rooms.registry.addDevice({ streetId, placement: 'outdoor' }, rooms.clock.now())
)
for (let i = 0; i < Number(messages); i += 100) {
  const some = Array.from({ length: 100 }, (_, k) =>
    send(rooms, added[k % added.length]!.deviceId, { pm2_5: 8 + (k % 7) })
  )
  await Promise.all(some)
}
await rooms.pipeline.service.drain()
process.stdout.write('stored\n')
await once(process.stdin, 'data')
errorMs = 0
// Two looks: one that sees the step, one by which it has stood.
for (let looks = 0; looks < 2; looks++) {
  skippedMs += 20 * secondMs
  rooms.clock.now()
}
