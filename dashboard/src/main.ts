/** Where the dashboard starts: fonts, styles, and the app in its element. */
import '@fontsource/atkinson-hyperlegible/400.css'
import '@fontsource/atkinson-hyperlegible/700.css'
import './style/base.css'
import { mount } from 'svelte'
import App from './App.svelte'
import { needChapters } from './words.ts'

const target = document.getElementById('app')
if (!target) throw new Error('index.html has no element "app".')
await needChapters(['common'])
mount(App, { target })
