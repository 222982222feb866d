/** The style as a test: what a machine can check, a reviewer never mentions. Each failure names the file and says what to do instead. */
import { describe, expect, it } from 'vitest'
import { pageList } from '../dashboard/src/page-list.ts'
import { house } from './support/house.ts'
import { allowsOurs, allowsTheirs, rowNameOf } from './support/house-rules.ts'
import { outside, outsidePrograms } from './support/outside.ts'
import { allFiles, exists, globalsOf, importsOf, read, sourceFiles } from './support/sources.ts'

const sources = sourceFiles()
const outsideTests = sources.filter((file) => !file.startsWith('test/'))
// Files that set up a tool, at the top of the repository or of the dashboard: not part of what runs.
const toolFile =
  /^(vitest\.config\.ts|eslint\.config\.js|dashboard\/(vite\.config\.ts|svelte\.config\.js)|\.ci\/.*)$/
const running = outsideTests.filter((file) => !toolFile.test(file))

/** What Node, the browser or a tool starts; every other file is imported by something. */
const entryPoint = new RegExp(
  [
    '^cli/(lamppost\\.(ts|mjs)|bin\\.mjs|npm-script\\.mjs)$',
    '^firmware-sim/main\\.ts$',
    '^dashboard/src/(main|worker/worker|embed/embed)\\.ts$',
    '^test/(.+\\.test|(bench|conformance|published)/[^/]+|.+-process)\\.ts$',
    '^test/support/name-what-is-missing\\.ts$',
    toolFile.source
  ].join('|')
)

/** Numbers that look like limits of ours and are prescribed by a document, or are part of a formula: they stand beside its code. */
const prescribed = new Set([
  'broker/packet-guard.ts protocolNameBytesMax',
  'broker/proxy-header.ts lineBytesMax',
  'broker/proxy-header.ts blockBytesMax',
  'figures/homes/homes-figures.ts weekDaysMin',
  'model/time.ts unixMsMax',
  'hub/control/wire.ts socketPathBytesMax',
  'ingest/measured-at.ts dateMsMax',
  'journal/group.ts utf8BytesMax',
  'journal/group.ts varintBytesMax',
  'operate/backup/tar.ts octalBytesMax',
  'science/correction.ts kappaHumidityMax',
  'science/pinned-humidity.ts dewPointMinC',
  'science/surface.ts temperatureFactorMin',
  'store/influx/wire/flux.ts timeMsMin',
  'store/influx/wire/flux.ts timeMsMax'
])

/** Files that may be longer than `linesMax`, and why splitting them would be worse. */
const longFiles: Record<string, string> = {}
const linesMax = 400

