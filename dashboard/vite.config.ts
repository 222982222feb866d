/** How the dashboard is built: one folder of hashed files that the hub serves, nothing inline (its CSP forbids it). */
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [svelte({ configFile: `${import.meta.dirname}/svelte.config.js` })],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // `font-src 'self'` and `script-src 'self'`: data: fonts and inline polyfills would be refused.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false }
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080' } }
})
