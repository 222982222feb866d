/** A publisher over a raw socket that remembers what was acknowledged: quick, and honest about what it does not know. */
import { connect, type Socket } from 'node:net'
import { wireConnect, wirePacket, wireText } from './mqtt-wire.ts'

export interface PublisherDevice {
  username: string
  password: string
  topic: string
}

export interface RawPublisher {
  /** Sends message `n` with QoS 1; a second time with DUP set. */
  send(n: number, payload: string, again?: boolean): void
  /** Resolves when the connection is closed, from whichever end. */
  closed: Promise<void>
  destroy(): void
}

/** Resolves once CONNACK 0 came; `onAck` hears the number of each message that was acknowledged. */
export async function rawPublisher(
  port: number,
  { username, password, topic }: PublisherDevice,
  onAck: (n: number) => void
): Promise<RawPublisher> {
  const socket: Socket = connect(port, '127.0.0.1')
  socket.setNoDelay(true)
  const numbers = new Map<number, number>()
  let nextId = 1
  // A hub that is killed resets its connections.
  let fault = ''
  socket.on('error', (error) => {
    fault = ` ${error.message}`
    socket.destroy()
  })
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  const connected = new Promise<void>((resolve, reject) => {
    closed.then(() => reject(new Error(`The connection was closed before CONNACK.${fault}`)), reject)
    let rest: Buffer = Buffer.alloc(0)
    let known = false
    socket.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk])
      // CONNACK and PUBACK both have four bytes.
      let at = 0
      for (; at + 4 <= rest.length; at += 4) {
        if (!known) {
          if (rest[at + 3] !== 0) return reject(new Error(`CONNACK ${rest[at + 3]}`))
          known = true
          resolve()
          continue
        }
        const id = rest.readUInt16BE(at + 2)
        const n = numbers.get(id)
        numbers.delete(id)
        if (n !== undefined) onAck(n)
      }
      rest = rest.subarray(at)
    })
  })
  socket.once('connect', () => socket.write(wireConnect({ clientId: '', username, password })))
  await connected
  return {
    send(n, payload, again = false) {
      const id = nextId
      nextId = nextId === 65_535 ? 1 : nextId + 1
      numbers.set(id, n)
      const first = 0x32 | (again ? 8 : 0)
      socket.write(wirePacket(first, wireText(topic), Buffer.of(id >> 8, id & 0xff), Buffer.from(payload)))
    },
    closed,
    destroy: () => void socket.destroy()
  }
}
