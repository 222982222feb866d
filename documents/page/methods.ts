/** The page of methods as the hub serves it: its rules in sentences and its scales as tables. Formulas come with the script. */
import {
  dayValidHoursMin,
  homesDelayMs,
  homesPerDayMin,
  homesPerHourMin,
  streetSitesMin
} from '../../model/limits.ts'
import { hourMs } from '../../model/time.ts'
import { nightNoiseScale, roomHumidityScale } from '../../science/level.ts'
import { daqiTable, scaleTable, type Table } from '../../words/methods/bands.ts'
import { coveragePercent, quantityTable } from '../../words/methods/definitions.ts'
import type { Words } from '../../words/words.ts'
import { escaped, paragraphs, tableHtml } from './html.ts'
import type { ServedPage } from './served.ts'

export function servedMethods(words: Words, zone: string): ServedPage {
  const { methods } = words
  const coverage = coveragePercent(words)
  const heading = (text: string): string => `<h2>${escaped(text)}</h2>`
  const table = (caption: string, { columns, rows }: Table): string =>
    tableHtml({ caption, columns, rows: rows.map((cells) => cells.map(escaped)) })
  const listed = (texts: readonly string[]): string =>
    `<ol>${texts.map((text) => `<li>${escaped(text)}</li>`).join('')}</ol>`
  return {
    title: [methods.heading],
    description: methods.lead,
    main: [
      `<h1>${escaped(methods.heading)}</h1>`,
      paragraphs([methods.lead]),
      heading(methods.journey.heading),
      listed(methods.journey.steps(coverage, dayValidHoursMin, streetSitesMin)),
      heading(methods.quantities.heading),
      paragraphs([methods.quantities.text]),
      table(methods.quantities.heading, quantityTable(words)),
      heading(methods.coverage.heading),
      paragraphs(methods.coverage.paragraphs(coverage, dayValidHoursMin, zone)),
      heading(methods.street.heading),
      paragraphs(methods.street.paragraphs(streetSitesMin)),
      heading(methods.homes.heading),
      paragraphs(methods.homes.paragraphs(homesPerDayMin, homesPerHourMin, homesDelayMs / hourMs)),
      heading(methods.air.heading),
      paragraphs([methods.air.text]),
      table(methods.air.daqi, daqiTable(words)),
      heading(methods.noise.heading),
      table(methods.noise.scale, scaleTable(words, nightNoiseScale)),
      heading(methods.damp.heading),
      table(methods.damp.scale, scaleTable(words, roomHumidityScale)),
      heading(methods.never.heading),
      listed(methods.never.points(coverage, homesPerDayMin))
    ].join('')
  }
}
