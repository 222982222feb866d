/** The documents say what the code does: fault codes, settings, commands, quantities, dependencies and the table of the house. */
import { withTable } from '../.ci/house-table.ts'
import { imagesIn, pinned } from '../.ci/pin-images.ts'
import { describe, expect, it } from 'vitest'
import { problems } from '../api/problem.ts'
import { commandOf } from '../cli/commands/all.ts'
import { settings } from '../settings.ts'
import { faults } from '../model/fault.ts'
import { reasons } from '../model/flag.ts'
import { quantities, quantityNames } from '../model/quantity.ts'
import { sentinels } from '../science/quality.ts'
import { allFiles, exists, read } from './support/sources.ts'

const settingNames = Object.keys(settings)

/** Rows of the Markdown tables of a file whose first cell is code: `name` → the other cells. */
function tableRows(file: string): Map<string, string[]> {
  const rows = read(file)
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim())
    )
  return new Map(rows.map(([first = '', ...rest]) => [/`([^`]+)`/.exec(first)?.[1] ?? first, rest]))
}

describe('docs/faults.md', () => {
  it('documents every fault, and only those', () => {
    const documented = [...read('docs/faults.md').matchAll(/^## (.+)$/gm)].map((match) => match[1])
    expect(documented.toSorted()).toEqual(Object.keys(faults).toSorted())
  })

  it('says for each what to do', () => {
    const chapters = read('docs/faults.md').split(/^## /m).slice(1)
    const without = chapters.filter((text) => !text.includes('**Do:**')).map((text) => text.split('\n')[0])
    expect(without).toEqual([])
  })
})

describe('settings', () => {
  it('are all in .env.example, and only those', () => {
    const named = [...read('.env.example').matchAll(/^#?([A-Z_]+)=/gm)].map((match) => match[1])
    expect(named.toSorted()).toEqual(settingNames.toSorted())
  })

  it('stand in .env.example with their defaults, commented out', () => {
    const lines = new Map(
      [...read('.env.example').matchAll(/^#([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [
        name,
        value.replace(/^"(.*)"$/, '$1')
      ])
    )
    for (const [name, { default: value }] of Object.entries(settings)) {
      if (value !== '') expect(lines.get(name), name).toBe(value)
    }
  })

  it('with blanks in their defaults are in quotes there, since a shell reads the file', () => {
    const bare = [...read('.env.example').matchAll(/^#([A-Z_]+)=([^"\n].* .*)$/gm)].map(([line]) => line)
    expect(bare).toEqual([])
  })

  it('are all in docs/operating.md, and only those', () => {
    const named = [...tableRows('docs/operating.md').keys()].filter((name) =>
      /^(LAMPPOST|INFLUX)_/.test(name)
    )
    expect(named.toSorted()).toEqual(settingNames.toSorted())
  })
})

describe('docs/mqtt.md', () => {
  it('lists every quantity with its unit', () => {
    const rows = tableRows('docs/mqtt.md')
    for (const name of quantityNames) expect(rows.get(name)?.[1], name).toBe(quantities[name].unit)
  })
})

describe('docs/api.md', () => {
  it('lists every refusal with its status, and only those', () => {
    const listed = [...tableRows('docs/api.md')].filter(([, [status = '']]) => /^[45]\d\d$/.test(status))
    const known = Object.entries(problems).map(([code, { status }]) => `${code} ${status}`)
    expect(listed.map(([code, [status]]) => `${code} ${status}`).toSorted()).toEqual(known.toSorted())
  })
})

describe('docs/quality.md', () => {
  const text = read('docs/quality.md')

  it('says of each reason what it fails or doubts', () => {
    const rows = text.split('\n').filter((line) => line.startsWith('| `'))
    const named = rows.map((line) => /`([^`]+)`/.exec(line)?.[1] ?? '')
    const elsewhere = ['ratified']
    expect([...new Set(named), ...elsewhere].toSorted()).toEqual(Object.keys(reasons).toSorted())
  })

  it('lists every value that is no measurement, with the words of the table', () => {
    const number = (value: number): string => `${value}`.replace('-', '−')
    for (const { values, why } of sentinels) {
      const row = text
        .split('\n')
        .find((line) => line.startsWith(`| ${values.map(number).join(', ')} |`) && line.includes(why))
      expect(row, why).toBeDefined()
    }
  })
})

describe('the container', () => {
  const images = ['Dockerfile', 'docker-compose.yml'].flatMap((file) => imagesIn(read(file)))

  it('is built from images of one exact version each, and runs with no other', () => {
    const isExact = (name: string): boolean => /:\d+\.\d+\.\d+(-|$)|-\d{8}-/.test(name)
    expect(images.filter((name) => !isExact(name))).toEqual([])
    const versions = Map.groupBy(new Set(images), (name) => name.split(':')[0])
    expect([...versions.values()].filter((some) => some.length > 1)).toEqual([])
  })

  it('is pinned to the digests that are known, and stays as it is where none is', () => {
    const text = 'FROM debian:13.1-slim AS one\n    image: influxdb:2.9.1\n    image: lamppost\n'
    const digest = `sha256:${'0'.repeat(64)}`
    const once = pinned(text, new Map([['influxdb:2.9.1', digest]]))
    expect(once).toBe(text.replace('2.9.1', `2.9.1@${digest}`))
    const next = digest.replaceAll('0', '1')
    expect(pinned(once, new Map([['influxdb:2.9.1', next]]))).toBe(text.replace('2.9.1', `2.9.1@${next}`))
  })

  it('gives no password or token to a program in its arguments', () => {
    expect(read('docker-compose.yml')).not.toMatch(/^\s*influx .*(--token|--password)/m)
    expect(read('docker-compose.yml')).not.toContain('--token')
  })

  it('opens the ports that the hub listens on', () => {
    const ports = [settings.LAMPPOST_MQTT_PORT.default, settings.LAMPPOST_HTTP_PORT.default]
    expect(/^EXPOSE (.+)$/m.exec(read('Dockerfile'))?.[1]).toBe(ports.join(' '))
    for (const port of ports) expect(read('docker-compose.yml')).toContain(`- '${port}:${port}'`)
  })
})

/** What an adult reads of English prose that informs is 238 a minute (Brysbaert 2019); tables and names take longer. */
const wordsAMinute = 220

describe('ARCHITECTURE.md', () => {
  const text = read('ARCHITECTURE.md')

  it('gives a reason for every dependency', () => {
    const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<
      string,
      Record<string, string>
    >
    const rows = tableRows('ARCHITECTURE.md')
    const silent = Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !rows.get(name)?.[0])
    expect(silent).toEqual([])
  })

  it('shows the table of the house as it is', () => {
    expect(text, 'write it again with: node .ci/house-table.ts').toBe(withTable(text))
  })

  it('is read in ten minutes, but for what one only looks up', () => {
    const [journey, ...more] = text.split('\n## For looking up\n')
    expect(more.length).toBe(1)
    const words = journey!.split(/\s+/).filter((word) => /[\p{L}\d]/u.test(word)).length
    expect(words).toBeLessThanOrEqual(10 * wordsAMinute)
  })
})

describe('package.json', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }

  it('runs nothing through another file that works only as the first one', () => {
    for (const [name, line] of Object.entries(scripts)) {
      const file = /npm-script\.mjs (?:--dev )?(\S+)/.exec(line)?.[1]
      if (file && !file.startsWith('node_modules/'))
        expect(read(file), name).not.toContain('import.meta.main')
    }
  })

  it('installs first in each script that may be the first command', () => {
    for (const name of ['start', 'demo', 'test', 'bench'])
      expect(scripts[name], name).toMatch(/^node cli\/npm-script\.mjs /)
  })
})

describe('commands in documents', () => {
  const hubWords = ['start', 'demo', 'help', 'version']
  const documents = allFiles().filter((file) => file.endsWith('.md'))

  it.each(documents)('%s names commands that exist', async (file) => {
    const named = [...read(file).matchAll(/npx lamppost ([a-z-]+(?: [a-z][a-z-]*)?)/g)].map(
      (match) => match[1] ?? ''
    )
    const found = await Promise.all(named.map((words) => commandOf(words.split(' '))))
    const unknown = named.filter(
      (words, i) => !hubWords.includes(words.split(' ')[0] ?? '') && found[i] === undefined
    )
    expect(unknown).toEqual([])
  })

  it.each(documents)('%s links to files that exist', (file) => {
    const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/') + 1) : ''
    const links = [...read(file).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)].map(
      (match) => match[1] ?? ''
    )
    const broken = links
      .map((link) => new URL(folder + link, 'file:///').pathname.slice(1))
      .filter((f) => !exists(f))
    expect(broken).toEqual([])
  })

  it.each(documents)('%s names npm scripts that exist', (file) => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const named = [...read(file).matchAll(/npm (?:run ([a-z][a-z:-]*)|(start|test)\b)/g)].map(
      (m) => m[1] ?? m[2] ?? ''
    )
    expect(named.filter((name) => !(name in scripts))).toEqual([])
  })
})
