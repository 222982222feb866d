/**
 * Where the dashboard starts: fonts and styles, and the program once the sentences that the hub wrote into the page are seen.
 * Until then the program's files would only take a slow line from the typeface.
 */
import '@fontsource/atkinson-hyperlegible/400.css'
import '@fontsource/atkinson-hyperlegible/700.css'
import './style/base.css'
import { chosenLanguage } from './first/chosen-language.ts'
import { firstSightMsMax } from './first/limits.ts'

await firstSight()
// Those of another language the program asks for itself.
if (chosenLanguage() === null) askForFiles()
const { start } = await import('./start.ts')
await start()

/** At once where the hub wrote nothing, or nobody looks. */
async function firstSight(): Promise<void> {
  if (!document.getElementById('served') || document.hidden) return
  await new Promise<void>((seen) => {
    const observer = new PerformanceObserver((list) => {
      if (list.getEntriesByName('first-contentful-paint').length > 0) seen()
    })
    observer.observe({ type: 'paint', buffered: true })
    setTimeout(seen, firstSightMsMax)
  })
}

/** All files of this page together, which the hub names: one after another each would cost a way to the hub and back. */
function askForFiles(): void {
  const named = document.querySelector<HTMLMetaElement>('meta[name="files"]')?.content ?? ''
  for (const href of named.split(' ').filter((path) => path !== '')) {
    const link = document.createElement('link')
    link.href = href
    // As the build's own links have it: a file that came otherwise would be fetched twice.
    link.crossOrigin = ''
    if (href.endsWith('.css')) {
      link.rel = 'preload'
      link.as = 'style'
    } else link.rel = 'modulepreload'
    document.head.append(link)
  }
}
