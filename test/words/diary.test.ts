/** What is said of a diary: when something was and when it was written, and what it changed, in words that claim no more. */
import { expect, it } from 'vitest'
import type { CornerFactor, DiaryChange, DiaryEntry } from '../../contract/diary.ts'
import { changeText, cornerFactorText, cornerResultText, entryText } from '../../words/diary.ts'
import { textContext, textNow } from '../support/english.ts'

const context = textContext()
const now = new Date(textNow).toISOString()
const entry: DiaryEntry = {
  id: 'n-1',
  home: 'h-1',
  room: 's-1',
  at: now,
  writtenAt: now,
  kind: 'reported',
  note: '',
  photo: null,
  reportedTo: 'Housing association'
}

it('an entry says where it was, whom was told, and that it was written later', () => {
  expect(entryText(context, entry, 'the bedroom')).toMatchObject({
    what: 'Landlord told, the bedroom',
    told: 'Told: Housing association.',
    written: ''
  })
  const weekAgo = new Date(textNow - 7 * 86_400_000).toISOString()
  expect(entryText(context, { ...entry, at: weekAgo }, undefined).written).toBe(
    'Written down on 23 Nov 2026.'
  )
})

function change(kind: DiaryChange['kind'], before: number, after: number, later: number | null): DiaryChange {
  const air = (waterGm3: number) => ({ temperatureC: 19, humidity: 60, waterGm3 })
  const at = { entry: 'n-1', room: 's-1', at: now, minutes: 20 }
  return { ...at, kind, before: air(before), after: air(after), laterWaterGm3: later }
}

it.each([
  [
    'fell and stayed',
    change('window', 11, 8, 9.5),
    /fell from 11.0 g.*to 8.0 g.*within 20 minutes.*still lower, at 9.5 g/
  ],
  ['came back', change('window', 11, 8, 10.9), /Three hours later it was back at 10.9 g/],
  ['is unknown later', change('window', 11, 8, null), /within 20 minutes\.$/],
  ['made no difference', change('window', 11, 10.7, null), /airing made no difference/],
  ['got wetter', change('window', 9, 11, null), /did not get drier/],
  ['was dried in', change('washing', 9, 12, null), /rose from 9.0 g.*to 12.0 g/],
  ['was dried in without effect', change('washing', 9, 9.3, null), /no more water/]
])('water that %s', (_what, given, said) => {
  expect(changeText(context, given, 'the bedroom').join(' ')).toMatch(said)
})

const corner: CornerFactor = {
  value: 0.58,
  basis: 'measured',
  measuredAt: now,
  measurements: 1,
  ofThisRoom: true
}

it('a corner says how it is known, and asks for more nights while it was measured once', () => {
  const said = (more: Partial<CornerFactor>) =>
    cornerFactorText(context, { corner: { ...corner, ...more }, now: null })
  expect(said({})).toContain('58% of the warmth reaches the corner. Measure again on two more cold nights')
  expect(said({ measurements: 3 })).toContain('measured it 3 times')
  expect(said({ ofThisRoom: false })).toContain('another room')
  expect(said({ basis: 'assumed', measuredAt: null })).toContain('only assumes')
})

it('a cold corner is the building’s doing, and a warm one points to the water', () => {
  expect(cornerResultText(context, { factor: 0.58 })[1]).toContain('not because of how you live')
  expect(cornerResultText(context, { factor: 0.82 })[1]).toContain('much water in the air')
})
