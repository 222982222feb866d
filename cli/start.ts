/** `lamppost start`: the hub in this process, until it is told to stop. */
import { flushCompileCache } from 'node:module'
import { compiledAfterMs, endInOrderMsMax } from './limits.ts'
import { pino } from 'pino'
import { envFile, type Config } from '../config.ts'
import { startHub, type Hub } from '../main.ts'
import { dashboardUrl, listensEverywhere, networkAddresses } from '../hub/addresses.ts'
import { terminal } from './ask.ts'
import { buildDashboardIfNeeded } from './build-dashboard.ts'
import { inviteSteward, invitationUrl } from './commands/account.ts'
import { commandByWords } from './commands/all.ts'
import { noteVersion, prepareUpgrade } from '../operate/upgrade.ts'
import { askAtFirstStart } from './first-start.ts'

export interface StartOptions {
  version: string
  demo: boolean
}

export interface Upgrading {
  /** Of what a newer version changes no backup is made first. */
  withoutBackup: boolean
}

export async function start(
  settings: Config,
  { version, demo, withoutBackup }: StartOptions & Upgrading
): Promise<void> {
  const config = await askAtFirstStart(settings, { terminal: terminal(), envFile })
  const prepared = await prepareUpgrade({
    dataDir: config.dataDir,
    version,
    backupDir: config.backups?.dir,
    withoutBackup,
    say: (line) => print(line + '\n')
  })
  const hub = await startListening(config, { version, demo })
  noteVersion(hub.rooms.registry, version, prepared)
  print(addresses(config, hub).join('\n') + '\n')
  offerStewardLink(config, hub)
  if (hub.rooms.registry.streets().length === 0) {
    print('No street yet. In another terminal: npx lamppost street add "Ashley Road"\n')
  }
}

/** Once: whoever starts the hub first is its steward, unless they give the link away. Returns whom the link is for. */
export function offerStewardLink(config: Config, { rooms, httpPort }: Hub): string | undefined {
  const { accounts } = rooms
  if (accounts.accounts().length > 0 || accounts.invitations().length > 0) return undefined
  const { code, invitation } = inviteSteward(rooms)
  const url = invitationUrl(code, dashboardUrl(config, httpPort))
  print(`To manage this hub on the web, open (the link works once): ${url}\n`)
  print('Lost it? npx lamppost steward invite\n')
  return invitation.personId
}

/** Starts the hub and ties its end to the process's signals. */
export async function startListening(config: Config, { version, demo }: StartOptions): Promise<Hub> {
  const log = pino({ level: config.logLevel, base: null })
  const running: { hub?: Hub } = {}
  let isEnding = false
  // A bug or a lost part: everything acknowledged is in the journal, and a supervisor starts us again.
  const sayWhy = (cause: unknown): void =>
    log.fatal({ err: cause }, 'Lamppost is stopping. Everything it acknowledged is on disk.')
  const die = (cause: unknown): void => {
    sayWhy(cause)
    process.exit(1)
  }
  /**
   * A part is gone, the others are sound: they close first. A process that ends while another thread is inside DuckDB can
   * crash on its way out, and a supervisor would see a signal where there was a reason.
   */
  const endInOrder = (cause: Error): void => {
    if (isEnding) return
    isEnding = true
    sayWhy(cause)
    const end = (): void => process.exit(1)
    setTimeout(end, endInOrderMsMax)
    running.hub?.stop().then(end, end)
  }
  process.on('uncaughtException', die)
  process.on('unhandledRejection', die)

  await buildDashboardIfNeeded((line) => print(line + '\n'))
  const started = await startHub(config, {
    version,
    demo,
    // Its history is written first.
    daysWait: demo,
    log,
    commands: async (words) => (await commandByWords(words))?.run,
    onFatal: endInOrder
  })
  running.hub = started
  // Node writes what it compiled at its end, which a hub that loses its power does not come to.
  setTimeout(flushCompileCache, compiledAfterMs).unref()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      log.info({ signal }, 'stopping')
      started.stop().then(() => process.exit(0), die)
    })
  }
  return started
}

/** Where people and sensors reach the hub: on this machine, and on the local network. */
export function addresses(config: Config, hub: Hub): string[] {
  const local = listensEverywhere(config.host) ? 'localhost' : config.host
  const lines = [`Dashboard  http://${local}:${hub.httpPort}`, `MQTT       mqtt://${local}:${hub.mqttPort}`]
  if (config.https) lines.push(`HTTPS      https://${local}:${config.https.port}`)
  if (config.mqtts) lines.push(`MQTT, TLS  mqtts://${local}:${config.mqtts.port}`)
  if (local !== 'localhost') return lines
  for (const address of networkAddresses())
    lines.push(`  on your network: http://${address}:${hub.httpPort} and mqtt://${address}:${hub.mqttPort}`)
  if (config.publicUrl) lines.push(`  for everybody:   ${config.publicUrl}`)
  return lines
}

function print(text: string): void {
  process.stdout.write(text)
}
