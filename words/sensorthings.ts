/** What SensorThings entities say of themselves, in English as the whole interface: names and descriptions of one sentence. */
import { definitionOf, sourceOf, type Quantity } from '../model/quantity.ts'
import { common } from './en/common.ts'

export function thingWords(site: string, street: string): { name: string; description: string } {
  return {
    name: site,
    description: `An outdoor sensor on ${street}. It is no reference instrument: its values are indicative.`
  }
}

export function homesThingWords(street: string): { name: string; description: string } {
  return {
    name: `Homes on ${street}`,
    description: `Homes on ${street} whose residents agreed that their values are shown together, never one by one.`
  }
}

export function streetWords(street: string): string {
  return `The street ${street}. Sensors are shown at the precision of their street, not of a house.`
}

export function featureWords(street: string): string {
  return `The air and the sounds of ${street}.`
}

export function propertyWords(quantity: Quantity): { name: string; description: string } {
  const { label } = definitionOf(quantity)
  return { name: label, description: common.meanings[quantity] ?? `${label}.` }
}

export function datastreamWords(
  quantity: Quantity,
  where: string,
  of: 'site' | 'homes by day' | 'homes by hour'
): { name: string; description: string } {
  const { label, unit } = definitionOf(quantity)
  const units = unit === '1' ? '' : `, in ${unit}`
  if (of === 'site')
    return {
      name: `${label} at ${where}`,
      description: sourceOf(quantity)
        ? `${label} at ${where}${units}: computed from the raw readings by the correction that is named as its Sensor.`
        : `${label} at ${where}${units}: single readings as the sensor sent them, each with a quality flag.`
    }
  const [each, homes] = of === 'homes by day' ? ['day', 'five'] : ['hour', 'ten']
  return {
    name: `${label} in homes on ${where}, by ${each}`,
    description: `${label} in homes on ${where}${units}: one value each ${each} for ${homes} homes or more together, published once and never changed.`
  }
}

export const homesProcedure = {
  name: 'Mean of the middle three fifths of homes',
  description:
    'Of each home the mean of its sensors; of the homes that agreed, in groups of five, the mean of the middle three fifths, in coarse steps.',
  metadata:
    'model/visibility.ts, homesDay: decided once for each day, at the earliest 24 hours after it ended.'
}

export function sensorWords(
  families: readonly string[],
  dialect: string
): { name: string; description: string; metadata: string } {
  const inside = families.join(', ')
  return {
    name: inside === '' ? `Sensor box (${dialect})` : `${inside} (${dialect})`,
    description:
      'A low-cost sensor, hosted by a resident. It is no reference instrument: its values are indicative.',
    metadata: `Box family: ${dialect}. Sensors inside: ${inside === '' ? 'not stated' : inside}.`
  }
}

export function correctionWords(
  title: string,
  text: string,
  coefficients: Readonly<Record<string, number>>
): { name: string; description: string; metadata: string } {
  const given = Object.entries(coefficients)
    .map(([name, value]) => `${name} = ${value}`)
    .join(', ')
  return {
    name: title,
    description: `The correction "${title}", applied to the raw readings. The raw values stay in a Datastream of their own.`,
    metadata: given === '' ? text : `${text}, with ${given}`
  }
}
