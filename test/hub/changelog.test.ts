/** What changed from one version to another: plain sentences from the changelog's own form. */
import { describe, expect, it } from 'vitest'
import { changesBetween, readChangelog } from '../../hub/desk/changelog.ts'

const changelog = `# Changelog

What changed.

## [0.3.0] - 2027-03-01

### Added

- **Third:** with \`code\` and a [link](docs/x.md);
  on two lines.

### Fixed

- Third, mended.

## 0.2.0

- Second.

## [0.1.0] - 2026-11-30

- First.
`

const third = ['Third: with code and a link; on two lines.', 'Third, mended.']

describe('what changed', () => {
  it.each([
    ['from the version before', '0.2.0', '0.3.0', third],
    ['from two versions before', '0.1.0', '0.3.0', [...third, 'Second.']],
    ['to one that is not the newest', '0.1.0', '0.2.0', ['Second.']],
    ['from one that nobody knows', null, '0.3.0', third],
    ['from one that is not in the list', '0.0.9', '0.2.0', ['Second.']],
    ['to one that stands there without its number', '0.3.0', '0.4.0', []],
    ['back to an older version', '0.3.0', '0.2.0', []]
  ])('%s', (_what, since, to, says) => {
    expect(changesBetween(changelog, since, to)).toEqual(says)
  })

  it('of the version that is being made is what stands at the top', () => {
    const unreleased = changelog.replace('## [0.3.0]', '## Unreleased\n\n- Fourth.\n\n## [0.3.0]')
    expect(changesBetween(unreleased, '0.3.0', '0.4.0')).toEqual(['Fourth.'])
    expect(changesBetween('', null, '0.4.0')).toEqual([])
  })

  it('is in this program’s own file', () => {
    const [first] = changesBetween(readChangelog(), null, '0.1.0')
    expect(first).toMatch(/^[A-Z].*\.$/)
  })
})
