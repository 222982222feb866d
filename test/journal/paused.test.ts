/** Devices of which too much waits for a place: unacknowledged in order, until they may go on. */
import { describe, expect, it } from 'vitest'
import { pauseDevices } from '../../journal/paused.ts'
import { pausedBytesPerDeviceMax } from '../../model/limits.ts'

function rig() {
  const taken: string[] = []
  const answers: string[] = []
  const gate = pauseDevices((deviceId, topic, _payload, done) => {
    taken.push(`${deviceId} ${topic}`)
    done()
  })
  const send = (deviceId: string, topic: string, bytes = 10): void =>
    gate.accept(deviceId, topic, new Uint8Array(bytes), (failure) =>
      answers.push(`${topic} ${failure ? failure.message.slice(0, 16) : 'kept'}`)
    )
  return { gate, taken, answers, send }
}

describe('holding back', () => {
  it('lets everybody through who is not named', () => {
    const { gate, send, answers } = rig()
    gate.set(['d-1'])
    send('d-2', 'a')
    expect(answers).toEqual(['a kept'])
    expect(gate.waiting()).toBe(0)
  })

  it('keeps the named ones waiting, and hands them on in order when they may go on', () => {
    const { gate, send, taken, answers } = rig()
    gate.set(['d-1', 'd-3'])
    send('d-1', 'a')
    send('d-3', 'x')
    send('d-1', 'b')
    gate.set(['d-1', 'd-3'])
    expect(answers).toEqual([])
    expect(gate.waiting()).toBe(3)
    gate.set(['d-3'])
    send('d-1', 'c')
    expect(taken).toEqual(['d-1 a', 'd-1 b', 'd-1 c'])
    expect(answers).toEqual(['a kept', 'b kept', 'c kept'])
    expect(gate.waiting()).toBe(1)
  })

  it('refuses what would not fit into memory, and has room again afterwards', () => {
    const { gate, send, answers } = rig()
    gate.set(['d-1', 'd-2'])
    send('d-1', 'large', pausedBytesPerDeviceMax - 500)
    send('d-1', 'too much', 500)
    send('d-2', 'other', 500)
    expect(answers).toEqual(['too much Too many message'])
    gate.set([])
    gate.set(['d-1'])
    send('d-1', 'again', pausedBytesPerDeviceMax - 500)
    expect(gate.waiting()).toBe(1)
  })

  it('refuses whoever waits when the hub stops, so that nothing is acknowledged that is not kept', () => {
    const { gate, send, taken, answers } = rig()
    gate.set(['d-1'])
    send('d-1', 'a')
    gate.stop()
    send('d-1', 'b')
    expect(answers).toEqual(['a Too many message', 'b Too many message'])
    expect(taken).toEqual([])
  })
})
