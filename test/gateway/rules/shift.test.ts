import { describe, expect, it } from 'vitest'
import { type Door, shiftDoor } from '../../../gateway/rules/areas-door.ts'
import { type Stop, shiftStop } from '../../../gateway/rules/areas-stop.ts'
import { shiftWarning } from '../../../gateway/rules/curfew-warning.ts'
import {
  ceasedMs,
  type LastSeen,
  type Run,
  seenUntil,
  shiftRun,
  shiftSeen,
} from '../../../gateway/rules/moving-run.ts'
import { noRelay, type Swap, shiftRelay } from '../../../gateway/rules/relay.ts'
import { noDrivers } from '../../../gateway/rules/relay-drivers.ts'
import { settingsFor } from '../../help/road.ts'

/** The clock was corrected by so much: every remembered instant moves with it, and nothing else does. */
const byMs = 7000

/** Whatever is named as an instant, moved. */
function moved<State>(state: State): State {
  const later = (key: string, value: unknown): unknown =>
    key.endsWith('Ms') && typeof value === 'number' ? value + byMs : value
  return JSON.parse(JSON.stringify(state, later)) as State
}

describe('a corrected clock moves', () => {
  it('a run of moving, with the offence in it', () => {
    const plain: Run = { lastMs: 5000, offence: null }
    const run: Run = { lastMs: 5000, offence: { atMs: 1000, firstMs: 2000, told: true } }
    for (const one of [plain, run]) {
      expect(shiftRun(one, byMs)).toEqual(moved(one))
      expect(shiftRun(one, 0)).toBe(one)
    }
    expect(shiftRun(null, byMs)).toBeNull()
  })

  it('what was last seen', () => {
    for (const seen of [
      { atMs: 1000, untilMs: null },
      { atMs: 1000, untilMs: 4000 },
    ])
      expect(shiftSeen(seen, byMs)).toEqual(moved(seen))
  })

  it('a stop and a door', () => {
    const stop: Stop = { sinceMs: 1000, lastMs: 9000, odometerM: 500, doorOpen: true, told: 'minor' }
    expect(shiftStop(stop, byMs)).toEqual(moved(stop))
    expect(shiftStop(null, byMs)).toBeNull()
    const door: Door = { open: true, times: 2, fromMs: 1000, untilMs: 5000 }
    expect(shiftDoor(door, byMs)).toEqual(moved(door))
    expect(shiftDoor(null, byMs)).toBeNull()
  })

  it('the last Sample before a notice, never the instant that was due by the hour', () => {
    const warning = { dueMs: 100_000, lastMs: 5000, moving: true }
    expect(shiftWarning(warning, byMs)).toEqual({ ...warning, lastMs: 5000 + byMs })
    expect(shiftWarning(warning, 0)).toBe(warning)
    const fresh = { dueMs: null, lastMs: null, moving: false }
    expect(shiftWarning(fresh, byMs)).toBe(fresh)
  })

  it('the drivers of a relay', () => {
    const relay = { ...noRelay, drivers: { ...noDrivers, standingSinceMs: 4000 } }
    expect(shiftRelay(relay, byMs).drivers.standingSinceMs).toBe(4000 + byMs)
    expect(shiftRelay(relay, 0)).toBe(relay)
  })

  it('the swap of a relay with the log-ins it is compared with, and leaves the night where it is', () => {
    const best: Swap = {
      nightMs: 90_000,
      atMs: 60_000,
      driver: 'B',
      relieved: 'A',
      ...{ areaId: 'point', nearestPoint: null, nearestM: null, plate: null, undone: false },
      ...{ standing: true, faults: [], before: ['A'] },
    }
    expect(shiftRelay({ ...noRelay, best }, byMs).best).toEqual({ ...best, atMs: 60_000 + byMs })
    expect(shiftRelay({ ...noRelay, best }, 0).best).toBe(best)
  })
})

describe('what was last seen lasts', () => {
  const settings = settingsFor('coach')
  const seen: LastSeen = { atMs: 1000, untilMs: null }

  it('until the next Sample, over no more than five minutes', () => {
    expect(seenUntil(seen, 301_000, settings)).toEqual({ atMs: 1000, untilMs: 301_000 })
    expect(seenUntil(seen, 301_001, settings)).toEqual({ atMs: 1000, untilMs: 1000 })
    expect(seenUntil(seen, 1000, settings)).toBe(seen)
    const known = { atMs: 1000, untilMs: 2000 }
    expect(seenUntil(known, 9000, settings)).toBe(known)
  })

  it('until the window closes at the latest', () => {
    expect(ceasedMs(seen, null)).toBe(1000)
    expect(ceasedMs({ atMs: 1000, untilMs: 5000 }, null)).toBe(5000)
    expect(ceasedMs({ atMs: 1000, untilMs: 5000 }, 3000)).toBe(3000)
    expect(ceasedMs({ atMs: 1000, untilMs: 5000 }, 6000)).toBe(5000)
  })
})
