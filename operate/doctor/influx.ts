/** The doctor's look at an InfluxDB: is it there, the right one, and as it should be? Nothing is made or changed. */
import type { Config } from '../../config.ts'
import type { Clock } from '../../model/time.ts'
import { checkInflux } from '../../store/influx/check.ts'
import { InfluxMisfit } from '../../store/influx/misfit.ts'
import { StoreUnavailable } from '../../store/promise/unavailable.ts'
import { bad, ok, warn, type Finding, type HubSays } from './finding.ts'
import { counted } from '../../model/counted.ts'

export async function examineInflux(
  influx: NonNullable<Config['influx']>,
  clock: Clock,
  running: HubSays | undefined
): Promise<Finding[]> {
  try {
    const { version, missing, warnings } = await checkInflux(influx, clock, { make: false })
    const readings = running?.readings ? `, with ${counted(running.readings, 'reading')}` : ''
    const findings = [
      ok(
        'InfluxDB',
        `${influx.url} is ${version.replace(/^v?/, 'version ')}${readings}, and the token has the permissions it needs.`
      )
    ]
    if (missing.length > 0) {
      findings.push(
        warn(
          'buckets',
          `There is no bucket ${missing.join(', ')} yet.`,
          'The next start creates them, if the token permits it.'
        )
      )
    }
    return [...findings, ...warnings.map(asFinding)]
  } catch (cause) {
    if (cause instanceof InfluxMisfit) return [asBad(cause.message)]
    if (!(cause instanceof StoreUnavailable)) throw cause
    const says = typeof cause.cause === 'string' ? cause.cause : cause.message
    return [
      bad('InfluxDB', says, 'Start it, or correct INFLUX_URL. Until then readings wait in the journal.')
    ]
  }
}

/** The last sentence is what to do. */
function asFinding(line: string): Finding {
  const { says, todo } = split(line)
  return warn('InfluxDB', says, todo)
}

function asBad(line: string): Finding {
  const { says, todo } = split(line)
  return bad('InfluxDB', says, todo)
}

function split(line: string): { says: string; todo: string } {
  const end = line.indexOf('. ')
  return end === -1
    ? { says: line, todo: 'See docs/influxdb.md.' }
    : { says: line.slice(0, end + 1), todo: line.slice(end + 2) }
}
