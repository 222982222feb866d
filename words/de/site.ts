/** German (draft): the page of one outdoor sensor, and the poster of a street. */
import type { Words } from '../words.ts'

export const site: Words['site'] = {
  noSite: 'Unter dieser Adresse gibt es keinen öffentlichen Sensor.',
  noSiteNext:
    'Vielleicht steht er jetzt drinnen oder wurde abgebaut. Alle Straßen stehen auf der ersten Seite.',
  on: (street) => `Straße: ${street}`,
  newest: 'Neueste Messwerte',
  chart: 'Was er gemessen hat',
  raw: 'Wie gemessen',
  corrected: 'Korrigiert',
  hardware: 'Der Sensor',
  family: 'Was in dem Gerät steckt',
  familyUnknown: 'nicht angegeben',
  dialect: 'Format seiner Nachrichten',
  interval: 'Meldet sich alle',
  intervalText: (seconds, isAssumed) =>
    isAssumed ? `${seconds} (aus seinen Messwerten geschätzt)` : seconds,
  intervalUnknown: 'noch nicht bekannt',
  since: 'Hier seit',
  sinceStart: 'seinem ersten Messwert',
  mounting: 'Wie er angebracht ist',
  mountingUnknown: 'Draußen. Höhe und Blickrichtung sind nicht angegeben.',
  height: (metres) => `${metres} über dem Boden`,
  facing: (what) => `Blickrichtung: ${what}`,
  unauthenticated:
    'Dieses Gerät kann nicht nachweisen, wer es ist. Seine Messwerte zählen darum in keinem Straßenwert.',
  reference:
    'Eine Referenzstation: Die Sensoren der Straße werden mit ihr verglichen, und sie steht in keinem Straßenwert.',
  flags: 'Markierte Messwerte',
  noFlags: 'In diesem Zeitraum hat jeder Messwert seine Prüfungen bestanden oder wartet noch darauf.',
  flagRow: (count, share) => `${count} Messwerte (${share})`,
  flagNames: { 3: 'Zweifelhaft', 4: 'Weggelassen' },
  indicative: 'Ein einzelner Sensor hat keine Stufe: Ein Wort braucht einen Straßenwert aus mindestens drei.',
  poster: {
    open: 'Aushang (A4)',
    print: 'Diesen Aushang drucken',
    scan: 'Scannen für aktuelle Werte',
    measured: 'Gemessen von den Menschen, die hier wohnen.',
    asOf: (when) => `Stand: ${when}. Die neuesten Werte stehen unter dieser Adresse.`,
    back: 'Zurück zur Straße',
    qr: (address) => `QR-Code von ${address}`
  }
}
