/**
 * Devices that all come back at once, in a process of their own: opening ten thousand sockets takes one so long that what is
 * measured beside it would be its own waiting. `node reconnect-process.ts ORDER.json`; prints how many milliseconds passed
 * until all were let in, and keeps them connected until it is killed.
 */
import { readFileSync } from 'node:fs'
import { connected, wireConnect } from './mqtt-wire.ts'

export interface ReconnectOrder {
  port: number
  devices: { username: string; password: string }[]
  /** Connections in all; each device has its share. */
  connections: number
}

const [orderFile] = process.argv.slice(2)
if (!orderFile) throw new Error('Which order?')
const { port, devices, connections } = JSON.parse(readFileSync(orderFile, 'utf8')) as ReconnectOrder
const startedAt = performance.now()
await Promise.all(
  Array.from({ length: connections }, (_, n) => {
    const { username, password } = devices[n % devices.length]!
    return connected(port, wireConnect({ clientId: `storm-${n}`, username, password }))
  })
)
process.stdout.write(`${performance.now() - startedAt}\n`)
