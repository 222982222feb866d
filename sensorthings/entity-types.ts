/** The eight kinds of entity, their properties and how they are linked: OGC 18-088, section 8.2. */

/** What a property or a part of a filter can be. `any`: what JSON holds there, known only when it is looked at. */
export type Kind =
  'text' | 'number' | 'boolean' | 'moment' | 'date' | 'timeOfDay' | 'duration' | 'any' | 'null'

export interface Link {
  to: TypeName
  many: boolean
}

export interface EntityType {
  /** The entity set's name in a path. */
  set: string
  properties: Readonly<Record<string, Kind>>
  links: Readonly<Record<string, Link>>
}

export const typeNames = [
  'Thing',
  'Location',
  'HistoricalLocation',
  'Datastream',
  'Sensor',
  'ObservedProperty',
  'Observation',
  'FeatureOfInterest'
] as const

export type TypeName = (typeof typeNames)[number]

const one = (to: TypeName): Link => ({ to, many: false })
const many = (to: TypeName): Link => ({ to, many: true })
const described = { name: 'text', description: 'text' } as const

export const entityTypes: Readonly<Record<TypeName, EntityType>> = {
  Thing: {
    set: 'Things',
    properties: { ...described, properties: 'any' },
    links: {
      Locations: many('Location'),
      HistoricalLocations: many('HistoricalLocation'),
      Datastreams: many('Datastream')
    }
  },
  Location: {
    set: 'Locations',
    properties: { ...described, encodingType: 'text', location: 'any', properties: 'any' },
    links: { Things: many('Thing'), HistoricalLocations: many('HistoricalLocation') }
  },
  HistoricalLocation: {
    set: 'HistoricalLocations',
    properties: { time: 'moment' },
    links: { Thing: one('Thing'), Locations: many('Location') }
  },
  Datastream: {
    set: 'Datastreams',
    properties: {
      ...described,
      observationType: 'text',
      unitOfMeasurement: 'any',
      phenomenonTime: 'moment',
      resultTime: 'moment',
      properties: 'any'
    },
    links: {
      Thing: one('Thing'),
      Sensor: one('Sensor'),
      ObservedProperty: one('ObservedProperty'),
      Observations: many('Observation')
    }
  },
  Sensor: {
    set: 'Sensors',
    properties: { ...described, encodingType: 'text', metadata: 'any', properties: 'any' },
    links: { Datastreams: many('Datastream') }
  },
  ObservedProperty: {
    set: 'ObservedProperties',
    properties: { name: 'text', definition: 'text', description: 'text', properties: 'any' },
    links: { Datastreams: many('Datastream') }
  },
  Observation: {
    set: 'Observations',
    properties: {
      phenomenonTime: 'moment',
      resultTime: 'moment',
      result: 'number',
      resultQuality: 'any',
      parameters: 'any'
    },
    links: { Datastream: one('Datastream'), FeatureOfInterest: one('FeatureOfInterest') }
  },
  FeatureOfInterest: {
    set: 'FeaturesOfInterest',
    properties: { ...described, encodingType: 'text', feature: 'any', properties: 'any' },
    links: { Observations: many('Observation') }
  }
}

const bySet: ReadonlyMap<string, TypeName> = new Map(typeNames.map((name) => [entityTypes[name].set, name]))

/** undefined where no entity set has this name. */
export function typeOfSet(set: string): TypeName | undefined {
  return bySet.get(set)
}

export function linkOf(type: TypeName, name: string): Link | undefined {
  const { links } = entityTypes[type]
  return Object.hasOwn(links, name) ? links[name] : undefined
}

export function propertyOf(type: TypeName, name: string): Kind | undefined {
  const { properties } = entityTypes[type]
  return Object.hasOwn(properties, name) ? properties[name] : undefined
}

/** For a sentence that says what there is. */
export function namesOf(type: TypeName): string {
  const { properties, links } = entityTypes[type]
  return ['id', ...Object.keys(properties), ...Object.keys(links)].join(', ')
}
