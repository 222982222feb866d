/** What an InfluxDB still answers with; the file of the embedded store is searched by itself. */
import type { InfluxSettings } from '../../store/influx/check.ts'
import { influxOf } from './hub-process.ts'

/** Of these ids, those that any bucket of the hub still answers with. */
export async function influxAnswers(dataDir: string, ids: readonly string[]): Promise<string[]> {
  const settings = await influxOf(dataDir)
  return settings ? answersOf(settings, ids) : []
}

/** The same of a server and bucket that a test has for itself. */
export async function answersOf(settings: InfluxSettings, ids: readonly string[]): Promise<string[]> {
  const { url, token, org, bucket } = settings
  const found = new Set<string>()
  for (const name of [bucket, `${bucket}-hours`, `${bucket}-days`]) {
    const response = await fetch(`${url}/api/v2/query?org=${encodeURIComponent(org)}`, {
      method: 'POST',
      headers: {
        authorization: `Token ${token}`,
        'content-type': 'application/vnd.flux',
        accept: 'text/csv'
      },
      body: `from(bucket: "${name}") |> range(start: 0, stop: 2100-01-01T00:00:00Z)`
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`InfluxDB answers ${response.status}: ${text}`)
    for (const id of ids) if (text.includes(id)) found.add(`${name}: ${id}`)
  }
  return [...found]
}
