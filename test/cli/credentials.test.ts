/** What is printed for a new sensor can be pasted as it stands. */
import { expect, it } from 'vitest'
import { credentialsFor } from '../../cli/commands/device-add.ts'

const credentials = {
  deviceId: 'd-1',
  siteId: 's-1',
  username: 'd-1',
  password: 'lp1_x',
  topic: 'sensors/d-1/readings'
}

it.each([
  [1_883, '-h localhost -q 1'],
  [1_884, '-h localhost -p 1884 -q 1'],
  // The settings say "any free port", and no hub runs that would know which.
  [0, '-h localhost -q 1']
])('names the port in what can be pasted, unless it is that of mosquitto_pub itself: %i', (port, says) => {
  const context = { mqttPort: port, httpPort: 8_080, deviceHost: 'hub.local' }
  expect(credentialsFor(context, 'lamppost', credentials).lines.join('\n')).toContain(
    `mosquitto_pub ${says} -u d-1 -P lp1_x -t sensors/d-1/readings`
  )
})
