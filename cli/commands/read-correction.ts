/** From the words of `correction add` to the row they mean; what does not suit the box or the formula is refused. */
import { readColocationQuery } from '../../figures/period/read-query.ts'
import { colocation } from '../../figures/period/colocation.ts'
import {
  correctedSensors,
  correctedSignals,
  formulaNames,
  type CorrectedSensor,
  type CorrectedSignal,
  type CorrectionRow,
  type FormulaName
} from '../../model/correction.ts'
import { correctableNames, isCorrectable, type CorrectableQuantity } from '../../model/quantity.ts'
import type { UnixMs } from '../../model/time.ts'
import {
  correctedSensorOf,
  correctionOf,
  formulas,
  linearCorrection,
  unfit
} from '../../science/correction.ts'
import { familyOf } from '../../science/family-limits.ts'
import {
  option,
  optionList,
  requiredOption,
  WrongUse,
  type CommandInput,
  type CommandContext
} from '../command.ts'
import { operatorFigures } from '../operator-figures.ts'
import { refusedAsWrongUse } from '../refusal.ts'
import { readTime, timeOption } from '../time-option.ts'
import type { Wanted } from './correction-text.ts'
import { unknownDevice } from './named-device.ts'

export async function wantedRow(
  rooms: CommandContext,
  input: CommandInput
): Promise<{ row: Wanted; origin: string }> {
  const quantity = quantityOf(input)
  const [from, until] = [
    timeOption(input, 'from', rooms.timezone) ?? null,
    timeOption(input, 'until', rooms.timezone) ?? null
  ]
  if (from !== null && until !== null && from >= until) throw new WrongUse('--from must be before --until.')
  const place = placeOf(rooms, input.positionals[0]!, { from, until })
  const sensor = sensorOf(rooms, input, place.deviceId, quantity)
  const signal = oneOf<CorrectedSignal>(
    'signal',
    option(input, 'signal') ?? (sensor === 'plantower' ? undefined : 'only'),
    correctedSignals,
    'A Plantower sensor reports cf_1 and cf_atm, which differ: give the one your box sends.'
  )
  const { formula, coefficients, origin } =
    option(input, 'reference') === undefined
      ? given(input)
      : await fitted(rooms, input, quantity, place, { from, until })
  const why = unfit(formula, { quantity, sensor, signal })
  if (why !== undefined) throw new WrongUse(why)
  const checked = correctionOf({ formula, coefficients })
  if (!checked.ok) throw new WrongUse(checked.why)
  return {
    row: {
      ...place,
      quantity,
      formula,
      formulaVersion: formulas[formula].version,
      coefficients,
      sensor,
      signal,
      from,
      until
    },
    origin
  }
}

function quantityOf(input: CommandInput): CorrectableQuantity {
  const quantity = requiredOption(input, 'quantity', `one of ${correctableNames.join(', ')}.`)
  if (isCorrectable(quantity)) return quantity
  throw new WrongUse(
    `--quantity is "${quantity}". Corrections exist for: ${correctableNames.join(', ')}. A corrected value cannot be corrected again.`
  )
}

function oneOf<T extends string>(
  name: string,
  value: string | undefined,
  known: readonly T[],
  hint: string
): T {
  const found = known.find((one) => one === value)
  if (found !== undefined) return found
  const what = value === undefined ? 'is missing' : `is "${value}"`
  throw new WrongUse(`--${name} ${what}. Give one of: ${known.join(', ')}. ${hint}`.trim())
}

/** A box wherever it is installed; or, named by its site, only while it is installed there. */
function placeOf(
  { registry }: CommandContext,
  name: string,
  { from, until }: Pick<CorrectionRow, 'from' | 'until'>
): { deviceId: string; siteId: string | null } {
  if (registry.device(name)) return { deviceId: name, siteId: null }
  if (!registry.site(name)) {
    throw new WrongUse(`${unknownDevice(name)} A correction applies to one sensor: name it, or its site.`)
  }
  const there = registry
    .deployments()
    .filter(
      (one) =>
        one.siteId === name &&
        (one.from ?? -Infinity) < (until ?? Infinity) &&
        (from ?? -Infinity) < (one.until ?? Infinity)
    )
  const ids = [...new Set(there.map(({ deviceId }) => deviceId))]
  if (ids.length === 1) return { deviceId: ids[0]!, siteId: name }
  throw new WrongUse(
    ids.length === 0
      ? `No sensor was installed at ${name} in that period.`
      : `${ids.join(' and ')} were installed at ${name} in that period. A correction applies to one sensor: name it.`
  )
}

