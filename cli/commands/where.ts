/** Where a new sensor is, whose it is and how often it measures: what `device add` and `gateway claim` ask alike. */
import type { Placement } from '../../model/place.ts'
import type { NewDevice, Registry } from '../../registry/registry.ts'
import { ask, terminal } from '../ask.ts'
import { option, WrongUse, type CommandInput } from '../command.ts'
import { given } from './named-device.ts'

export const whereOptions = {
  outdoor: { type: 'boolean' },
  indoor: { type: 'boolean' },
  home: { type: 'string' },
  person: { type: 'string' },
  interval: { type: 'string' }
} as const

export const whereUsage = '--outdoor [--person P] | --indoor --home H'

/** Placement, home, person and interval as they were asked for. */
export function whereWanted(
  registry: Pick<Registry, 'needPerson'>,
  input: CommandInput
): Pick<NewDevice, 'placement' | 'homeId' | 'personId' | 'intervalS' | 'intervalSource'> {
  const person = option(input, 'person')
  return {
    placement: placementOf(input),
    ...given('homeId', option(input, 'home')),
    ...given('personId', person === undefined ? undefined : registry.needPerson(person).personId),
    ...intervalWanted(option(input, 'interval'))
  }
}

/** What somebody says; else the family has its own. */
function intervalWanted(text: string | undefined): Pick<NewDevice, 'intervalS' | 'intervalSource'> {
  return text === undefined ? {} : { intervalS: seconds(text), intervalSource: 'given' }
}

const bothForms =
  'Say where the sensor is: --outdoor (everybody sees what it measures), or --indoor --home HOME (private; all sensors in one dwelling share the same HOME, for example --home number-12).'

/** Asks where the sensor is when that was not said and somebody is there to answer. */
export async function withPlacement(input: CommandInput): Promise<CommandInput> {
  const isSaid = input.values['outdoor'] === true || input.values['indoor'] === true
  const asked =
    isSaid && !(input.values['indoor'] === true && !option(input, 'home')) ? undefined : terminal()
  if (!asked) return input
  const placement = isSaid
    ? 'indoor'
    : await ask(
        'Is the sensor outdoors, where everybody sees what it measures, or indoors, where it is private? Type outdoor or indoor: ',
        asked
      )
  if (placement === 'outdoor') return { ...input, values: { ...input.values, outdoor: true } }
  if (placement !== 'indoor') throw new WrongUse(bothForms)
  const home =
    option(input, 'home') ??
    (await ask(
      'Which home is it in? All sensors in one dwelling share this name, for example number-12: ',
      asked
    ))
  return { ...input, values: { ...input.values, indoor: true, home } }
}

export function placementOf(input: CommandInput): Placement {
  const { outdoor, indoor } = input.values
  if (outdoor === true && indoor === true)
    throw new WrongUse('--outdoor and --indoor contradict each other; give one.')
  if (outdoor !== true && indoor !== true) throw new WrongUse(bothForms)
  if (outdoor === true && option(input, 'home'))
    throw new WrongUse('--home is for indoor sensors: leave it out, or give --indoor instead of --outdoor.')
  if (indoor === true && !option(input, 'home')) throw new WrongUse(`--home is missing. ${bothForms}`)
  return indoor === true ? 'indoor' : 'outdoor'
}

function seconds(text: string): number {
  if (!/^\d+$/.test(text) || Number(text) < 1 || Number(text) > 86_400) {
    throw new WrongUse(`--interval is "${text}". Give whole seconds from 1 to 86400.`)
  }
  return Number(text)
}
