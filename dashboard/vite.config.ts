/** How the dashboard is built: one folder of hashed files that the hub serves, nothing inline (its CSP forbids it). */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig, type Plugin } from 'vite'
import { compressedBytesMin } from './src/limits.ts'
import { pageList } from './src/page-list.ts'

/** What asks for the program (src/main.ts): none of it may be in a file of the program, which would come with it. */
const beforeTheProgram = /src\/first\/|vite\/preload-helper/

/** Svelte itself, and what the frame of every page imports (src/App.svelte). */
const everyPage =
  /node_modules\/(svelte|esm-env|clsx)\/|src\/(fetch\/(http|kept|first|hub|newest|account)|state\/(problem|hub|now|pulse|account|route|shell|resource|watch|own-path)(\.svelte)?|words|language|pages|page-list|limits)\.ts|src\/(App|parts\/(Failed|SiteHeader|SiteFooter|HowSure|Emphasis))\.svelte|words\/(format|stale|languages|emphasis|limits)\.ts|model\/(time|quantity|clock-hours|moment|address|known|limits)\.ts|science\/air\.ts/

/** What the sentences of a street and of the neighbourhood are made with: both pages have it, and others parts of it. */
const figures =
  /words\/(street|subject|year|level|meaning|guideline|row)\.ts|science\/(level|level-colour|limit|who-limits)\.ts|src\/(fetch\/live|level)\.ts|src\/parts\/(Tabs|Answer|LinkedRow|LevelMark|ValuesSwitch|SubjectSwitch)\.svelte/

/** Columns, their sentences and their tables: every page that has a chart asks for them before the chart itself. */
const series =
  /words\/(series|chart|chart-notes|left-out|annotation|sensor)\.ts|model\/(flag|sensor)\.ts|src\/(range|chart\/(columns|lines|dashes|file-stem))\.ts|src\/parts\/(RangePicker|Share|WhenNear)\.svelte/

/** The library that draws, and what hands it columns. */
const chart =
  /node_modules\/uplot\/|src\/(chart\/(plot\.svelte|marks)\.ts|parts\/(PlotArea|Chart|ChartLegend)\.svelte)/

/** Each file lies there compressed as well, as small as it gets: the hub, which may be a small machine, only sends it. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    writeBundle({ dir = '' }) {
      for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
        if (!/\.(js|css|svg|html)$/.test(name)) continue
        const path = join(dir, name)
        const bytes = readFileSync(path)
        if (bytes.length < compressedBytesMin) continue
        const params = { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length }
        writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params }))
        writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }))
      }
    }
  }
}

/**
 * Which files a page is of, by its address, in `pages.json`: with them in its HTML, which the hub writes, a page asks for
 * all of them at once. Those of English, which is what the hub writes in.
 */
function filesOfPages(): Plugin {
  return {
    name: 'files-of-pages',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const chunks = Object.values(bundle).filter((file) => file.type === 'chunk')
        const filesOf = (source: string, files: Set<string>): void => {
          const path = join(import.meta.dirname, source)
          const holder = chunks.find(({ moduleIds }) => moduleIds.includes(path))
          if (!holder) throw new Error(`No file of the build has ${source}.`)
          const add = (name: string): void => {
            const chunk = chunks.find(({ fileName }) => fileName === name)
            if (!chunk || files.has(name)) return
            files.add(name)
            for (const css of chunk.viteMetadata?.importedCss ?? []) files.add(css)
            chunk.imports.forEach(add)
          }
          add(holder.fileName)
        }
        const entry = new Set<string>()
        filesOf('src/main.ts', entry)
        const pages = Object.values(pageList).map(({ pattern, component, chapters }) => {
          const files = new Set<string>()
          filesOf('src/start.ts', files)
          filesOf(`src/pages/${component}.svelte`, files)
          for (const chapter of ['common', ...chapters]) filesOf(`../words/en/${chapter}.ts`, files)
          return [pattern, [...files.difference(entry)].map((name) => `/${name}`)]
        })
        this.emitFile({
          type: 'asset',
          fileName: 'pages.json',
          source: JSON.stringify(Object.fromEntries(pages))
        })
      }
    }
  }
}

/**
 * uPlot without what no chart here draws, steps, bars and curves: it names them where nothing tells the build that they are
 * not used. They are a twelfth of it.
 */
function onlyLines(): Plugin {
  return {
    name: 'only-lines',
    apply: 'build',
    transform: {
      filter: { id: /\/uPlot\.esm\.js$/ },
      handler(code) {
        const lines = code.replace(/^\s*\(paths\.(stepped|bars|spline)\s*= \w+\);$/gm, '')
        if (lines === code)
          throw new Error('uPlot names its ways of drawing otherwise: mend this plugin, or leave it out.')
        return { code: lines, map: null }
      }
    }
  }
}

/** What the hub wrote into a page, and its typeface, go before the script: on a slow line they share one way. */
function scriptLast(): Plugin {
  return {
    name: 'script-last',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (html) =>
        html.replaceAll(/<(script type="module"|link rel="modulepreload")/g, '<$1 fetchpriority="low"')
    }
  }
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [
    svelte({ configFile: `${import.meta.dirname}/svelte.config.js` }),
    onlyLines(),
    filesOfPages(),
    scriptLast(),
    compressed()
  ],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // `font-src 'self'` and `script-src 'self'`: data: fonts and inline polyfills would be refused.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        embed: `${import.meta.dirname}/src/embed/embed.ts`,
        index: `${import.meta.dirname}/index.html`,
        worker: `${import.meta.dirname}/src/worker/worker.ts`
      },
      output: {
        // What belongs together comes in one file: many small ones cost a request each, and compress badly.
        codeSplitting: {
          groups: [
            { name: 'first', test: beforeTheProgram },
            { name: 'shell', test: everyPage },
            { name: 'figures', test: figures },
            { name: 'series', test: series },
            { name: 'chart', test: chart }
          ]
        },
        // A worker answers for the folder it lies in, and frames ask for theirs, under one name for ever.
        entryFileNames: ({ name }) =>
          ['worker', 'embed'].includes(name) ? '[name].js' : 'assets/[name]-[hash].js'
      }
    }
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080' } }
})
