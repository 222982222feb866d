/** How the tests run: in Node, each file in a process of its own, as many files at once as a small machine can bear. */
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  // For the dashboard's classes of state, which are TypeScript with runes (`.svelte.ts`).
  plugins: [svelte({ configFile: `${import.meta.dirname}/dashboard/svelte.config.js` })],
  test: {
    environment: 'node',
    // DuckDB is a native library with threads of its own: a process for each file keeps a crash where it happened.
    pool: 'forks',
    include: ['test/**/*.test.ts'],
    exclude: ['node_modules/**', '**/dist/**'],
    globals: false,
    globalSetup: ['test/support/name-what-is-missing.ts'],
    // Two, not one a core: a file that starts a hub, a browser and a fleet already keeps several cores busy.
    maxWorkers: 2,
    // Limits that only a hang reaches, however slow and busy the machine: none is said anywhere else.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    teardownTimeout: 30_000,
    expect: { poll: { timeout: 120_000 } }
  }
})