describe('imports', () => {
  it('follow the table of the house', () => {
    const wrong = running.flatMap((file) =>
      importsOf(file).flatMap(({ specifier, target }) => {
        if (rowNameOf(file) === undefined)
          return [`${file}: has no row in test/support/house.ts; find its room`]
        if (target === undefined) {
          return allowsTheirs(file, specifier)
            ? []
            : [`${file}: may not use ${specifier}; ask its user for it instead`]
        }
        return allowsOurs(file, target)
          ? []
          : [`${file}: may not import ${target}; take an interface from who joins them`]
      })
    )
    expect([...new Set(wrong)]).toEqual([])
  })

  it('use every single file that the table grants', () => {
    const used = new Map<string, string[]>()
    for (const file of running) {
      const row = rowNameOf(file) ?? ''
      used.set(row, [...(used.get(row) ?? []), ...importsOf(file).flatMap(({ target }) => target ?? [])])
    }
    const idle = Object.entries(house).flatMap(([row, { ours }]) =>
      ours
        .filter((entry) => !entry.endsWith('/') && !used.get(row)?.includes(entry))
        .map((entry) => `${row}: nothing there imports ${entry}; take it out of test/support/house.ts`)
    )
    expect(idle).toEqual([])
  })

  it('name files that exist', () => {
    const wrong = sources.flatMap((file) =>
      importsOf(file).flatMap(({ target }) =>
        target === undefined || exists(target) ? [] : [`${file}: imports ${target}, which is not there`]
      )
    )
    expect(wrong).toEqual([])
  })

  it('never go round in a circle', () => {
    // Types count: a file that cannot be understood without the other is one with it. What starts a thread does not.
    const imported = (file: string) =>
      importsOf(file).flatMap(({ target, starts }) => (target && !starts ? [target] : []))
    const wrong = circles(new Map(running.map((file) => [file, imported(file)])))
    expect(wrong.map((circle) => `${circle}: move what both need into a file of its own`)).toEqual([])
  })

  it('reach every file', () => {
    const pages = Object.values(pageList).map(({ component }) => `dashboard/src/pages/${component}.svelte`)
    const imported = sources.flatMap((file) => importsOf(file).map(({ target }) => target))
    const reached = new Set([...imported, ...pages])
    const dead = sources.filter((file) => !reached.has(file) && !entryPoint.test(file))
    expect(
      dead.map((file) => `${file}: nothing imports it; delete it, or name it as an entry point here`)
    ).toEqual([])
  })

  it('use only packages that package.json brings, and all of them', () => {
    const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<
      string,
      Record<string, string>
    >
    const known = new Set([...Object.keys(dependencies ?? {}), ...Object.keys(devDependencies ?? {})])
    const used = (files: string[]) =>
      new Set(files.flatMap((file) => importsOf(file).map((i) => packageOf(i.specifier))))
    const missing = [...used(sources)].filter((name) => name !== undefined && !known.has(name))
    expect(missing, 'imported, but not in package.json').toEqual([])
    const inUse = used(outsideTests)
    const idle = Object.keys(dependencies ?? {}).filter(
      (name) => !inUse.has(name) && !usedWithoutImport.has(name)
    )
    expect(idle, 'in dependencies, but nothing that runs imports it').toEqual([])
    const late = [...used(running)].filter((name) => name !== undefined && !(name in (dependencies ?? {})))
    expect(late, 'imported by what runs, so it belongs into dependencies').toEqual([])
  })
})

/** Each chain of imports that comes back to where it began, as `a → b → a`. */
function circles(graph: Map<string, string[]>): string[] {
  const found: string[] = []
  const done = new Set<string>()
  const follow = (file: string, path: string[]): void => {
    if (path.includes(file)) found.push([...path.slice(path.indexOf(file)), file].join(' → '))
    else if (!done.has(file)) for (const next of graph.get(file) ?? []) follow(next, [...path, file])
    done.add(file)
  }
  for (const file of graph.keys()) follow(file, [])
  return found
}

/** The runtime itself; Svelte and the font come in through the bundler's plugin and a style sheet. */
const usedWithoutImport = new Set(['node', 'svelte', '@fontsource/atkinson-hyperlegible'])

function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith('.') || specifier.startsWith('node:') || specifier.startsWith('virtual:'))
    return undefined
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}

describe('the world', () => {
  const rules = [
    { global: 'Date.now', only: /^model\/time\.ts$/, instead: 'take a Clock' },
    { global: 'new Date()', only: /^model\/time\.ts$/, instead: 'take a Clock' },
    { global: 'Math.random', only: /^(main\.ts|hub\/|cli\/)/, instead: 'take a random function' },
    // Who installs the packages cannot import config.ts yet, and asks where npm is; nor can who says where compiled code is.
    {
      global: 'process.env',
      only: /^(config\.ts|cli\/(set-up|lamppost)\.mjs)$/,
      instead: 'take the setting from config.ts'
    },
    { global: 'console', only: /^(main\.ts|cli\/|firmware-sim\/main\.ts|\.ci\/)/, instead: 'take a log' }
  ]
  it.each(rules)('$global is used in one place', ({ global, only, instead }) => {
    const wrong = outsideTests.filter((file) => !only.test(file) && globalsOf(file).has(global))
    expect(wrong.map((file) => `${file}: ${instead} instead of ${global}`)).toEqual([])
  })
})