/** What the box is said to hold decides; a formula that asks for a kind of sensor is never taken on trust of nothing. */
function sensorOf(
  { registry }: CommandContext,
  input: CommandInput,
  deviceId: string,
  quantity: CorrectableQuantity
): CorrectedSensor {
  const asked = option(input, 'sensor')
  const family = familyOf(registry.device(deviceId)?.sensors ?? [], quantity)
  const known = family && correctedSensorOf(family)
  if (asked === undefined) return known ?? 'other'
  const sensor = oneOf<CorrectedSensor>('sensor', asked, correctedSensors, '')
  if (known === undefined || known === sensor) return sensor
  throw new WrongUse(
    `${deviceId} is recorded as containing ${family}, which is ${known}, not ${sensor}. Correct that with: npx lamppost device sensors ${deviceId} …`
  )
}

interface Formula {
  formula: FormulaName
  coefficients: Record<string, number>
  origin: string
}

function given(input: CommandInput): Formula {
  const formula = oneOf<FormulaName>(
    'formula',
    option(input, 'formula'),
    formulaNames,
    'Or fit a line beside a reference with --reference SITE.'
  )
  const coefficients: Record<string, number> = {}
  for (const pair of optionList(input, 'coefficient')) {
    const [name = '', value = ''] = pair.split('=')
    if (name === '' || value.trim() === '' || !Number.isFinite(Number(value))) {
      throw new WrongUse(`--coefficient is "${pair}". Give a name and a number, such as kappa=0.3.`)
    }
    coefficients[name] = Number(value)
  }
  return { formula, coefficients, origin: '' }
}

/** A line through the hours or days in which the box and a reference measured side by side, always of raw values. */
async function fitted(
  rooms: CommandContext,
  input: CommandInput,
  quantity: CorrectableQuantity,
  place: { deviceId: string; siteId: string | null },
  { from, until }: Pick<CorrectionRow, 'from' | 'until'>
): Promise<Formula> {
  if (option(input, 'formula') !== undefined || optionList(input, 'coefficient').length > 0) {
    throw new WrongUse('--reference fits a line: leave --formula and --coefficient out.')
  }
  const deps = operatorFigures(rooms)
  const window = oneOf('window', option(input, 'window') ?? 'day', ['day', 'hour'] as const, '')
  const site = place.siteId ?? rooms.registry.deployments(place.deviceId).at(-1)?.siteId
  if (site === undefined)
    throw new WrongUse(`${place.deviceId} is not installed anywhere, so it was not beside a reference.`)
  const reference = option(input, 'reference')!
  if (!rooms.registry.site(reference))
    throw new WrongUse(`There is no site "${reference}" to use as the reference.`)
  const end = (name: 'fit-from' | 'fit-until', otherwise: UnixMs | null): string | undefined => {
    const said = option(input, name)
    const at = said === undefined ? otherwise : readTime(name, said, rooms.timezone)
    return at === null ? undefined : String(at)
  }
  await rooms.pipeline.service.drain()
  const period = definedOnly({ from: end('fit-from', from), until: end('fit-until', until) })
  const found = await refusedAsWrongUse(async () =>
    colocation(deps, readColocationQuery(deps, { site, reference, quantity, window, ...period }))
  )
  const { n, slope, intercept, r2, rmse, mae, mbe, nrmsePercent } = found
  const pairs =
    rmse === null ? null : { n, slope, intercept, r2, rmse, mae: mae ?? 0, mbe: mbe ?? 0, nrmsePercent }
  const line = linearCorrection(pairs, window)
  if (!line.ok || line.correction.formula !== 'linear') {
    const why = line.ok ? '' : line.why
    throw new WrongUse(`${pairs === null ? `${n} ${window}s have both. ` : ''}${why} Nothing was changed.`)
  }
  const { slope: fittedSlope, intercept: fittedIntercept } = line.correction
  return {
    formula: 'linear',
    coefficients: { slope: fittedSlope, intercept: fittedIntercept },
    origin: `${n} ${window}s beside ${reference}, ${found.from} to ${found.until}: R² ${r2}, RMSE ${rmse}`
  }
}

function definedOnly(fields: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >
}
