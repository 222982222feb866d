/**
 * Writes into Dockerfile and docker-compose.yml which build of each image was meant: `name:version@sha256:…`, as the image's
 * registry says it through Docker. Run it after a version was changed: `npm run pin-images`. What no registry answers for
 * stays as it is.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const files = ['Dockerfile', 'docker-compose.yml']
/** `FROM name:version` and `image: name:version`, with the digest that may be there already; not what is built here. */
const image = /^(\s*(?:FROM|image:) )([\w./-]+:[\w.-]+)(?:@sha256:[0-9a-f]{64})?/gm

/** The images that a file names, without their digests, each once. */
export function imagesIn(text: string): string[] {
  return [...new Set([...text.matchAll(image)].map(([, , name]) => name!))]
}

/** The file with the digests that are known. */
export function pinned(text: string, digests: ReadonlyMap<string, string>): string {
  return text.replaceAll(image, (whole, before: string, name: string) => {
    const digest = digests.get(name)
    return digest === undefined ? whole : `${before}${name}@${digest}`
  })
}

/** Of the list of builds for every kind of machine; undefined with the reason said where nobody answers. */
function askDigest(name: string): string | undefined {
  const asked = ['buildx', 'imagetools', 'inspect', '--format', '{{.Manifest.Digest}}', name]
  const { stdout, stderr, error } = spawnSync('docker', asked, { encoding: 'utf8' })
  const digest = error ? undefined : /^sha256:[0-9a-f]{64}$/.exec(stdout.trim())?.[0]
  if (digest !== undefined) return digest
  // What Docker says of a command that it does not have, with the options of that command.
  const why = /unknown flag: --format|not a docker command/.test(stderr)
    ? 'Docker has no buildx here; install its plugin (Debian: docker-buildx, Docker: docker-buildx-plugin)'
    : (error?.message ?? stderr.trim().split('\n')[0])
  process.stderr.write(`${name} stays as it is, because its digest could not be asked for: ${why}\n`)
  return undefined
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..')
  const texts = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]))
  const names = new Set([...texts.values()].flatMap(imagesIn))
  const digests = new Map<string, string>()
  for (const name of names) {
    const digest = askDigest(name)
    if (digest !== undefined) digests.set(name, digest)
  }
  for (const [file, text] of texts) writeFileSync(join(root, file), pinned(text, digests))
  process.stdout.write(`${digests.size} of ${names.size} images are pinned.\n`)
  if (digests.size < names.size) process.exitCode = 1
}