it('node:http is taken from process.getBuiltinModule, since an import of it loads the client of fetch too', () => {
  const wrong = outsideTests.filter((file) => /^import (?!type\b).*from 'node:http'/m.test(read(file)))
  expect(wrong).toEqual([])
})

describe('files', () => {
  it('begin with a sentence that says what they are', () => {
    const wrong = sources.filter((file) => !opensWithSentence(read(file)))
    expect(
      wrong.map((file) => `${file}: begin with a comment of one sentence, and end it with a full stop`)
    ).toEqual([])
  })

  it(`are at most ${linesMax} lines long`, () => {
    const wrong = sources.filter((file) => !(file in longFiles) && lineCount(file) > linesMax)
    expect(wrong.map((file) => `${file}: ${lineCount(file)} lines; look for its second noun`)).toEqual([])
    const short = Object.keys(longFiles).filter((file) => !exists(file) || lineCount(file) <= linesMax)
    expect(short.map((file) => `${file}: needs no exception any more`)).toEqual([])
  })

  it('keep their limits in the table of their room', () => {
    const limit = /^(?:export )?const ([a-z]\w*(?:Max|Min)(?:[A-Z]\w*)?) = /gm
    const wrong = running
      .filter((file) => !/(^|[/-])limits\.ts$/.test(file))
      .flatMap((file) => [...read(file).matchAll(limit)].map(([, name]) => `${file} ${name}`))
    expect(
      wrong
        .filter((one) => !prescribed.has(one))
        .map((one) => `${one}: move it to the limits.ts of its room, and say how it was computed`)
    ).toEqual([])
    const gone = [...prescribed].filter((one) => !wrong.includes(one))
    expect(gone.map((one) => `${one}: is not there any more`)).toEqual([])
  })

  it('name only files that are there, in comments and in the two documents about the code', () => {
    const files = allFiles()
    const folders = new Set(files.flatMap((file) => file.split('/').slice(0, -1)))
    const isThere = (path: string) => files.some((file) => file === path || file.endsWith(`/${path}`))
    // A path that begins with no folder of ours is another project's.
    const isOurs = (path: string) => !path.includes('/') || folders.has(path.split('/')[0]!)
    const named = /(?<![\w./@:-])(?:[\w-]+\/)*[\w-][\w.-]*\.(?:ts|mjs|svelte|md)\b(?!\/)/g
    const wrong = [...sources, 'ARCHITECTURE.md', 'CONTRIBUTING.md'].flatMap((file) => {
      const text = file.endsWith('.md') ? read(file) : commentsOf(read(file))
      return [...text.matchAll(named)]
        .map(([path]) => path)
        .filter((path) => isOurs(path) && !isThere(path) && !/\bNAME\b/.test(path))
        .map((path) => `${file}: names ${path}, which is not there`)
    })
    expect(wrong).toEqual([])
  })

  it('have no left-overs', () => {
    const leftOver = new RegExp(
      `\\b(${['FIX', 'TO', 'HA'].map((a, i) => a + ['ME', 'DO', 'CK'][i]).join('|')}|XX${'X'})\\b`
    )
    const wrong = [...sources, ...allFiles().filter((file) => file.endsWith('.md'))].filter((f) =>
      leftOver.test(read(f))
    )
    expect(wrong.map((file) => `${file}: do it, or open an issue and say why in the comment`)).toEqual([])
  })

  it('name no path of one machine', () => {
    // A host's own pages are addresses of ours.
    const machinePath =
      /(^|[\s"'`(=:])\/(home(?!\/(add|record|letter|stop)\b)|Users|root|work|farm|tmp)\/[\w.-]/m
    const text = allFiles().filter((file) => !/\.(png|woff2?|gz|ico|sqlite|duckdb)$/.test(file))
    const wrong = text.filter((file) => machinePath.test(read(file)))
    expect(
      wrong.map((file) => `${file}: take the path from a setting, or make a folder with mkdtemp`)
    ).toEqual([])
  })

  it('have exactly one title where they are Markdown', () => {
    const wrong = allFiles()
      .filter((file) => file.endsWith('.md'))
      .map((file) => ({ file, titles: titles(read(file)) }))
      .filter(({ titles }) => titles !== 1)
    expect(
      wrong.map(({ file, titles }) => `${file}: has ${titles} lines that begin with "# "; give it one`)
    ).toEqual([])
  })
})

/** Lines that are comments, and what stands behind code. */
function commentsOf(text: string): string {
  return [...text.matchAll(/^\s*(?:\/\/|\/?\*)(.*)$|\s\/\/ (.*)$/gm)]
    .map(([, line, behind]) => line ?? behind)
    .join('\n')
}

function opensWithSentence(text: string): boolean {
  const body = text.replace(/^#!.*\n/, '').trimStart()
  const comment =
    /^\/\*\*?([\s\S]*?)\*\//.exec(body) ?? /^((?:\/\/.*\n)+)/.exec(body) ?? /^<!--([\s\S]*?)-->/.exec(body)
  const words = (comment?.[1] ?? '').replace(/^\s*(\*|\/\/|@component)?\s?/gm, '').trim()
  return /^\S.*[.:!?)]/s.test(words)
}

function lineCount(file: string): number {
  return read(file).split('\n').length - 1
}

function titles(markdown: string): number {
  const prose = markdown.replace(/^(```|~~~)[\s\S]*?^\1/gm, '')
  return prose.split('\n').filter((line) => line.startsWith('# ')).length
}

describe('tests', () => {
  const tests = sources.filter((file) => file.startsWith('test/') && file !== 'test/tidy.test.ts')

  it('skip only for want of a program from outside, and say which', () => {
    const wrong = tests.flatMap((file) => skipsOf(file).filter((skip) => !saysWhatIsMissing(file, skip)))
    expect(
      wrong.map(
        ({ file, code }) =>
          `${file}: ${code} … only describe.skipIf(!tool.present)(\`… (\${tool.line})\`) with a tool from outside() may skip`
      )
    ).toEqual([])
  })

  it('are installed for by the script of the checks', () => {
    const packages = /^packages=\(([^)]*)\)$/m.exec(read('.ci/run'))?.[1]?.split(' ')
    const needed = new Set(outsidePrograms.flatMap((program) => outside(program).debianPackage ?? []))
    expect(packages?.toSorted()).toEqual([...needed].toSorted())
  })
})

