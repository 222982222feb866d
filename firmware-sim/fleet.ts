/** The neighbourhood's boxes under one sky: same neighbourhood, seed and story, same bytes. */
import { AirSite } from './air.ts'
import { Box } from './box.ts'
import { emptyMoment, Environment } from './environment.ts'
import { Home } from './home.ts'
import { Imperfections } from './imperfection.ts'
import type { Neighbourhood, SimSite } from './neighbourhood.ts'
import { NoiseSite } from './noise.ts'
import { createRandom, noiseKey } from './random.ts'
import type { Story } from './scenario.ts'
import { AirSensor, DampSensor, NoiseSensor, type Sensor } from './sensor.ts'
import { streetCharacters, type StreetCharacter } from './street-kind.ts'

export interface FleetOptions {
  neighbourhood: Neighbourhood
  seed: number
  story: Story
}

export interface Fleet {
  seed: number
  environment: Environment
  /** One for each site of the neighbourhood, in its order. */
  boxes: readonly Box[]
}

export function createFleet({ neighbourhood, seed, story }: FleetOptions): Fleet {
  const { zone, place, sites } = neighbourhood
  const environment = new Environment({ seed, zone, place, story })
  const homes = new Map<string, Home>()
  const characters = new Map(neighbourhood.streets.map((s) => [s.name, streetCharacters[s.kind]]))
  // The heating asks for outdoor temperatures of the days before: a sky of its own keeps the boxes' days in the cache.
  const sky = new Environment({ seed, zone, place, story })
  const moment = emptyMoment()
  const outdoorC = (localMs: number): number => {
    sky.at(localMs - sky.calendar.aheadMs(localMs), moment)
    return moment.wallC
  }
  const homeOf = (site: SimSite): Home => {
    const known = homes.get(site.homeName)
    if (known) return known
    const home = new Home(seed, site.homeName, site.homeKind, outdoorC)
    homes.set(site.homeName, home)
    return home
  }

  const boxes = sites.map((site, index) => {
    const name = `${site.streetName}, ${site.name}, ${site.kind}`
    const imperfections = new Imperfections(seed, name, { onBattery: site.kind === 'damp' })
    const street = characters.get(site.streetName)
    if (!street) throw new Error(`The neighbourhood has no street ${site.streetName}.`)
    const sensor = sensorOf({ seed, name, site, street, story, imperfections, homeOf })
    return new Box({ index, site, seed, environment, sensor, imperfections, story })
  })
  return { seed, environment, boxes }
}

interface SensorParts {
  seed: number
  name: string
  site: SimSite
  street: StreetCharacter
  story: Story
  imperfections: Imperfections
  homeOf(site: SimSite): Home
}

/** Two of five air boxes have a barometer; four of five damp boxes a probe in the coldest corner. */
function sensorOf({ seed, name, site, street, story, imperfections, homeOf }: SensorParts): Sensor {
  const random = createRandom(noiseKey(seed, `parts ${name}`))
  switch (site.kind) {
    case 'air':
      return new AirSensor(new AirSite(seed, name, street), random.chance(0.4))
    case 'noise':
      return new NoiseSensor(new NoiseSite(seed, name, site.streetName, street, story))
    case 'damp':
      return new DampSensor(homeOf(site), imperfections, random.chance(0.8))
  }
}
