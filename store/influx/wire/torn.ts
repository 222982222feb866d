/** How a server says that its disk was full, or failed, while it wrote its log; see state/torn-log.ts for what follows. */

/** What the server says of its disk, in the words of the operating system. */
const diskWords = /no space left on device|disk quota exceeded|input\/output error/i

/** The server's log may be torn. */
export class LogTorn extends Error {}

export function tornBy(message: string): LogTorn | undefined {
  const says = diskWords.exec(message)?.[0].toLowerCase()
  return says === undefined ? undefined : new LogTorn(`${tornWords(2)} It says: ${says}.`)
}

export function tornWords(startsLeft: number): string {
  const times = startsLeft === 1 ? 'once more' : 'twice, one time after the other'
  return (
    `InfluxDB could not write its log to its disk. Free some space there, then restart InfluxDB ${times}: it accepts nothing before, ` +
    'and the first start only cuts off the damaged end of the log. Nothing is lost in the meantime.'
  )
}
