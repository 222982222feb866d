/** Answers one address of the service: walks its path, finds what is asked for, and writes it down. */
import type { Model } from '../entities/building.ts'
import type { Entity, Row, Stream, Subject } from '../entities/entity.ts'
import type { TypeName } from '../entity-types.ts'
import { shown } from '../../figures/shown.ts'
import { arrayPageMax, observationsPageMax, pageDefault, pageMax } from '../limits.ts'
import { bad, StaProblem } from '../problem.ts'
import { planOfId } from '../observations/plan.ts'
import { linked } from '../observations/reads.ts'
import { Effort, firstOf, type SearchDeps } from '../observations/search.ts'
import { optionsOfQuery, type Options } from '../query/options.ts'
import { isOne, type Path, type PathStep } from '../query/path.ts'
import { csvLines, dataArrays } from './arrays.ts'
import { Expanding, streamsOf } from './expand.ts'
import { EntityWriter, propertyText } from './json.ts'
import { nextLink, selfLink } from './links.ts'
import { observationPage, type ObservationDeps } from './observation-pages.ts'
import { Pages, type Page } from './page.ts'

export interface Asked {
  path: Path
  /** What stands behind the question mark. */
  query: string
  /** Of the service, and of what is asked for. */
  base: string
  address: string
  now: number
}

export interface StaAnswer {
  type: 'application/json' | 'text/plain' | 'text/csv'
  body: string
  /** Where a format has no place for it in its body. */
  next?: string
  /** A property that has no value. */
  isEmpty?: boolean
}

export async function answerPath(model: Model, search: SearchDeps, asked: Asked): Promise<StaAnswer> {
  const effort = new Effort(search)
  const deps: ObservationDeps = { ...search, effort, pages: new Pages(asked.now), now: asked.now }
  const answering = new Answering(model, deps, asked)
  const { path, query } = asked
  const last = path.steps.at(-1)!
  if (path.property) return answering.property(path.property, path.ending === '$value')
  const options = optionsOfQuery(query, last.type)
  if (path.ending === '$ref') return answering.references(options)
  return isOne(last) ? answering.entity(options) : answering.collection(options)
}

/** What a path leads to: some entities, or Observations of some Datastreams. */
type Found = { entities: readonly Entity[] } | { streams: readonly Stream[] }

class Answering {
  readonly #model: Model
  readonly #deps: ObservationDeps
  readonly #asked: Asked

  constructor(model: Model, deps: ObservationDeps, asked: Asked) {
    this.#model = model
    this.#deps = deps
    this.#asked = asked
  }

