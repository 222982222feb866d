/** What people of the homes and the operator do in the story, each as it is really done: files, boxes, gateways, browsers. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import mqtt from 'mqtt'
import { toIso, type UnixMs } from '../../model/time.ts'
import type { Credentials } from '../../registry/registry.ts'
import { address, dayOf, folder, operate, stepMs, type TestHome } from './homes-story.ts'

/** A file for each home, of a day that is out and of days that nobody had. Gives the imports' ids. */
export async function importAll(homes: readonly TestHome[]): Promise<number[]> {
  const ids: number[] = []
  for (const { box } of homes) {
    const file = join(folder.path, `${box.deviceId}.csv`)
    const rows = [13, 20, 21].flatMap((ago) =>
      Array.from({ length: 48 }, (_, n) => {
        const time = toIso((dayOf(ago) + n * stepMs + 1_000) as UnixMs)
        return `${time},${box.deviceId},humidity,97,%`
      })
    )
    writeFileSync(file, ['time,device,quantity,value,unit', ...rows].join('\n'))
    const done = await operate<{ importId: number; taken: number }>('import', [file], {
      format: 'lamppost-csv',
      device: [box.deviceId]
    })
    if (done.taken !== rows.length) throw new Error(`${done.taken} of ${rows.length} rows were taken.`)
    ids.push(done.importId)
  }
  return ids
}

/** Says how its battery is, and is gone without a goodbye: its last will comes. */
export async function connectAndVanish({ username, password, deviceId }: Credentials): Promise<void> {
  const topic = `sensors/${deviceId}/status`
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${address().mqttPort}`, {
    username,
    password: passwords.get(deviceId) ?? password,
    reconnectPeriod: 0,
    will: { topic, payload: Buffer.from('offline'), qos: 1, retain: true }
  })
  const status = JSON.stringify({ battery: 11, rssi: -91, firmware: '9.9', uptimeS: 5 })
  await client.publishAsync(topic, status, { qos: 1, retain: true })
  client.stream.destroy()
}

/** Of boxes that have a new one. */
export const passwords = new Map<string, string>()

export interface GatewayAdded {
  username: string
  password: string
}

export async function heardBehind(
  { username, password }: GatewayAdded,
  names: readonly string[]
): Promise<void> {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${address().mqttPort}`, {
    username,
    password,
    reconnectPeriod: 0
  })
  for (const name of names)
    await client.publishAsync(`zigbee2mqtt/${name}`, '{"humidity":98,"linkquality":90,"battery":7}', {
      qos: 1
    })
  await client.endAsync()
}

/** With an invitation of the operator: an account, a look at everything of theirs, a copy of it. */
export async function signInAndLook(personId: string): Promise<void> {
  const { code } = await operate<{ code: string }>('person invite', [personId])
  const api = `${address().url}/api/v1`
  const accepted = await fetch(`${api}/invitations/${code}/accept`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ userName: personId.replace('-', ''), password: 'kettle bicycle lantern' })
  })
  const cookie = accepted.headers.get('set-cookie')?.split(';')[0]
  if (!cookie) throw new Error(`The invitation was answered with ${accepted.status}.`)
  for (const path of ['/me', '/me/devices', '/me/homes', '/me/archive']) {
    const answer = await fetch(api + path, { headers: { cookie } })
    const bytes = (await answer.arrayBuffer()).byteLength
    if (answer.status !== 200 || bytes === 0) throw new Error(`${path} was answered with ${answer.status}.`)
  }
}
