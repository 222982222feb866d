/** A street's page as the hub serves it: its sentences, and its figures and sensors as tables. */
import type { StreetDetail } from '../../contract/street.ts'
import type { Words } from '../../words/words.ts'
import { rowText } from '../../words/row.ts'
import { sensorText } from '../../words/sensor.ts'
import { streetPage } from '../../words/street-page.ts'
import type { FigureContext } from '../../words/street.ts'
import { subjects, type Subject, type Values } from '../../words/subject.ts'
import { emphasised, escaped, nameHtml, plain, tableHtml } from './html.ts'
import type { ServedPage } from './served.ts'

export interface ServedContext extends FigureContext {
  words: Words
}

export interface StreetAsked {
  subject: Subject
  values: Values
  quantity: string | null
}

export function servedStreet(context: ServedContext, street: StreetDetail, asked: StreetAsked): ServedPage {
  const { words } = context
  const { sentences, answer, figures, listed, quantity } = streetPage(context, street, asked)
  const path = `/streets/${encodeURIComponent(street.id)}`
  const rows = figures.map((figure) => {
    const { word, value, period, year } = rowText(context, asked.subject, figure)
    return [value, period, figure.latest.level ? word : '', year].map(escaped)
  })
  const sensors = listed.map((site) => {
    const said = sensorText(context, site, quantity)
    return [nameHtml(site.name), escaped(said.state), escaped(said.value), escaped(said.age)]
  })
  const { columns } = words.common.served
  return {
    title: [street.name, words.common.subjects[asked.subject]],
    description: plain(sentences.join(' ')),
    picture: {
      path: `/og${path}.png${asked.subject === 'air' ? '' : `?subject=${asked.subject}`}`,
      alt: plain(sentences[0] ?? street.name)
    },
    main: [
      `<h1>${nameHtml(street.name)}</h1>`,
      subjectLinks(words, path, asked.subject),
      answerHtml(words, sentences, Boolean(answer?.latest.level)),
      rows.length > 0 && tableHtml({ caption: words.common.served.figures, columns: columns.figures, rows }),
      sensors.length > 0 &&
        tableHtml({ caption: words.street.sites, columns: columns.sensors, rows: sensors }),
      `<p><a href="/">${escaped(words.common.allStreets)}</a></p>`
    ]
      .filter(Boolean)
      .join(''),
    first: { path: `streets/${street.id}`, body: street }
  }
}

export function answerHtml(words: Words, sentences: readonly string[], isIndicative: boolean): string {
  const [first = '', ...rest] = sentences
  const { indicative, howSure } = words.common
  return (
    `<div class="served-answer"><p class="first">${emphasised(first)}</p>` +
    `${rest.length > 0 ? `<p class="rest">${emphasised(rest.join(' '))}</p>` : ''}` +
    `${isIndicative ? `<p class="small soft">${escaped(indicative)} <a href="/methods">${escaped(howSure)}</a></p>` : ''}</div>`
  )
}

export function subjectLinks(words: Words, path: string, chosen: Subject): string {
  const links = subjects.map((subject) => {
    const href = subject === 'air' ? path : `${path}?subject=${subject}`
    const current = subject === chosen ? ' aria-current="true"' : ''
    return `<li><a href="${escaped(href)}"${current}>${escaped(words.common.subjects[subject])}</a></li>`
  })
  return `<nav aria-label="${escaped(words.common.subjectSwitch)}"><ul>${links.join('')}</ul></nav>`
}
