/** What a printed record is made of, before anybody draws it: the page and the paper show the same blocks. */

export type RecordChart = 'humidity' | 'temperature'

/** Sentences may have **bold** parts (words/emphasis.ts). */
export type RecordBlock =
  | { kind: 'title'; text: string }
  | { kind: 'heading'; level: 2 | 3; text: string }
  | { kind: 'text'; text: string; small?: boolean }
  | { kind: 'list'; items: string[] }
  /** Two columns, each row with its name. */
  | { kind: 'facts'; caption: string; rows: [name: string, value: string][] }
  /** Shares of the width; equal unless given. */
  | { kind: 'table'; caption: string; head: string[]; rows: string[][]; widths?: number[] }
  | { kind: 'chart'; chart: RecordChart; room: number; title: string; alt: string }
  /** Typed as it stands. */
  | { kind: 'command'; text: string }
