/** What the stewards' desk says of a box: what is the matter, what to do, and what was wrong with its messages. */
import type { DeskBox, DeskProblem } from '../contract/desk/boxes.ts'
import type { DeskPerson } from '../contract/desk/people.ts'
import { faults, isFaultCode } from '../model/fault.ts'
import { ageText, momentText } from './format.ts'
import type { TextContext, Words } from './words.ts'

type DeskContext = TextContext<'common' | 'home' | 'steward'>

export interface DeskBoxText {
  /** "Railings is silent"; the worst first. */
  ill: { says: string; todo: string }[]
  /** "Ashley Road, outdoors" */
  where: string
  heard: string
  host: string
  problems: { message: string; when: string; todo: string }[]
}

export function deskBoxText(context: DeskContext, box: DeskBox): DeskBoxText {
  const { steward } = context.words
  const say = steward.box
  const placement = box.placement === null ? [] : [say[box.placement]]
  return {
    ill: box.ill.map((illness) => {
      const [says, todo] = steward.illness[illness]
      return { says: `${box.name} ${says}.`, todo }
    }),
    where: [box.street?.name ?? say.noStreet, ...placement].join(', '),
    heard: box.lastHeard === null ? say.neverHeard : say.heard(ageText(context, Date.parse(box.lastHeard))),
    host: box.host?.name ? say.host(box.host.name) : say.noHost,
    problems: box.problems.map((problem) => problemText(context, problem))
  }
}

/** Who has no name yet is known by what they host. */
export function personCalled(
  { steward: { people: say } }: Pick<Words, 'steward'>,
  { name, boxes }: Pick<DeskPerson, 'name' | 'boxes'>
): string {
  return name || (boxes[0] ? say.hostOf(boxes[0].name) : say.noName)
}

/** Of an indoor box the hub gives neither message nor number; the catalogue says what the code means. */
function problemText(context: DeskContext, { code, message, count, lastAt }: DeskProblem) {
  const { home, steward } = context.words
  const when = momentText(context, Date.parse(lastAt))
  const known = isFaultCode(code)
  const text = message ?? (known ? faults[code] : code)
  return {
    message: /[.!?]$/.test(text) ? text : `${text}.`,
    when: count === null ? steward.box.lastAt(when) : steward.box.times(count, when),
    todo: known ? home.advice[code] : ''
  }
}
