/** Reads the path of an address: entity sets, ids, links, properties, $value and $ref. OGC 18-088, section 9.2. */
import { entityTypes, linkOf, namesOf, propertyOf, typeOfSet, type TypeName } from '../entity-types.ts'
import { segmentsMax } from '../limits.ts'
import { shown } from '../../figures/shown.ts'
import { bad, StaProblem } from '../problem.ts'

export interface PathStep {
  /** An entity set, or a link of the step before. */
  name: string
  type: TypeName
  many: boolean
  /** As it was written, without quotes. */
  id?: string
}

export interface Path {
  steps: readonly PathStep[]
  /** A property of the entity, and parts of it. */
  property?: readonly string[]
  ending?: '$value' | '$ref'
}

/** Without what comes before the first entity set; '' is the service itself. */
export function pathOf(text: string): Path {
  const segments = text.split('/').filter((segment, i, all) => segment !== '' || i < all.length - 1)
  if (segments.length > segmentsMax) throw bad(`A path has at most ${segmentsMax} parts.`)
  const steps: PathStep[] = []
  for (const [i, segment] of segments.entries()) {
    const last = steps.at(-1)
    if (segment === '$ref' && last && i === segments.length - 1) return { steps, ending: '$ref' }
    const isProperty = last && isOne(last) && linkOf(last.type, nameIn(segment)) === undefined
    if (isProperty) return propertyPath(steps, segments.slice(i).map(decodedPart))
    steps.push(stepOf(segment, last))
  }
  return { steps }
}

export function isOne(step: PathStep): boolean {
  return !step.many || step.id !== undefined
}

function propertyPath(steps: readonly PathStep[], rest: readonly string[]): Path {
  const { type } = steps.at(-1)!
  const isValue = rest.at(-1) === '$value'
  const property = isValue ? rest.slice(0, -1) : rest
  const [name] = property
  if (name === undefined) throw bad('$value stands behind a property: Things(1)/name/$value.')
  if (name !== 'id' && propertyOf(type, name) === undefined)
    throw new StaProblem(404, `A ${type} has no "${shown(name)}". It has: ${namesOf(type)}.`)
  return { steps, property, ...(isValue && { ending: '$value' as const }) }
}

function stepOf(segment: string, last: PathStep | undefined): PathStep {
  const bracket = segment.indexOf('(')
  const name = nameIn(segment)
  const id = bracket < 0 ? undefined : idIn(segment.slice(bracket))
  if (!last) {
    const type = typeOfSet(name)
    if (!type) throw new StaProblem(404, `There is no "${shown(name)}" here. There are: ${allSets()}.`)
    return { name, type, many: true, ...(id !== undefined && { id }) }
  }
  if (!isOne(last))
    throw new StaProblem(404, `Name one of the ${last.name} first: ${last.name}(1)/${shown(name)}.`)
  const link = linkOf(last.type, name)!
  if (!link.many && id !== undefined)
    throw bad(`A ${last.type} has one ${name}, so it is asked for without an id.`)
  return { name, type: link.to, many: link.many, ...(id !== undefined && { id }) }
}

function allSets(): string {
  return Object.values(entityTypes)
    .map(({ set }) => set)
    .join(', ')
}

function nameIn(segment: string): string {
  return decodedPart(segment.split('(')[0]!)
}

function idIn(text: string): string {
  const match = /^\((?:(-?\d{1,40})|'((?:[^']|'')*)')\)$/.exec(decodedPart(text))
  if (!match) throw bad(`"${shown(text)}" is no id. Write a number in brackets: Things(1).`)
  return match[1] ?? match[2]!.replaceAll("''", "'")
}

function decodedPart(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw bad(`"${shown(text)}" has a percent sign that begins no character. Write the sign itself as %25.`)
  }
}
