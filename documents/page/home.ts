/** A host's own page as the hub serves it to them alone: how damp their rooms are now, and what to do. */
import type { OwnDamp } from '../../contract/own.ts'
import { dampText } from '../../words/damp.ts'
import { emphasised, escaped } from './html.ts'
import type { ServedPage } from './served.ts'
import type { ServedContext } from './street.ts'

export function servedHome(context: ServedContext, rooms: readonly OwnDamp[]): ServedPage {
  const { home, common } = context.words
  const answers = rooms.map((room) => {
    const { now, todo, period } = dampText(context, room)
    const [first = '', ...rest] = now
    const lines = [...todo, ...period].map((line) => `<p>${emphasised(line)}</p>`).join('')
    return (
      `<div class="served-answer"><p class="first">${emphasised(first)}</p>${lines}` +
      `<p class="small soft">${emphasised(rest.join(' '))}</p></div>`
    )
  })
  return {
    title: [home.heading],
    // A preview of the link says nothing of whoever is signed in.
    description: home.heading,
    main: [
      `<h1>${escaped(home.heading)}</h1><h2>${escaped(home.damp.heading)}</h2>`,
      ...answers,
      `<p class="small soft">${escaped(common.indicative)} <a href="/methods">${escaped(common.howSure)}</a> ${escaped(home.damp.noBlame)}</p>`
    ].join(''),
    first: { path: 'me/damp', body: rooms }
  }
}
