/** Shelly H&T Gen3: wakes, says its full status in one message with its own time, and sleeps (shelly-api-docs, NotifyFullStatus). */
import { blockNamed, type Firmware } from './firmware.ts'

interface MqttConfig {
  server: string
  user: string
  pass: string
  client_id: string
  topic_prefix: string
}

export const shelly: Firmware = {
  quantities: ['temperature', 'humidity', 'battery', 'battery_voltage', 'rssi'],
  set(blocks) {
    const json = /MQTT\.SetConfig\?config=(\{.*\})/.exec(blockNamed(blocks, 'settings'))?.[1]
    if (json === undefined) throw new Error('The settings have no MQTT.SetConfig.')
    const config = JSON.parse(json) as MqttConfig
    return {
      wire: {
        kind: 'mqtt',
        url: `mqtt://${config.server}`,
        username: config.user,
        password: config.pass,
        clientId: config.client_id,
        qos: 0,
        will: { to: `${config.topic_prefix}/online`, payload: 'false', retain: true },
        hello: { to: `${config.topic_prefix}/online`, payload: 'true', retain: true }
      },
      firmware: {
        messages({ temperature, humidity, battery, battery_voltage, rssi }, at) {
          const params = {
            ts: at / 1_000,
            ...(temperature === undefined
              ? {}
              : { 'temperature:0': { id: 0, tC: temperature, tF: (temperature * 9) / 5 + 32 } }),
            ...(humidity === undefined ? {} : { 'humidity:0': { id: 0, rh: humidity } }),
            'devicepower:0': {
              id: 0,
              battery: { V: battery_voltage ?? null, percent: battery ?? null },
              external: { present: false }
            },
            sys: { unixtime: null, wakeup_period: 7_200, uptime: 2 },
            wifi: { status: 'got ip', rssi: rssi ?? null }
          }
          const message = {
            src: config.client_id,
            dst: `${config.topic_prefix}/events`,
            method: 'NotifyFullStatus',
            params
          }
          return [{ to: `${config.topic_prefix}/events/rpc`, payload: JSON.stringify(message) }]
        }
      }
    }
  }
}