interface Skip {
  file: string
  code: string
  word: string
  condition: string
}

function skipsOf(file: string): Skip[] {
  const found = read(file).matchAll(
    /\b(?:it|test|describe)\.(skip|only|todo|fails|skipIf|runIf)\b(?:\(([^)]*)\))?/g
  )
  return [...found].map(([code, word = '', condition = '']) => ({ file, code, word, condition }))
}

/** The condition asks for nothing but programs found with outside(), and the title names each one's line. */
function saysWhatIsMissing(file: string, { word, condition }: Skip): boolean {
  const text = read(file)
  const tools = condition.split('||').map((part) => /^!(\w+)\.present$/.exec(part.trim())?.[1])
  return (
    word === 'skipIf' &&
    tools.every(
      (tool) =>
        tool && new RegExp(`const ${tool} = outside\\(`).test(text) && text.includes(`\${${tool}.line}`)
    )
  )
}

describe('the lockfile', () => {
  interface Locked {
    resolved?: string
    optionalDependencies?: Record<string, string>
  }
  const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> }

  it('names no registry, so that everybody installs from their own', () => {
    const wrong = Object.entries(packages).filter(([, { resolved }]) => resolved !== undefined)
    expect(
      wrong.map(([name]) => `${name}: keep omit-lockfile-registry-resolved in .npmrc and write it again`)
    ).toEqual([])
  })

  it('holds the build for every platform, not only for the machine that wrote it', () => {
    const wrong = Object.entries(packages).flatMap(([name, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((wanted) => !Object.keys(packages).some((path) => path.endsWith(`node_modules/${wanted}`)))
        .map(
          (wanted) =>
            `${name}: ${wanted} is not in the lockfile; choose a release that is published for every platform`
        )
    )
    expect(wrong).toEqual([])
  })
})
