import { describe, expect, it } from 'vitest'
import { detoursOf, onDetour, turnedBetween } from '../../../device/detectors/off-route-detour.ts'
import type { Settings } from '../../../proto/settings.ts'
import { beijing } from '../../help/drive.ts'
import { ruledRoute, settingsFor } from '../../help/road.ts'

/** Beside 10 to 12 km of the route, from 09:00 to 12:00 on; a slack of 1 km belongs to it. */
const from = '2026-11-23T09:00:00+08:00'
const to = '2026-11-23T12:00:00+08:00'
const detour = { id: 'D1', routeId: 'ruled', fromM: 10_000, toM: 12_000, from, to, by: 'officer-1' }
const approved = (...detours: Settings['policy']['detours']): Settings => settingsFor('coach', { detours })
const settings = approved(detour)
const [fromMs, toMs] = [Date.parse(from), Date.parse(to)]
const noon = beijing('2026-11-23 10:00:00')

describe('an approved detour', () => {
  it.each([
    [8999, false],
    [9000, true],
    [11_000, true],
    [13_000, true],
    [13_001, false],
  ])('at %d m along the route: %s', (alongM, on) => {
    const position = { line: 0, alongM, distanceM: 900, segment: 0 }
    expect(onDetour(position, noon, [detour], settings)).toBe(on)
    expect(onDetour(position, noon, [], settings)).toBe(false)
  })

  it.each([
    [fromMs - 1, false],
    [fromMs, true],
    [toMs - 1, true],
    [toMs, false],
  ])('at %d: %s', (atMs, on) => {
    const position = { line: 0, alongM: 11_000, distanceM: 900, segment: 0 }
    expect(onDetour(position, atMs, [detour], settings)).toBe(on)
  })

  it('is of its own route', () => {
    const other = { ...detour, id: 'D2', routeId: 'another' }
    expect(detoursOf(ruledRoute(), approved(other, detour))).toEqual([detour])
    expect(detoursOf(ruledRoute(), approved(other))).toEqual([])
    expect(detoursOf(ruledRoute(), approved())).toEqual([])
  })

  it.each([
    ['before it begins', fromMs - 2000, fromMs - 1, null],
    ['as it begins', fromMs - 2000, fromMs, fromMs],
    ['after it began at the fix before', fromMs, fromMs + 1000, null],
    ['while it holds', fromMs + 1, toMs - 1, null],
    ['as it ends', toMs - 1, toMs, toMs],
    ['once it has ended', toMs, toMs + 1000, null],
    ['over the whole of it: the last', fromMs - 1, toMs + 1, toMs],
  ])('between two fixes %s', (_title, beforeMs, nowMs, turnedMs) => {
    expect(turnedBetween([detour], beforeMs, nowMs)).toBe(turnedMs)
  })

  it('between two fixes where there is none', () => {
    expect(turnedBetween([], fromMs - 1, toMs + 1)).toBeNull()
  })
})
