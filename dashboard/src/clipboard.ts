/** Copying for people: into the clipboard where the browser has one for this page. */

/**
 * Gives whether it was copied. On plain http, which a hub on a local network speaks, pages have no clipboard; the old way,
 * which takes what is selected, works there too, and where a browser has dropped it the text is at least selected.
 */
export async function copyText(text: string, select: () => void): Promise<boolean> {
  if (navigator.clipboard && (await wasWritten(text))) return true
  select()
  return document.execCommand('copy')
}

function wasWritten(text: string): Promise<boolean> {
  return navigator.clipboard.writeText(text).then(
    () => true,
    () => false
  )
}
