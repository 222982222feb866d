/** How Svelte compiles the dashboard: runes everywhere. */
/** How Svelte compiles the components: with runes, everywhere. */
export default { compilerOptions: { runes: true } }