  async property(steps: readonly string[], isValue: boolean): Promise<StaAnswer> {
    if (this.#asked.query !== '')
      throw bad('A property has no options. Leave out what stands behind the question mark.')
    const subject = await this.#one()
    const [name = '', ...inner] = steps
    const text = propertyText(subject, name)
    const value: unknown = text === undefined ? null : inner.reduce(partOf, JSON.parse(text))
    const key = JSON.stringify(steps.at(-1)!.replace(/^id$/, '@iot.id'))
    if (!isValue) {
      if (value === undefined) throw new StaProblem(404, `There is no "${shown(steps.join('/'))}" here.`)
      return { type: 'application/json', body: `{${key}:${JSON.stringify(value)}}` }
    }
    if (value === null || value === undefined) return { type: 'text/plain', body: '', isEmpty: true }
    return typeof value === 'object'
      ? { type: 'application/json', body: JSON.stringify(value) }
      : { type: 'text/plain', body: String(value) }
  }

  async entity(options: Options): Promise<StaAnswer> {
    for (const name of options.written.keys())
      if (name !== '$select' && name !== '$expand')
        throw bad(`${name} is for several entities. One has $select and $expand.`)
    const subject = await this.#one()
    const { type } = this.#asked.path.steps.at(-1)!
    const [node] = await new Expanding(this.#deps).nodes(type, [subject], options)
    return { type: 'application/json', body: new EntityWriter(this.#asked.base).write(node!, options.select) }
  }

  async collection(options: Options): Promise<StaAnswer> {
    const { base, path } = this.#asked
    const { type } = path.steps.at(-1)!
    const page = await this.#page(options)
    const link = page.next && nextLink(this.#asked.address, options, page.next)
    if (options.resultFormat === 'CSV') {
      const body = csvLines(page.items as readonly Row[], options.select)
      return { type: 'text/csv', body, ...(link !== undefined && { next: link }) }
    }
    const texts =
      options.resultFormat === 'dataArray'
        ? dataArrays(base, page.items as readonly Row[], options.select)
        : await this.#entities(type, page.items, options)
    return { type: 'application/json', body: envelope(page, link, texts) }
  }

  async references(options: Options): Promise<StaAnswer> {
    if (options.select || options.expand.length > 0 || options.resultFormat)
      throw bad('$ref gives links alone: it takes $filter, $orderby, $top, $skip and $count.')
    const last = this.#asked.path.steps.at(-1)!
    const page: Page<Subject> = isOne(last) ? { items: [await this.#one()] } : await this.#page(options)
    const links = page.items.map(
      (subject) => `{"@iot.selfLink":${JSON.stringify(selfLink(this.#asked.base, subject))}}`
    )
    if (isOne(last)) return { type: 'application/json', body: links[0]! }
    const link = page.next && nextLink(this.#asked.address, options, page.next)
    return { type: 'application/json', body: envelope(page, link, links.join(',')) }
  }

  async #entities(type: TypeName, items: readonly Subject[], options: Options): Promise<string> {
    const nodes = await new Expanding(this.#deps).nodes(type, items, options)
    const writer = new EntityWriter(this.#asked.base)
    const texts: string[] = []
    for (const [i, node] of nodes.entries()) {
      if (i % 100 === 99) await this.#deps.breathe()
      texts.push(writer.write(node, options.select))
    }
    return texts.join(',')
  }

  async #page(options: Options): Promise<Page<Subject>> {
    const { steps } = this.#asked.path
    const { type } = steps.at(-1)!
    const found = await this.#walk(steps)
    const wanted = options.top ?? pageDefault
    if ('entities' in found)
      return this.#deps.pages.of(found.entities, type, options, Math.min(pageMax, wanted))
    const most = options.resultFormat ? arrayPageMax : observationsPageMax
    return observationPage(this.#deps, found.streams, options, Math.min(most, wanted))
  }

  async #one(): Promise<Subject> {
    const { steps } = this.#asked.path
    const last = steps.at(-1)!
    const found = await this.#walk(steps.slice(0, -1).concat(withoutId(last)))
    if ('streams' in found) return this.#observation(last.id!, found.streams)
    const entity =
      last.id === undefined ? found.entities[0] : found.entities.find(({ id }) => String(id) === last.id)
    if (!entity) throw missing(last)
    return entity
  }

  /** What the last step leads to, before its id is looked at. */
  async #walk(steps: readonly PathStep[]): Promise<Found> {
    let found: Found | undefined
    let before: Subject | undefined
    for (const [i, step] of steps.entries()) {
      found = before ? this.#follow(before, step) : this.#set(step.type)
      if (i === steps.length - 1) break
      before =
        'streams' in found
          ? await this.#observation(step.id!, found.streams)
          : this.#known(found.entities, step)
    }
    return found!
  }

  #set(type: TypeName): Found {
    if (type === 'Observation') return { streams: this.#model.streams }
    return { entities: this.#model.sets.get(type)! }
  }

  #follow(from: Subject, { name, type }: PathStep): Found {
    if (type === 'Observation') return { streams: streamsOf(from) }
    return { entities: [linked(from, name)].flat() }
  }

  #known(entities: readonly Entity[], step: PathStep): Entity {
    const { id, type } = step
    if (id === undefined) return entities[0]!
    const entity = this.#model.byId.get(type)!.get(id)
    if (!entity || (entities.length !== this.#model.sets.get(type)!.length && !entities.includes(entity)))
      throw missing(step)
    return entity
  }

  async #observation(id: string, streams: readonly Stream[]): Promise<Row> {
    const plan = planOfId(this.#model, id)
    const own = plan?.streams.filter((stream) => streams.includes(stream)) ?? []
    const [row] =
      plan && own.length > 0
        ? await firstOf(
            this.#deps,
            this.#deps.effort,
            { ...plan, streams: own },
            { descending: false, skip: 0, limit: 1 }
          )
        : []
    if (!row) throw new StaProblem(404, `There is no Observation with the id ${shown(id)}.`)
    return row
  }
}

function withoutId({ name, type, many }: PathStep): PathStep {
  return { name, type, many }
}

function missing({ name, id }: PathStep): StaProblem {
  return new StaProblem(404, `There is none of the ${name} with the id ${shown(id ?? '')} here.`)
}

function partOf(json: unknown, step: string): unknown {
  if (typeof json !== 'object' || json === null || !Object.hasOwn(json, step)) return undefined
  return (json as Record<string, unknown>)[step]
}

function envelope({ count }: Page<Subject>, next: string | undefined, texts: string): string {
  const counted = count === undefined ? '' : `"@iot.count":${count},`
  const link = next === undefined ? '' : `"@iot.nextLink":${JSON.stringify(next)},`
  return `{${counted}${link}"value":[${texts}]}`
}
