/** Text for a terminal: what a file, a device or a name brings along must not steer it. Pure. */

/**
 * C0 and C1 controls but for tab and line feed, and the marks that reverse the direction of writing (Unicode UAX #9), so
 * that no text can move the cursor, set the title or hide a part of itself.
 */
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g

/** The same text with controls written as JSON writes them, `\u001b`; so JSON stays the same JSON. */
export function printable(text: string): string {
  return text.replaceAll(controls, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
