/** The service's first page: what there is, and which parts of the standard it keeps. OGC 18-088, section 9.2.2. */
import { entityTypes, typeNames } from '../entity-types.ts'
import { bad } from '../problem.ts'
import type { StaAnswer } from './answer.ts'

/** Where the same Observations come by MQTT; empty where the hub lets nobody in without a name. */
export type MqttEndpoints = readonly string[]

const requirements = 'http://www.opengis.net/spec/iot_sensing/1.1/req/'

/** Functions of the table that is left out here are geospatial; the others are there. */
const conformance = [
  'datamodel',
  'resource-path/resource-path-to-entities',
  'request-data/status-code',
  'request-data/query-status-code',
  'request-data/order',
  'request-data/expand',
  'request-data/expand-nested',
  'request-data/select',
  'request-data/orderby',
  'request-data/top',
  'request-data/skip',
  'request-data/count',
  'request-data/filter',
  'request-data/built-in-filter-operations',
  'request-data/pagination',
  'data-array/data-array'
].map((name) => requirements + name)

const byMqtt = `${requirements}receive-updates-via-mqtt/receive-updates`

export function rootDocument(base: string, query: string, mqtt: MqttEndpoints): StaAnswer {
  if (query !== '') throw bad('The service itself has no options. Ask for one of its entity sets.')
  const value = typeNames.map((name) => {
    const { set } = entityTypes[name]
    return { name: set, url: `${base}/${set}` }
  })
  const serverSettings = {
    conformance: mqtt.length > 0 ? [...conformance, byMqtt] : conformance,
    ...(mqtt.length > 0 && { [byMqtt]: { endpoints: mqtt } })
  }
  return { type: 'application/json', body: JSON.stringify({ value, serverSettings }) }
}
