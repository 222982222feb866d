/** What is printed on a terminal cannot steer it. */
import { describe, expect, it } from 'vitest'
import { printable } from '../../cli/printable.ts'

describe('text for a terminal', () => {
  it.each([
    ['colours', '\u001b[31mred', '\\u001b[31mred'],
    ['a title', '\u001b]0;owned\u0007me', '\\u001b]0;owned\\u0007me'],
    ['zero bytes', 'a\0b', 'a\\u0000b'],
    ['a line written over', 'good\rbad', 'good\\u000dbad'],
    ['controls of eight bits', '\u009b31m', '\\u009b31m'],
    ['letters turned round', 'a\u202eb', 'a\\u202eb']
  ])('shows %s instead of doing it', (_what, text, shown) => {
    expect(printable(text)).toBe(shown)
  })

  it('leaves lines, tabs and letters of all scripts alone, and JSON the same JSON', () => {
    const text = 'Straße\t° µg/m³\nπμ 東海道 🚲'
    expect(printable(text)).toBe(text)
    const value = { name: 'a\u001b\u009bb\u202e' }
    expect(JSON.parse(printable(JSON.stringify(value)))).toEqual(value)
  })
})
