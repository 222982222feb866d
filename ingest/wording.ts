/** Faults in words for the person whose device it is: what came, what is wrong with it, what to do. */
import { guessedNamesMax, nameCharactersMax, shownCharactersMax } from './limits.ts'
import type { Fault } from '../model/fault.ts'
import { addressCharactersMax } from '../model/limits.ts'
import {
  definitionOf,
  measuredNames,
  sourceOf,
  type MeasuredQuantity,
  type Quantity
} from '../model/quantity.ts'

/** "humidity 140 % is above 100 %", or undefined for a value that can be. */
export function outOfRangeFault(quantity: Quantity, value: number): Fault | undefined {
  const { possibleMin, possibleMax, figureMax, unit } = definitionOf(quantity)
  if (value >= possibleMin && value <= possibleMax) return undefined
  const suffix = unit === '1' ? '' : ` ${unit}`
  const bound = value > possibleMax ? `above ${figureMax ?? possibleMax}` : `below ${possibleMin}`
  const looksLike = otherUnit(quantity, value)
  const hint = looksLike === undefined ? '' : `; ${value} looks like ${looksLike}`
  return {
    code: 'outOfRange',
    message: `${quantity} ${value}${suffix} is ${bound}${suffix}${hint}`,
    field: quantity,
    value
  }
}

/** Spans in which a value that cannot be is an ordinary one in another unit. */
const otherUnits: Partial<Record<Quantity, readonly [min: number, max: number, unit: string][]>> = {
  temperature: [
    [50, 130, '°F'],
    [233, 330, 'kelvin']
  ],
  pressure: [
    [30_000, 110_000, 'pascal'],
    [80, 110, 'kilopascal'],
    [25, 32.5, 'inches of mercury']
  ],
  battery: [[1_500, 5_500, 'millivolts']],
  battery_voltage: [[1_000, 60_000, 'millivolts']],
  rssi: [[21, 150, 'a signal without its minus sign']]
}

function otherUnit(quantity: Quantity, value: number): string | undefined {
  return otherUnits[quantity]?.find(([min, max]) => value >= min && value <= max)?.[2]
}

/** A value that can be, but is an ordinary one in another unit: 70 °C outside a sauna is 70 °F. */
export function unitDoubtFault(quantity: Quantity, value: number): Fault | undefined {
  // Only temperature: other units of the rest lie outside of what can be.
  if (quantity !== 'temperature' || value <= definitionOf(quantity).usualMax) return undefined
  return {
    code: 'unitDoubtful',
    message: `temperature ${value} °C is unusual; ${value} looks like °F, so check which unit the box is set to`,
    field: quantity,
    value
  }
}

export function secondSensorFault(quantity: Quantity, kept: string, left: string): Fault {
  return {
    code: 'secondSensor',
    message: `${shownName(kept)} and ${shownName(left)} both measure ${quantity}; ${shownName(kept)} was kept`,
    field: keptText(left)
  }
}

export function pausedFault(deviceId: string): Fault {
  return {
    code: 'heldBack',
    message:
      'too many messages wait for a place, so the device is paused; record where it was at their time ' +
      `(lamppost device move ${deviceId} --street … --at …)`
  }
}

export function notANumberFault(field: string, value: unknown): Fault {
  return {
    code: 'notANumber',
    message: `${shownName(field)} is ${notANumberReason(value)}`,
    field: keptText(field),
    value: keptValue(value)
  }
}

/** There is one zero: two would be two values for one identity, and a chart's axis would say "-0". */
export function minusZeroFault(field: MeasuredQuantity): Fault {
  return {
    code: 'minusZero',
    message: `${field} is -0, and was kept as 0; a small value below zero becomes that when the firmware rounds it`,
    field,
    value: '-0'
  }
}

function notANumberReason(value: unknown): string {
  const nothing = 'which is not a finite number; send null or leave the field out when nothing was measured'
  if (typeof value === 'number') return `${value}, ${nothing}`
  if (typeof value === 'string' && /^[-+]?(nan|inf|infinity)$/i.test(value)) return `${value}, ${nothing}`
  if (typeof value === 'string' && /^\s*[-+]?\d+,\d+\s*$/.test(value))
    return `${shownValue(value)}, not a number: it has a comma; send a decimal point`
  if (typeof value === 'string' && isNumberText(value))
    return `the text ${shownValue(value)}, not a number; send it without the quotes`
  return `${shownValue(value)}, not a number; send a plain number`
}

function isNumberText(text: string): boolean {
  return text.trim() !== '' && text.length < 40 && Number.isFinite(Number(text))
}

export function repeatedFieldFault(field: string): Fault {
  return {
    code: 'repeatedField',
    message: `${shownName(field)} is there more than once in one reading, and the last value was used; send it once`,
    field: keptText(field)
  }
}

export function unknownQuantityFault(field: string, value: unknown): Fault {
  const source = sourceOf(field)
  if (source !== undefined) {
    return {
      code: 'unknownQuantity',
      message: `${field} is computed by the hub and never sent; send what the sensor measured as ${source}`,
      field,
      value: keptValue(value)
    }
  }
  const near = nearestQuantity(field)
  if (near === field) {
    return {
      code: 'unknownQuantity',
      message: `${field} comes in more than one unit, and this message does not say which; name the unit in a map: npx lamppost device map`,
      field,
      value: keptValue(value)
    }
  }
  const hint = near ? `did you mean ${near}?` : `known are ${measuredNames.slice(0, 4).join(', ')} and others`
  return {
    code: 'unknownQuantity',
    message: `${shownName(field)} is not a quantity that the hub knows; ${hint}`,
    field: keptText(field),
    value: keptValue(value)
  }
}

