/** Questions to a large store over HTTP: `npm run bench -- query MILLIONS`. */
process.argv[2] ??= '100'
process.argv.splice(3, 0, 'query')
await import('./large.ts')
