/** The doctor's look at the ports: free, or taken by this folder's own hub. */
import { createServer } from 'node:net'
import { once } from 'node:events'
import type { Config } from '../../config.ts'
import { bad, ok, type Finding, type HubSays } from './finding.ts'

export async function examinePorts(config: Config, running: HubSays | undefined): Promise<Finding[]> {
  const wanted = [
    { what: 'HTTP port', port: config.httpPort, own: running?.httpPort },
    { what: 'MQTT port', port: config.mqttPort, own: running?.mqttPort },
    ...(config.mqtts ? [{ what: 'MQTTS port', port: config.mqtts.port, own: running?.mqttsPort }] : [])
  ]
  const findings: Finding[] = []
  for (const { what, port, own } of wanted) {
    if (typeof own === 'number') findings.push(ok(what, `The hub listens on ${own}.`))
    else findings.push(await examinePort(what, port, config.host))
  }
  return findings
}

async function examinePort(what: string, port: number, host: string): Promise<Finding> {
  if (port === 0) return ok(what, 'A free port is chosen at each start.')
  const server = createServer().listen({ port, host, exclusive: true })
  try {
    await once(server, 'listening')
    return ok(what, `${port} is free.`)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
    if (code === 'EADDRINUSE')
      return bad(what, `${port} is in use by another program.`, `See which with: ss -ltnp 'sport = :${port}'`)
    if (code === 'EACCES') return bad(what, `This user may not open port ${port}.`, 'Choose one above 1023.')
    return bad(what, `${port} cannot be opened on ${host} (${code}).`, 'Correct LAMPPOST_HOST.')
  } finally {
    server.close()
  }
}
