/** HTML as text: everything that comes from people is escaped at the one place where it enters. */

export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

/** A sentence with its **emphasis**, as the pages show it. */
export function emphasised(sentence: string): string {
  return sentence
    .split('**')
    .map((part, i) => (i % 2 === 1 ? `<strong>${escaped(part)}</strong>` : escaped(part)))
    .join('')
}

/** Without the marks, for titles and previews. */
export function plain(sentence: string): string {
  return sentence.replaceAll('**', '')
}

/** A name in whatever direction it is written does not turn around what stands beside it. */
export function nameHtml(name: string): string {
  return `<bdi>${escaped(name)}</bdi>`
}

export interface HtmlTable {
  caption: string
  columns: readonly string[]
  /** Cells are HTML already. */
  rows: readonly (readonly string[])[]
}

export function tableHtml({ caption, columns, rows }: HtmlTable): string {
  const head = columns.map((column) => `<th scope="col">${escaped(column)}</th>`).join('')
  const body = rows.map(([first = '', ...rest]) => {
    const cells = rest.map((cell) => `<td>${cell}</td>`).join('')
    return `<tr><th scope="row">${first}</th>${cells}</tr>`
  })
  return (
    `<div class="served-table" role="region" tabindex="0" aria-label="${escaped(caption)}"><table>` +
    `<caption>${escaped(caption)}</caption><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div>`
  )
}

export function paragraphs(texts: readonly string[]): string {
  return texts.map((text) => `<p>${escaped(text)}</p>`).join('')
}

/** JSON inside a page: nothing in it may end the element that holds it. */
export function embeddedJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c')
}
