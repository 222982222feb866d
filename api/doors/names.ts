/**
 * The names that this hub answers to. A page of somebody else can make a browser in this network send requests here under a
 * name of its own (DNS rebinding) and would then read the answers as its own; a name that we do not know gives nothing.
 */
import { isIP } from 'node:net'

/** Endings that nobody can register (RFC 6761, 6762, 8375, 9476), or that routers give to what is in their network. */
const homeEndings = [
  'localhost',
  'local',
  'lan',
  'home',
  'home.arpa',
  'internal',
  'intranet',
  'localdomain',
  'fritz.box'
]

/** `host` is the header as it came; a program that sends none is no browser. */
export function answersTo(host: string | undefined, ownNames: readonly string[]): boolean {
  if (host === undefined || host === '') return true
  const name = nameIn(host)
  if (name === undefined) return false
  if (isIP(name) !== 0 || !name.includes('.')) return true
  return ownNames.includes(name) || homeEndings.some((ending) => name.endsWith(`.${ending}`))
}

/** Without the port, in one spelling; undefined where it is no name. */
export function nameIn(host: string): string | undefined {
  const [, literal, plain] = /^(?:\[([^\]]+)\]|([^:[\]/\s]+))(?::\d{1,5})?$/.exec(host) ?? []
  return (literal ?? plain)?.toLowerCase().replace(/\.$/, '')
}

/** Paths that boxes send to, whose firmware may say anything as its host, or nothing. They read nothing. */
export function isForBoxes(url: string): boolean {
  return boxPaths.test(url)
}

const boxPaths =
  /^\/(?:push\/|v1\/push-sensor-data(?:[/?]|$)|sensors\/airgradient:[^/?]+\/measures(?:[/?]|$)|boxes\/[^/?]+\/(?:data|[0-9a-f]{24})(?:[/?]|$))/
