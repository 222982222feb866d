/** The first page as the hub serves it: its sentences, and the streets as a table. */
import type { StreetSummary } from '../../contract/street.ts'
import { hasData, neighbourhoodAnswer, streetRows } from '../../words/neighbourhood-page.ts'
import type { Subject, Values } from '../../words/subject.ts'
import { firstCharactersMax, servedStreetsMax } from '../limits.ts'
import { escaped, nameHtml, plain, tableHtml } from './html.ts'
import type { ServedPage } from './served.ts'
import { answerHtml, subjectLinks, type ServedContext } from './street.ts'

export interface NeighbourhoodAsked {
  subject: Subject
  values: Values
  /** Outdoor sensors of the hub. */
  sites: number
}

export function servedNeighbourhood(
  context: ServedContext,
  streets: readonly StreetSummary[],
  asked: NeighbourhoodAsked
): ServedPage {
  const { words } = context
  const sentences = neighbourhoodAnswer(context, streets, asked, asked.sites)
  const rows = streetRows(context, streets, asked)
  const shown = rows.slice(0, servedStreetsMax)
  const query = asked.subject === 'air' ? '' : `?subject=${asked.subject}`
  const cells = shown.map(({ street, word, value, period, year }) => [
    `<a href="/streets/${encodeURIComponent(street.id)}${query}">${nameHtml(street.name)}</a>`,
    ...[word, value, period, year].map(escaped)
  ])
  const body = JSON.stringify(streets).length <= firstCharactersMax ? streets : undefined
  const left = rows.length - shown.length
  return {
    title: [words.common.subjects[asked.subject]],
    description: plain(sentences.join(' ')),
    main: [
      `<h1 class="hidden-but-read">${escaped(words.figures.neighbourhood.heading)}</h1>`,
      subjectLinks(words, '/', asked.subject),
      answerHtml(
        words,
        sentences,
        rows.some(({ level }) => level !== null)
      ),
      cells.length > 0 &&
        tableHtml({
          caption: words.figures.neighbourhood.list,
          columns: words.common.served.columns.streets,
          rows: cells
        }),
      left > 0 &&
        `<p>${escaped(words.common.served.moreStreets(left, rows.slice(servedStreetsMax).filter(hasData).length))}</p>`
    ]
      .filter(Boolean)
      .join(''),
    ...(body && { first: { path: 'streets', body } })
  }
}
