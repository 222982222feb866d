/** The script of a frame on somebody else's page: it asks for the frame again every half a minute, and says when no answer came. */
import { askEveryMs, silentMsMax } from './limits.ts'

let heardAt = performance.now()

async function renew(): Promise<void> {
  if (document.hidden) return
  const html = await fetch(location.href, { signal: AbortSignal.timeout(askEveryMs / 2) }).then(
    (response) => (response.ok ? response.text() : undefined),
    () => undefined // No answer: the frame says as of when it stands.
  )
  const main = html && new DOMParser().parseFromString(html, 'text/html').querySelector('main')
  if (!main) return
  heardAt = performance.now()
  document.querySelector('main')?.replaceWith(main)
}

function tell(): void {
  const isSilent = performance.now() - heardAt >= silentMsMax
  for (const id of ['as-of', 'why']) document.getElementById(id)?.toggleAttribute('hidden', !isSilent)
}

setInterval(() => void renew().then(tell), askEveryMs)
setInterval(tell, 1_000)
document.addEventListener('visibilitychange', () => void renew().then(tell))
