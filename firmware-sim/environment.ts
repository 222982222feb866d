/**
 * What all boxes of the neighbourhood share at a moment. It is computed every ten minutes and blended linearly between,
 * so that sixty boxes ask cheaply and a live value is the one that history would have given.
 */
import { daysMax } from './limits.ts'
import { dayMs, hourMs, minuteMs } from '../model/time.ts'
import { Calendar, isSchoolDay, localDay, weekdayOf } from './calendar.ts'
import { AirMass, type SharedAir } from './air-mass.ts'
import { schoolRunStrength, type Story } from './scenario.ts'
import { dailySchoolRun, trafficFlow } from './traffic.ts'
import { WeatherModel, type Weather } from './weather.ts'

export interface Moment extends Weather, SharedAir {
  t: number
  localDay: number
  /** 0 to 24. */
  localHour: number
  weekday: number
  /** 0 to 1. */
  schoolRun: number
  /** Against the mean of all hours. */
  trafficFlow: number
}

/** What a node of the lattice holds. */
type Shared = Weather & SharedAir

const nodeMs = 10 * minuteMs
const nodesPerDay = dayMs / nodeMs

export class Environment {
  readonly calendar: Calendar
  readonly #weather: WeatherModel
  readonly #air: AirMass
  readonly #story: Story
  readonly #days = new Map<number, Shared[]>()
  #day = NaN
  #nodes: Shared[] = []
  #schoolDay = NaN
  #isSchoolDay = false

  constructor(options: {
    seed: number
    zone: string
    place: { longitude: number; latitude: number }
    story: Story
  }) {
    this.calendar = new Calendar(options.zone)
    this.#weather = new WeatherModel(options.seed, options.place, options.story)
    this.#air = new AirMass(options.seed, options.story)
    this.#story = options.story
  }

  /** Fills `into` with the moment `t`; one object serves a whole run, as millions of moments are asked for. */
  at(t: number, into: Moment): void {
    const day = Math.floor(t / dayMs)
    if (day !== this.#day) {
      this.#nodes = this.#nodesOf(day)
      this.#day = day
    }
    const place = (t - day * dayMs) / nodeMs
    const index = Math.floor(place)
    blend(this.#nodes[index]!, this.#nodes[index + 1]!, place - index, into)
    this.#tellTime(t, into)
  }

  #tellTime(t: number, into: Moment): void {
    const localMs = t + this.calendar.aheadMs(t)
    const day = localDay(localMs)
    if (day !== this.#schoolDay) {
      this.#isSchoolDay = isSchoolDay(day)
      this.#schoolDay = day
    }
    into.t = t
    into.localDay = day
    into.localHour = (localMs - day * dayMs) / hourMs
    into.weekday = weekdayOf(day)
    into.trafficFlow = trafficFlow(into.localHour, into.weekday)
    into.schoolRun = this.#isSchoolDay ? dailySchoolRun(into.localHour) : 0
    for (const at of this.#story.schoolRuns)
      into.schoolRun = Math.max(into.schoolRun, schoolRunStrength(t - at))
  }

  #nodesOf(day: number): Shared[] {
    const known = this.#days.get(day)
    if (known) return known
    const nodes: Shared[] = []
    // One more than the day has: the last ten minutes blend towards the next midnight.
    for (let i = 0; i <= nodesPerDay; i++) nodes.push(this.#node(day * dayMs + i * nodeMs))
    if (this.#days.size >= daysMax) this.#days.delete(this.#days.keys().next().value!)
    this.#days.set(day, nodes)
    return nodes
  }

  #node(t: number): Shared {
    const weather = this.#weather.at(t)
    const localMs = t + this.calendar.aheadMs(t)
    const localHour = (localMs - localDay(localMs) * dayMs) / hourMs
    return { ...weather, ...this.#air.at(t, localHour, weather) }
  }
}

function blend(a: Shared, b: Shared, part: number, into: Moment): void {
  into.temperatureC = a.temperatureC + (b.temperatureC - a.temperatureC) * part
  into.dewPointC = a.dewPointC + (b.dewPointC - a.dewPointC) * part
  into.humidityPct = a.humidityPct + (b.humidityPct - a.humidityPct) * part
  into.pressureHpa = a.pressureHpa + (b.pressureHpa - a.pressureHpa) * part
  into.windMs = a.windMs + (b.windMs - a.windMs) * part
  into.rainMmH = a.rainMmH + (b.rainMmH - a.rainMmH) * part
  into.sun = a.sun + (b.sun - a.sun) * part
  into.inversion = a.inversion + (b.inversion - a.inversion) * part
  into.wallC = a.wallC + (b.wallC - a.wallC) * part
  into.dispersion = a.dispersion + (b.dispersion - a.dispersion) * part
  into.finePm = a.finePm + (b.finePm - a.finePm) * part
  into.coarsePm = a.coarsePm + (b.coarsePm - a.coarsePm) * part
  into.woodSmokePm = a.woodSmokePm + (b.woodSmokePm - a.woodSmokePm) * part
  into.bonfirePm = a.bonfirePm + (b.bonfirePm - a.bonfirePm) * part
  into.growth = a.growth + (b.growth - a.growth) * part
}

/** A moment to fill. */
export function emptyMoment(): Moment {
  return {
    t: 0,
    localDay: 0,
    localHour: 0,
    weekday: 0,
    schoolRun: 0,
    trafficFlow: 0,
    temperatureC: 0,
    dewPointC: 0,
    humidityPct: 0,
    pressureHpa: 0,
    windMs: 0,
    rainMmH: 0,
    sun: 0,
    inversion: 0,
    wallC: 0,
    dispersion: 0,
    finePm: 0,
    coarsePm: 0,
    woodSmokePm: 0,
    bonfirePm: 0,
    growth: 0
  }
}
