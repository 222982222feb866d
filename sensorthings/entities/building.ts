/** Entities while they are being made: each once, with its number, and the links between them in both directions. */
import type { Device } from '../../model/place.ts'
import { rawOf, type Quantity } from '../../model/quantity.ts'
import { featureWords, propertyWords } from '../../words/sensorthings.ts'
import { typeNames, type TypeName } from '../entity-types.ts'
import { numberOf } from '../ids.ts'
import { observedDefinition, qudtOf } from '../units.ts'
import type { Entity, Json, Series, Stream } from './entity.ts'

export interface ModelFacts {
  /** Of the data, e.g. "CC BY 4.0". */
  licence: string
}

export interface Model {
  /** Of each kind, by id. */
  sets: ReadonlyMap<TypeName, readonly Entity[]>
  byId: ReadonlyMap<TypeName, ReadonlyMap<string, Entity>>
  streams: readonly Stream[]
  /** By their number. */
  series: ReadonlyMap<number, readonly Series[]>
}

/** What entities are made from, and where they go while they are being made. */
export class Building {
  readonly facts: ModelFacts
  readonly devices: ReadonlyMap<string, Device>
  readonly #entities = new Map<TypeName, Map<string, Entity>>(typeNames.map((name) => [name, new Map()]))
  readonly #taken = new Set<string>()
  readonly streams: Stream[] = []

  constructor(devices: readonly Device[], facts: ModelFacts) {
    this.facts = facts
    this.devices = new Map(devices.map((device) => [device.deviceId, device]))
  }

  /** Once for each key; a number that two keys share goes to the first, and the next free one to the other. */
  once(type: Entity['type'], key: string, own: () => Record<string, Json>): Entity {
    const known = this.#entities.get(type)!.get(key)
    if (known) return known
    let id = numberOf(`${type} ${key}`)
    while (this.#taken.has(`${type} ${id}`)) id++
    this.#taken.add(`${type} ${id}`)
    const entity: Entity = { type, id, own: own(), links: {} }
    this.#entities.get(type)!.set(key, entity)
    return entity
  }

  done(): Model {
    const sets = new Map<TypeName, Entity[]>()
    const byId = new Map<TypeName, Map<string, Entity>>()
    for (const [type, entities] of this.#entities) {
      const sorted = [...entities.values()].sort((a, b) => a.id - b.id)
      for (const { links } of sorted)
        for (const linked of Object.values(links))
          if (Array.isArray(linked)) linked.sort((a, b) => a.id - b.id)
      sets.set(type, sorted)
      byId.set(type, new Map(sorted.map((entity) => [String(entity.id), entity])))
    }
    const all = this.streams.flatMap(({ series }) => series)
    return { sets, byId, streams: this.streams, series: Map.groupBy(all, ({ number }) => number) }
  }
}

export function linkFrom(entity: Entity, name: string, to: Entity): void {
  const linked = entity.links[name]
  if (Array.isArray(linked)) linked.push(to)
  else entity.links[name] = [to]
}

export function featureOf(building: Building, location: Entity): Entity {
  const { street } = location.own['properties'] as { street: string }
  const name = String(location.own['name'])
  return building.once('FeatureOfInterest', street, () => ({
    name,
    description: featureWords(name),
    encodingType: 'application/geo+json',
    feature: location.own['location']!,
    properties: location.own['properties']!
  }))
}

export function observedPropertyOf(building: Building, quantity: Quantity): Entity {
  const raw = rawOf(quantity)
  const qudt = qudtOf(raw)
  return building.once('ObservedProperty', raw, () => {
    const { name, description } = propertyWords(raw)
    const properties = { quantity: raw, ...(qudt !== undefined && { qudtUnit: qudt }) }
    return { name, definition: observedDefinition(raw), description, properties }
  })
}
