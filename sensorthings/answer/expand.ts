/** Follows $expand level by level, so that what all entities of a level need is asked of the store at once. */
import { isRow, type Entity, type Row, type Stream, type Subject } from '../entities/entity.ts'
import { linkOf, type TypeName } from '../entity-types.ts'
import { answerEntitiesMax, observationsPageMax, pageDefault, pageMax } from '../limits.ts'
import { bad } from '../problem.ts'
import { linked } from '../observations/reads.ts'
import type { Expand, Options } from '../query/options.ts'
import type { Expanded, Node } from './json.ts'
import { observationPage, observationPagesOfEach, type ObservationDeps } from './observation-pages.ts'
import type { Page } from './page.ts'

export class Expanding {
  readonly #deps: ObservationDeps
  #entities = 0

  constructor(deps: ObservationDeps) {
    this.#deps = deps
  }

  /** In the order of the subjects. */
  async nodes(type: TypeName, subjects: readonly Subject[], options: Options): Promise<Node[]> {
    this.#entities += subjects.length
    if (this.#entities > answerEntitiesMax)
      throw bad(
        `The answer would hold more than ${answerEntitiesMax} entities. Give a smaller $top, outside and within $expand, and follow the links.`
      )
    const byLink = await this.#expandEach(type, subjects, options.expand)
    return subjects.map((subject, i) => ({
      subject,
      expanded: new Map([...byLink].map(([name, each]) => [name, each[i]!]))
    }))
  }

  async #expandEach(
    type: TypeName,
    subjects: readonly Subject[],
    expands: readonly Expand[]
  ): Promise<Map<string, Expanded[]>> {
    const found = new Map<string, Expanded[]>()
    for (const { link, options } of expands) {
      const { to, many } = linkOf(type, link)!
      const pages = await this.#pages(to, many, { subjects, link, options })
      // All of the next level at once, and then back to whom they belong.
      const below = await this.nodes(
        to,
        pages.flatMap(({ items }) => items),
        options
      )
      let next = 0
      found.set(
        link,
        pages.map(({ items, ...rest }) => ({
          nodes: below.slice(next, (next += items.length)),
          many,
          options,
          ...rest
        }))
      )
    }
    return found
  }

  #pages(
    to: TypeName,
    many: boolean,
    { subjects, link, options }: { subjects: readonly Subject[]; link: string; options: Options }
  ): Promise<Page<Subject>[]> | Page<Subject>[] {
    if (to === 'Observation') return this.#observations(subjects as readonly Entity[], options)
    return subjects.map((subject) => {
      const there = linked(subject, link)
      if (!many) return { items: [there as Entity] }
      return this.#deps.pages.of(
        there as Entity[],
        to,
        options,
        Math.min(pageMax, options.top ?? pageDefault)
      )
    })
  }

  async #observations(entities: readonly Entity[], options: Options): Promise<Page<Row>[]> {
    const most = Math.min(observationsPageMax, options.top ?? pageDefault)
    const [first] = entities
    if (first?.type === 'FeatureOfInterest') {
      const pages: Page<Row>[] = []
      for (const feature of entities)
        pages.push(await observationPage(this.#deps, streamsOf(feature), options, most))
      return pages
    }
    const streams = [...new Set(entities.map((entity) => entity.stream!))]
    const each = await observationPagesOfEach(this.#deps, streams, options, most)
    return entities.map((entity) => each.get(entity.stream!) ?? { items: [] })
  }
}

/** Whose Observations an entity's are. */
export function streamsOf(entity: Subject): Stream[] {
  if (isRow(entity)) return [entity.series.stream]
  if (entity.stream) return [entity.stream]
  return (entity.links['Datastreams'] as Entity[]).flatMap(({ stream }) => stream ?? [])
}
