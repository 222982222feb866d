/** What the linter holds: rules about what loses readings (promises nobody waits for, `any`, empty catches). Prettier owns layout. */
import svelte from 'eslint-plugin-svelte'
import tseslint from 'typescript-eslint'
import svelteConfig from './dashboard/svelte.config.js'

export default tseslint.config(
  { ignores: ['**/dist/**', 'node_modules/**', 'data/**', 'data-demo/**', 'coverage/**'] },
  ...tseslint.configs.recommended,
  ...svelte.configs.recommended,
  {
    rules: {
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-console': 'error',
      eqeqeq: 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }]
    }
  },
  {
    // Where a person at a terminal is spoken to.
    files: [
      'main.ts',
      'cli/**',
      'firmware-sim/main.ts',
      'test/bench/**',
      'test/conformance/run.ts',
      '.ci/**'
    ],
    rules: { 'no-console': 'off' }
  },
  {
    files: ['**/*.ts'],
    ignores: ['dashboard/**'],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }]
    }
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: {
      parserOptions: { parser: tseslint.parser, extraFileExtensions: ['.svelte'], svelteConfig }
    }
  }
)
