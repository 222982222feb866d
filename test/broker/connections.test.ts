/** Connections are shared out: a flood from one address pushes out only itself. */
import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { Connections } from '../../broker/connections.ts'

const limits = { connectionsMax: 6, connectionsPerAddressMax: 4, unknownConnectionsMax: 4 }

/** How many of them are open. */
function alive(conns: readonly PassThrough[]): number {
  return conns.filter(({ destroyed }) => !destroyed).length
}

function come(connections: Connections, address: string | undefined, count: number): PassThrough[] {
  return Array.from({ length: count }, () => {
    const conn = new PassThrough()
    if (!connections.admit(conn, address)) conn.destroy()
    return conn
  })
}

describe('connections', () => {
  it('of one address are bounded, those of a proxy that names nobody are not', () => {
    const connections = new Connections({ ...limits, unknownConnectionsMax: 100, connectionsMax: 100 })
    expect(alive(come(connections, 'a', 10))).toBe(4)
    expect(alive(come(connections, undefined, 10))).toBe(10)
  })

  it('that say nothing make room, the oldest of the address that has most', () => {
    const connections = new Connections(limits)
    const [honest] = come(connections, 'honest', 1)
    const flood = come(connections, 'flood', 4)
    expect(honest?.destroyed).toBe(false)
    expect(flood.map(({ destroyed }) => destroyed)).toEqual([true, false, false, false])
  })

  it('that said who they are stay, and leave room for others while somebody says nothing', () => {
    const connections = new Connections(limits)
    const known = [...come(connections, 'a', 2), ...come(connections, 'b', 2)]
    for (const conn of known) connections.known(conn)
    const silent = come(connections, 'c', 2)
    const [next] = come(connections, 'd', 1)
    expect(next?.destroyed).toBe(false)
    expect(alive(known)).toBe(4)
    expect(alive(silent)).toBe(1)
    expect(connections.size).toBe(6)
  })

  it('are counted down when they end', async () => {
    const connections = new Connections(limits)
    const [first] = come(connections, 'a', 4)
    first?.destroy()
    await new Promise((resolve) => first?.once('close', resolve))
    expect(connections.size).toBe(3)
    expect(alive(come(connections, 'a', 1))).toBe(1)
  })
})
