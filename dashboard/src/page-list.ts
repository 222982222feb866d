/**
 * The pages: at which address each is, what it is made of, and what stands around it. A new page is a component in pages/,
 * which takes PageProps, and an entry here. The build reads this too, so that the hub can say which files a page is of.
 */
import type { Chapter } from '../../words/words.ts'

export interface ListedPage {
  /** '/streets/:id': each :name stands for one segment. */
  pattern: string
  /** Chapters of the language that the page needs beyond `common`. */
  chapters: readonly Chapter[]
  /** Its component under pages/. */
  component: string
  /** The page is worth showing while the hub does not answer. */
  withoutHub?: boolean
  /** The page compares figures with guidelines, so "How sure are we?" stands below it. */
  howSure?: boolean
}

export const pageList = {
  neighbourhood: {
    pattern: '/',
    chapters: ['figures'],
    component: 'Neighbourhood',
    howSure: true
  },
  street: {
    pattern: '/streets/:id',
    chapters: ['figures', 'street'],
    component: 'Street',
    howSure: true
  },
  poster: {
    pattern: '/streets/:id/poster',
    chapters: ['figures', 'street', 'site'],
    component: 'Poster'
  },
  site: {
    pattern: '/sites/:id',
    chapters: ['figures', 'street', 'site', 'place'],
    component: 'Site'
  },
  compare: {
    pattern: '/compare',
    chapters: ['figures', 'street', 'compare'],
    component: 'Compare'
  },
  signIn: { pattern: '/sign-in', chapters: ['account'], component: 'SignIn' },
  invitation: {
    pattern: '/invitation/:code',
    chapters: ['account'],
    component: 'Invitation'
  },
  home: {
    pattern: '/home',
    chapters: ['home', 'account', 'diary', 'place', 'street', 'alerts', 'letter'],
    component: 'Home'
  },
  stopAlerts: {
    pattern: '/home/stop/:token',
    chapters: ['alerts'],
    component: 'StopAlerts'
  },
  record: {
    pattern: '/home/record',
    chapters: ['home', 'street', 'record', 'letter'],
    component: 'Record'
  },
  letter: {
    pattern: '/home/letter',
    chapters: ['home', 'street', 'record', 'letter'],
    component: 'Letter'
  },
  addSensor: {
    pattern: '/home/add',
    chapters: ['home', 'place'],
    component: 'AddSensor'
  },
  ask: { pattern: '/ask', chapters: ['account'], component: 'Ask' },
  steward: {
    pattern: '/steward',
    chapters: ['home', 'steward'],
    component: 'steward/ToDo'
  },
  stewardBoxes: {
    pattern: '/steward/sensors',
    chapters: ['home', 'steward'],
    component: 'steward/Boxes'
  },
  stewardPeople: {
    pattern: '/steward/people',
    chapters: ['steward'],
    component: 'steward/People'
  },
  stewardStreets: {
    pattern: '/steward/streets',
    chapters: ['steward'],
    component: 'steward/Streets'
  },
  stewardCalibrations: {
    pattern: '/steward/calibrations',
    chapters: ['steward'],
    component: 'steward/Calibrations'
  },
  stewardCalibration: {
    pattern: '/steward/calibrations/:id',
    chapters: ['steward'],
    component: 'steward/Calibration'
  },
  stewardHub: {
    pattern: '/steward/hub',
    chapters: ['steward'],
    component: 'steward/Hub'
  },
  methods: {
    pattern: '/methods',
    chapters: ['street', 'methods'],
    component: 'Methods',
    withoutHub: true
  },
  data: {
    pattern: '/data',
    chapters: ['methods', 'data', 'street'],
    component: 'Data'
  },
  privacy: { pattern: '/privacy', chapters: ['privacy'], component: 'Privacy' },
  nowhere: { pattern: '', chapters: [], component: 'Nowhere', withoutHub: true }
} satisfies Record<string, ListedPage>
