/**
 * What somebody who knows more can learn from a street's indoor figures, as a model: homes that leave, and neighbours who are
 * homes themselves and choose what their own box says. Compares the rules in force (model/visibility.ts) with figures that
 * are made anew for each question as the median of the homes. `npm run bench -- homes 500` takes 500 streets.
 */
import type { Consent } from '../../model/consent.ts'
import { dayMs, hourMs, type UnixMs } from '../../model/time.ts'
import { homesDay, type HomeSite } from '../../model/visibility.ts'

const streets = Number(process.argv[2] ?? 200)
const days = 10
const from = Date.UTC(2026, 0, 5) as UnixMs
const random = mulberry(1)

/** Humidity of each home on each day: the street's weather, the home's own level, and the day's own chance. */
function inventStreet(count: number): number[][] {
  const homes = Array.from({ length: count }, () => 52 + 6 * normal())
  return Array.from({ length: days }, () => {
    const weather = 3 * normal()
    return homes.map((own) => bounded(own + weather + 1.5 * normal()))
  })
}

/** Of homes in the order of their persons; undefined where nothing comes out. */
function inForce(values: readonly number[], homeIds = values.map((_, n) => n)): number | undefined {
  const day = { from, until: (from + dayMs) as UnixMs }
  const homes = values.map((mean, i): HomeSite => {
    const homeId = `h-${String(homeIds[i]).padStart(3, '0')}`
    const columns = { time: [from], mean: [mean], coverage: [1] }
    return { siteId: homeId, homeId, personId: homeId, placement: 'indoor', days: columns, hours: columns }
  })
  const consents = homes.map(({ homeId }, consentId): Consent => {
    const said = { wording: 'street-1', recordedAt: from, by: '', endedBy: null } as const
    return { consentId, homeId, personId: homeId, purpose: 'street', from, until: null, ...said }
  })
  const now = (day.until + 24 * hourMs) as UnixMs
  return homesDay({ quantity: 'humidity', homes, consents, day, hours: [], now })?.value
}

/** The first five, ten … of them, and their median in whole units. */
function recalculated(values: readonly number[]): number | undefined {
  const cohort = values.slice(0, values.length - (values.length % 5)).toSorted((a, b) => a - b)
  if (cohort.length === 0) return undefined
  const [low, high] = [
    cohort[Math.floor((cohort.length - 1) / 2)]!,
    cohort[Math.ceil((cohort.length - 1) / 2)]!
  ]
  return Math.floor((low + high) / 2 + 0.5)
}

withdrawals()
lateReadings()
await colluding()

/** A home of each street leaves after ten days: on how many streets do the ten days look otherwise afterwards? */
function withdrawals(): void {
  let [before, now] = [0, 0]
  for (let street = 0; street < streets; street++) {
    const history = inventStreet(5 + (street % 8))
    const leaver = Math.floor(random() * history[0]!.length)
    const without = history.map((values) => values.toSpliced(leaver, 1))
    if (history.some((values, day) => recalculated(values) !== recalculated(without[day]!))) before++
    // What is out is read from the ledger; whoever left is asked for in days to come alone.
    const ledger = history.map((values) => inForce(values))
    const readAgain = [...ledger]
    if (ledger.some((value, day) => value !== readAgain[day])) now++
  }
  say('streets whose past changed when a home left', `${before} of ${streets}`, `${now} of ${streets}`)
}

/**
 * One of six homes sends in other values for days that are out, from 0 to 100 %, and looks each time: of how many days does it
 * then know another home's value to the whole unit? With final days each is seen once; what is known then is how wide the
 * values are that the others could have.
 */
function lateReadings(): void {
  let known = 0
  let total = 0
  let moved = 0
  for (let street = 0; street < streets; street++) {
    for (const values of inventStreet(6)) {
      const answers = new Set(
        Array.from({ length: 101 }, (_, own) => recalculated([own, ...values.slice(1)]))
      )
      // Where the answer stops following it stands another home's value.
      const stops = [Math.min(...answers.values().map(Number)), Math.max(...answers.values().map(Number))]
      const others = values.slice(1, 5)
      total++
      if (stops.some((stop) => others.some((value) => Math.abs(value - stop) <= 0.5))) known++
      // Written once: whatever is sent afterwards, this is read.
      const ledger = inForce(values)
      if (Array.from({ length: 101 }, () => ledger).some((seen) => seen !== ledger)) moved++
    }
  }
  say('days on which an insider of six learnt another value', `${known} of ${total}`, `${moved} of ${total}`)
}

/** Some of five homes choose what their boxes say and add up what they know: how far apart can the value of one other be? */
async function colluding(): Promise<void> {
  console.log('\nOf five homes some act together, and say in advance what tells them most (0 and 100 %):')
  console.log('  together  least and median width of what one other home may have, in % humidity')
  for (let together = 1; together <= 4; together++) {
    const widths: number[] = []
    for (let street = 0; street < Math.min(streets, 60); street++) {
      const [values] = inventStreet(5)
      const chosen = Array.from({ length: together }, (_, n) => (n % 2 === 0 ? 0 : 100))
      const answer = inForce([...chosen, ...values!.slice(together)])!
      widths.push(widthLeft(chosen, 4 - together, answer))
      await Promise.resolve()
    }
    const ordered = widths.toSorted((a, b) => a - b)
    console.log(
      `  ${together} of 5    ${ordered[0]!.toFixed(1)}   ${ordered[Math.floor(ordered.length / 2)]!.toFixed(1)}`
    )
  }
}

/** The range of values of one home for which the others that are not known can be such that this is the answer. */
function widthLeft(chosen: readonly number[], unknown: number, answer: number): number {
  const step = [0.25, 1, 2.5, 2.5][unknown]!
  const grid = Array.from({ length: 100 / step + 1 }, (_, n) => n * step)
  const fits = (value: number): boolean => {
    const others = (left: number, list: readonly number[]): boolean =>
      left === 0 ? isAnswer(list, answer) : grid.some((one) => others(left - 1, [...list, one]))
    return others(unknown, [...chosen, value])
  }
  const possible = grid.filter(fits)
  return possible.length === 0 ? 0 : possible.at(-1)! - possible[0]! + step
}

/** As the rule has it, faster: the middle three of five, in whole units. */
function isAnswer(values: readonly number[], answer: number): boolean {
  const [, b, c, d] = values.toSorted((x, y) => x - y)
  return Math.floor((b! + c! + d!) / 3 + 0.5) === answer
}

function say(what: string, before: string, now: string): void {
  console.log(`${what}: ${before} where figures are made anew, ${now} by the rules in force`)
}

function bounded(value: number): number {
  return Math.min(95, Math.max(20, value))
}

function normal(): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

function mulberry(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
