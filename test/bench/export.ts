/** Exports of a large store over HTTP, to a client on the same machine: `npm run bench -- export MILLIONS`. */
process.argv[2] ??= '100'
process.argv.splice(3, 0, 'export')
await import('./large.ts')
