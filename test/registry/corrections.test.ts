/** Corrections as rows: versions, periods that never overlap, and a history that stays. */
import { describe, expect, it } from 'vitest'
import { RegistryRefusal, type NewCorrection } from '../../registry/registry.ts'
import { ashleyRoad, at, noon, openAt, temporaryFile } from './support.ts'

function aBox(registry = ashleyRoad()) {
  return { registry, ...registry.addDevice({ streetId: 'ashley-road', placement: 'outdoor' }, noon) }
}

/** undefined where nothing was refused. */
function refusalOf(doing: () => unknown): string | undefined {
  try {
    doing()
    return undefined
  } catch (cause) {
    if (cause instanceof RegistryRefusal) return cause.code
    throw cause
  }
}

function wanted(deviceId: string, fields: Partial<NewCorrection['row']> = {}): NewCorrection {
  return {
    row: {
      deviceId,
      siteId: null,
      quantity: 'pm2_5',
      formula: 'kappaKohler',
      formulaVersion: 1,
      coefficients: { kappa: 0.3 },
      sensor: 'sds011',
      signal: 'only',
      from: null,
      until: null,
      ...fields
    },
    origin: 'a guess'
  }
}

describe('corrections', () => {
  it('are there again after a restart, with all that they were', () => {
    const file = temporaryFile()
    const { registry, deviceId } = aBox(ashleyRoad(file))
    const added = registry.addCorrection(wanted(deviceId), noon)
    const ended = registry.endCorrection(added.correctionId, at('2026-11-01T00:00:00Z'), noon)
    expect(ended).toEqual({ ...added, version: 2, until: at('2026-11-01T00:00:00Z') })
    registry.close()
    const again = openAt(file)
    expect(again.corrections()).toEqual([ended])
    expect(again.correctionHistory()).toEqual([
      { row: added, state: 'superseded', at: noon, origin: 'a guess' },
      { row: ended, state: 'holds', at: noon, origin: 'a guess' }
    ])
  })

  it('are removed from what holds, and never from the history', () => {
    const { registry, deviceId } = aBox()
    const { correctionId } = registry.addCorrection(wanted(deviceId), noon)
    registry.removeCorrection(correctionId, noon)
    expect(registry.corrections()).toEqual([])
    expect(registry.correctionHistory().map(({ state }) => state)).toEqual(['superseded', 'removed'])
    expect(refusalOf(() => registry.endCorrection(correctionId, noon, noon))).toBe('correctionUnknown')
    registry.addCorrection(wanted(deviceId), noon)
    expect(registry.corrections()).toHaveLength(1)
  })

  it.each([
    ['the same time', {}, 'correctionOverlaps'],
    ['a part of it', { from: at('2026-05-31T00:00:00Z') }, 'correctionOverlaps'],
    ['one site of it', { siteId: 's-1' }, 'correctionOverlaps'],
    ['the time after it', { from: at('2026-06-01T00:00:00Z') }, undefined],
    ['another quantity', { quantity: 'pm10' as const }, undefined]
  ])('of one box are refused for %s', (_what, fields, refusal) => {
    const { registry, deviceId } = aBox()
    registry.addCorrection(wanted(deviceId, { until: at('2026-06-01T00:00:00Z') }), noon)
    expect(refusalOf(() => registry.addCorrection(wanted(deviceId, fields), noon))).toBe(refusal)
  })

  it('cannot be made longer over another, nor hold at no time', () => {
    const { registry, deviceId } = aBox()
    const turn = at('2026-06-01T00:00:00Z')
    const early = registry.addCorrection(wanted(deviceId, { until: turn }), noon)
    const late = registry.addCorrection(wanted(deviceId, { from: turn }), noon)
    expect(refusalOf(() => registry.endCorrection(early.correctionId, noon, noon))).toBe('correctionOverlaps')
    expect(refusalOf(() => registry.endCorrection(late.correctionId, turn, noon))).toBe('badTime')
    expect(registry.corrections()).toEqual([early, late])
  })

  it('tell that something changed', () => {
    const { registry, deviceId } = aBox()
    let changes = 0
    registry.onChange(() => changes++)
    const { correctionId } = registry.addCorrection(wanted(deviceId), noon)
    registry.endCorrection(correctionId, noon, noon)
    registry.removeCorrection(correctionId, noon)
    registry.setSensors(deviceId, ['sds011', 'dht22'])
    expect(changes).toBe(4)
    expect(registry.device(deviceId)?.sensors).toEqual(['sds011', 'dht22'])
    expect(registry.directory()[0]?.sensors).toEqual(['sds011', 'dht22'])
  })
})
