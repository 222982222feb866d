/** The names that a hub answers to: those that only its own network can give, and those that its steward named. */
import { describe, expect, it } from 'vitest'
import { answersTo, isForBoxes } from '../../api/doors/names.ts'

const own = ['air.example.org']

describe('a hub', () => {
  it.each([
    undefined, // HTTP/1.0, or a box that sends none.
    '',
    '192.168.1.20:8080',
    '[fd00::1]:8080',
    'localhost:8080',
    'hub', // Docker Compose, or a name of the router's.
    'raspberrypi:8080',
    'raspberrypi.local',
    'Raspberrypi.LOCAL.:8080',
    'lamppost.fritz.box',
    'lamppost.lan',
    'hub.home.arpa',
    'air.example.org',
    'AIR.example.org:443'
  ])('answers to %s', (host) => expect(answersTo(host, own)).toBe(true))

  it.each([
    'evil.example',
    'evil.example:8080',
    'air.example.org.evil.example',
    'xair.example.org',
    'evil.local.example',
    'fritz.box.example',
    'evil.example/localhost',
    'a b',
    '[::1'
  ])('does not answer to %s', (host) => expect(answersTo(host, own)).toBe(false))
})

describe('a box', () => {
  it.each([
    '/push/ttn/abc',
    '/push/thingsboard/api/v1/token/telemetry',
    '/v1/push-sensor-data/',
    '/sensors/airgradient:84fce612f5b8/measures',
    '/boxes/59ad958fd67eb50011b85f6d/data'
  ])('may call the hub anything at %s', (path) => expect(isForBoxes(path)).toBe(true))

  it.each(['/', '/api/v1/streets', '/pushy/', '/boxes', '/sensors/ashley-road', '/x/push/ttn'])(
    'but not at %s',
    (path) => expect(isForBoxes(path)).toBe(false)
  )
})
