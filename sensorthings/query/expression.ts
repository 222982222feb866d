/** Reads the expressions of $filter and $orderby (OGC 18-088, section 9.3.3.5): precedence as there, depth bounded. */
import { bracketsMax } from '../limits.ts'
import { shown } from '../../figures/shown.ts'
import { bad, StaProblem } from '../problem.ts'
import type { Token, TokenReader } from './tokens.ts'

export type Expression =
  | { kind: 'literal'; token: Token }
  | { kind: 'path'; steps: readonly string[] }
  | { kind: 'call'; name: string; args: readonly Expression[] }
  | { kind: 'binary'; operator: Operator; left: Expression; right: Expression }
  | { kind: 'not'; of: Expression }
  | { kind: 'minus'; of: Expression }

const comparisons = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'] as const
const sums = ['add', 'sub'] as const
const products = ['mul', 'div', 'mod'] as const

export type Comparison = (typeof comparisons)[number]
export type Arithmetic = (typeof sums)[number] | (typeof products)[number]
export type Operator = Comparison | Arithmetic | 'and' | 'or'

/** Reads as far as the expression goes; what comes after is the caller's. */
export function readExpression(reader: TokenReader): Expression {
  return new Parser(reader).or()
}

class Parser {
  readonly #reader: TokenReader
  #depth = 0

  constructor(reader: TokenReader) {
    this.#reader = reader
  }

  or(): Expression {
    return this.#chain(['or'], () => this.#and())
  }

  #and(): Expression {
    return this.#chain(['and'], () => this.#not())
  }

  /** It takes the comparison after it with it, so that `not result gt 5` means what it says. */
  #not(): Expression {
    const { peek, second } = this.#reader
    const isOperator =
      peek?.kind === 'name' && peek.text === 'not' && !(second?.kind === 'sign' && second.text === '/')
    if (!isOperator) return this.#comparison()
    this.#reader.take()
    return this.#deeper(() => ({ kind: 'not', of: this.#not() }))
  }

  #comparison(): Expression {
    return this.#chain(comparisons, () => this.#sum())
  }

  #sum(): Expression {
    return this.#chain(sums, () => this.#product())
  }

  #product(): Expression {
    return this.#chain(products, () => this.#unary())
  }

  #chain(operators: readonly Operator[], next: () => Expression): Expression {
    let left = next()
    for (;;) {
      const { peek } = this.#reader
      const operator = peek?.kind === 'name' ? operators.find((one) => one === peek.text) : undefined
      if (!operator) return left
      this.#reader.take()
      left = { kind: 'binary', operator, left, right: next() }
    }
  }

  #unary(): Expression {
    if (!this.#reader.skip('-')) return this.#primary()
    return this.#deeper(() => ({ kind: 'minus', of: this.#unary() }))
  }

  #primary(): Expression {
    const reader = this.#reader
    if (reader.skip('(')) {
      const inner = this.#deeper(() => this.or())
      reader.need(')')
      return inner
    }
    const { peek } = reader
    if (!peek || peek.kind === 'sign') throw reader.unexpected('a property, a value or a function')
    if (peek.kind !== 'name') return { kind: 'literal', token: reader.take() }
    if (['true', 'false', 'null'].includes(peek.text)) return { kind: 'literal', token: reader.take() }
    return this.#named()
  }

  #named(): Expression {
    const reader = this.#reader
    const { text: name } = reader.take()
    if (reader.skip('(')) return this.#call(name)
    const steps = [name]
    while (reader.skip('/')) {
      const step = reader.take()
      if (step.kind !== 'name') throw bad(`${reader.option}: "${shown(step.text)}" is no name of a property.`)
      if (reader.isSign('('))
        throw new StaProblem(
          501,
          `${reader.option}: "${shown(step.text)}(…)" on a path is not part of SensorThings.`
        )
      steps.push(step.text)
    }
    return { kind: 'path', steps }
  }

  #call(name: string): Expression {
    const reader = this.#reader
    const args: Expression[] = []
    this.#deeper(() => {
      if (reader.isSign(')')) return
      do args.push(this.or())
      while (reader.skip(','))
    })
    reader.need(')')
    return { kind: 'call', name, args }
  }

  #deeper<T>(read: () => T): T {
    if (++this.#depth > bracketsMax)
      throw bad(
        `${this.#reader.option} has more than ${bracketsMax} brackets within brackets. Write it flatter.`
      )
    const result = read()
    this.#depth--
    return result
  }
}
