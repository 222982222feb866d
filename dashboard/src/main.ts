/** Where the dashboard starts: fonts, styles, and the app in its place. */
import '@fontsource/atkinson-hyperlegible/400.css'
import '@fontsource/atkinson-hyperlegible/700.css'
import './style/base.css'
import { mount } from 'svelte'
import App from './App.svelte'

const place = document.getElementById('app')
if (!place) throw new Error('index.html has no element "app".')
mount(App, { target: place })