/** What other firmwares and people call things; the other spellings are found by likeness. */
const otherNames: Readonly<Record<string, MeasuredQuantity>> = {
  p0: 'pm1',
  p1: 'pm10',
  p2: 'pm2_5',
  pm01: 'pm1',
  pm02: 'pm2_5',
  rh: 'humidity',
  rhum: 'humidity',
  hum: 'humidity',
  atmp: 'temperature',
  t: 'temperature',
  noise: 'laeq',
  db: 'laeq',
  dba: 'laeq',
  spl: 'laeq',
  rco2: 'co2',
  tvoc: 'tvoc_index',
  voltage: 'battery_voltage',
  wifi: 'rssi',
  signal: 'rssi'
}

const plainNames = new Map(measuredNames.map((name) => [plain(name), name]))

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
}

/** The known quantity that an unknown name most likely means: same letters, a beginning of it, or few letters away. */
export function nearestQuantity(name: string): MeasuredQuantity | undefined {
  const remembered = nearest.get(name)
  if (remembered !== undefined) return remembered ?? undefined
  const found = likest(name)
  // A box says the same names in each of its messages, and to compare one with all takes longer than to read the message.
  if (nearest.size < guessedNamesMax && name.length <= nameCharactersMax) nearest.set(name, found ?? null)
  return found
}

const nearest = new Map<string, MeasuredQuantity | null>()

function likest(name: string): MeasuredQuantity | undefined {
  const asked = plain(name.slice(0, 40))
  if (asked === '') return undefined
  const same = plainNames.get(asked) ?? (Object.hasOwn(otherNames, asked) ? otherNames[asked] : undefined)
  if (same) return same
  if (asked.length >= 4) {
    for (const [letters, known] of plainNames) if (letters.startsWith(asked)) return known
  }
  let best: MeasuredQuantity | undefined
  let bestDistance = Math.min(3, Math.ceil(asked.length / 3) + 1)
  for (const [letters, known] of plainNames) {
    const distance = editDistance(asked, letters)
    if (distance < bestDistance) [best, bestDistance] = [known, distance]
  }
  return best
}

/** Levenshtein's distance: letters to insert, delete or exchange. Both words are at most 40 long. */
function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const exchanged = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min(exchanged, above[j]! + 1, row[j - 1]! + 1))
    }
    above = row
  }
  return above[b.length]!
}

/** A value as a sentence shows it; never walks into objects, which a device may nest 100,000 deep. */
export function shownValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(keptText(value))
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object' && value !== null) return 'an object'
  return String(value)
}

function shownName(name: string): string {
  return /^[\w.-]{1,40}$/.test(name) ? name : JSON.stringify(keptText(name))
}

/** A value that a fault can carry: small, flat, and the same after JSON and structured clone. */
export function keptValue(value: unknown): unknown {
  if (typeof value === 'string') return keptText(value)
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value === 'boolean' || value === null) return value
  return shownValue(value)
}

function keptText(text: string): string {
  const whole = text.toWellFormed()
  return whole.length <= shownCharactersMax ? whole : `${whole.slice(0, shownCharactersMax).toWellFormed()}…`
}

/** The message names a box, and the device was added for another one. */
export function addressFault(
  what: string,
  sent: string | undefined,
  known: string | null | undefined
): Fault | undefined {
  if (sent === undefined || known === null || known === undefined || sent === known) return undefined
  return {
    code: 'otherAddress',
    message:
      `the message names ${what} ${shownName(sent)}, but the device was added for ${shownName(known)}; ` +
      'it was accepted, because the secret is right: if the board was replaced, there is nothing to do',
    field: keptText(what),
    value: keptText(sent)
  }
}

/** A value that the sender, or a broker between, had kept and sent again. */
export function staleFault(field: string, value: unknown, doThis: string): Fault {
  return {
    code: 'staleValue',
    message: `${field} ${shownValue(value)} is from an old message that was retained and sent again, so it was not stored; ${doThis}`,
    field,
    value: keptValue(value)
  }
}

/** The secret of one box brought the message of another. */
export function anotherThingFault(address: string, owner: string | undefined): Fault {
  return {
    code: 'otherThing',
    message:
      owner === undefined
        ? `a second box, ${shownName(address)}, uses the secret of this one, and was ignored; ` +
          'for several boxes: npx lamppost gateway add'
        : `the message is from ${shownName(address)}, whose readings belong to ${owner}; it was ignored`,
    field: keptText(address)
  }
}

export function longAddressFault(address: string): Fault {
  return {
    code: 'otherThing',
    message: `the name of a box behind this one has ${address.length} characters, and was left out: the most is ${addressCharactersMax}; give it a shorter one`
  }
}

export function tooManyThingsFault(): Fault {
  return {
    code: 'tooManyThings',
    message: 'more boxes use this gateway than the hub can list; boxes already claimed are not affected'
  }
}

/** What came is another family's: its own words for where it belongs. */
export function wrongFamilyFault(
  looksLike: { name: string; label: string },
  addedAs: { name: string; label: string }
): Fault {
  return {
    code: 'wrongFamily',
    message:
      `this looks like ${looksLike.label}, and the device was added as ${addedAs.label}; ` +
      `add it with the right dialect: npx lamppost device add --dialect ${looksLike.name}`
  }
}
