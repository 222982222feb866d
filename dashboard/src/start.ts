/** The app in its element. */
import { mount } from 'svelte'
import App from './App.svelte'
import { markLanguage } from './language.ts'
import { loadPage, matchPage } from './pages.ts'
import { needChapters } from './words.ts'

/** A function, since a file that waits while it is loaded would wait for whatever needs it. */
export async function start(): Promise<void> {
  const target = document.getElementById('app')
  if (!target) throw new Error('index.html has no element "app".')
  // On its way while the frame is made, which asks for it again and says what failed.
  void Promise.allSettled([loadPage(matchPage(location.pathname).entry)])
  await needChapters(['common'])
  markLanguage(document)
  mount(App, { target })

  // Plain http has no service worker, and a browser may refuse one: the pages need none while the hub is there.
  if ('serviceWorker' in navigator) {
    await navigator.serviceWorker.register('/worker.js').then(undefined, () => undefined)
  }
}
