/** The first start on a terminal asks for name and time zone, once, and keeps the answers. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { askAtFirstStart } from '../../cli/first-start.ts'
import { readConfig, withEnvFile } from '../../config.ts'
import { temporaryFolder } from '../support/hub-process.ts'

let folder = temporaryFolder()
beforeEach(() => void (folder = temporaryFolder()))
afterEach(() => folder.remove())

describe('the first start', () => {
  it('keeps the answers where every later command reads them', async () => {
    const envFile = join(folder.path, '.env')
    writeFileSync(envFile, 'LAMPPOST_HTTP_PORT=8090')
    const { config } = await start(["St Paul's", 'Mars/Phobos', 'Europe/Lisbon'], envFile)
    expect(config).toMatchObject({ name: "St Paul's", timezone: 'Europe/Lisbon' })
    const later = readConfig(withEnvFile({}, envFile, 'hub'))
    expect(later).toMatchObject({ name: "St Paul's", timezone: 'Europe/Lisbon', httpPort: 8090 })
  })

  it('takes an empty answer for what it proposes', async () => {
    const { config, said } = await start(['', ''])
    expect(config).toMatchObject({ name: 'Lamppost', timezone: readConfig({}).timezone })
    expect(said).toContain('What is your neighbourhood called?')
  })

  it('asks again for a name that such a file cannot hold', async () => {
    const { config, said } = await start(['A "fine" street', 'Ashley Road', 'Europe/London'])
    expect(said).toContain('leave out the characters')
    expect(config.name).toBe('Ashley Road')
  })

  it('asks nothing that is set already', async () => {
    const env = { LAMPPOST_NAME: 'Ashley Road', LAMPPOST_TIMEZONE: 'Europe/London' }
    expect((await start([], join(folder.path, '.env'), env)).said).toBe('')
    const { said } = await start(['Europe/Rome'], join(folder.path, '.env'), { LAMPPOST_NAME: 'Ashley Road' })
    expect(said).not.toContain('called')
  })

  it('asks nothing at a later start, or where nobody would answer', async () => {
    const dataDir = join(folder.path, 'data')
    mkdirSync(dataDir)
    writeFileSync(join(dataDir, 'registry.sqlite'), '')
    expect((await start([])).said).toBe('')
    const config = readConfig({}, { data: join(folder.path, 'other') })
    const envFile = join(folder.path, '.env')
    expect(await askAtFirstStart(config, { terminal: undefined, envFile })).toBe(config)
  })

  it('says what to set where the file cannot be written', async () => {
    const { said } = await start(['Ashley Road', 'Europe/London'], join(folder.path, 'none', '.env'))
    expect(said).toContain('cannot be written (ENOENT)')
    expect(said).toContain("LAMPPOST_NAME='Ashley Road'\nLAMPPOST_TIMEZONE=Europe/London\n")
  })
})

async function start(answers: string[], envFile = join(folder.path, '.env'), env = {}) {
  const [input, output] = [new PassThrough(), new PassThrough()]
  let said = ''
  output.on('data', (text: Buffer) => {
    said += text.toString()
    // A person answers after the question, not while it is being written.
    if (text.toString().endsWith('] ')) setImmediate(() => input.write(`${answers.shift() ?? ''}\n`))
  })
  const config = readConfig(env, { data: join(folder.path, 'data') })
  const asked = await askAtFirstStart(config, { terminal: { input, output }, envFile })
  return { config: asked, said }
}
