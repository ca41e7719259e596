import { describe, expect, it } from 'vitest'
import {
  type DriverEntry,
  type DriversState,
  isFresh,
  logIn,
  noDrivers,
  shiftDrivers,
  since,
  takesOver,
} from '../../../gateway/rules/relay-drivers.ts'
import type { Silence } from '../../../gateway/rules/silence.ts'
import type { Sample } from '../../../proto/model.ts'
import { tripSchema } from '../../../proto/shapes/trip.ts'
import { beijing, sampleAt } from '../../help/drive.ts'
import { settingsFor } from '../../help/road.ts'

/** Who is on board: a row is a second, a speed and the cards in the two slots. */
const settings = settingsFor('coach')
const dayMs = beijing('2026-11-22 12:00:00')
const hour = 3600
const row = (
  atS: number,
  speedKmh: number | null,
  driver: string | null = null,
  coDriver: string | null = null,
): Sample => sampleAt(dayMs + atS * 1000, { speedKmh, driver, coDriver })
const instant = (atS: number): number => dayMs + atS * 1000

const drive = (rows: readonly Sample[], inForce = settings, from = noDrivers): DriversState =>
  rows.reduce((state, one) => logIn(since(state, one, null, inForce), one, inForce), from)

/** An entry by its seconds: first and last row, taking over, first and last movement. */
const aboard = (
  id: string,
  firstS: number,
  lastS: number,
  loginS: number | null,
  firstMovedS: number | null,
  lastMovedS: number | null,
): DriverEntry => {
  const at = (s: number | null) => (s === null ? null : instant(s))
  return {
    id,
    firstMs: instant(firstS),
    lastMs: instant(lastS),
    loginMs: at(loginS),
    firstMovedMs: at(firstMovedS),
    lastMovedMs: at(lastMovedS),
  }
}

describe('the list', () => {
  it.each<[string, readonly Sample[], readonly DriverEntry[], string | null]>([
    ['one card, standing', [row(0, 0, 'A')], [aboard('A', 0, 0, 0, null, null)], 'A'],
    ['one card, moving', [row(0, 60, 'A')], [aboard('A', 0, 0, 0, 0, 0)], 'A'],
    [
      'a card in, away, and standing again',
      [row(0, 0, 'A'), row(10, 60, 'A'), row(20, 60, 'A'), row(30, 0, 'A')],
      [aboard('A', 0, 30, 0, 10, 20)],
      'A',
    ],
    [
      'a speed that nobody knows is no movement',
      [row(0, null, 'A'), row(10, null, 'A')],
      [aboard('A', 0, 10, 0, null, null)],
      'A',
    ],
    [
      'the card out on the way: the driver stays the last one identified',
      [row(0, 60, 'A'), row(10, 60)],
      [aboard('A', 0, 0, 0, 0, 0)],
      'A',
    ],
    [
      'out and in again is no taking over',
      [row(0, 0, 'A'), row(10, 0), row(20, 0, 'A')],
      [aboard('A', 0, 20, 0, null, null)],
      'A',
    ],
    [
      'another takes over',
      [row(0, 60, 'A'), row(10, 0, 'B'), row(20, 60, 'B')],
      [aboard('A', 0, 0, 0, 0, 0), aboard('B', 10, 20, 10, 20, 20)],
      'B',
    ],
    [
      'and the first one again',
      [row(0, 60, 'A'), row(10, 0, 'B'), row(20, 0, 'A')],
      [aboard('A', 0, 20, 20, 0, 0), aboard('B', 10, 10, 10, null, null)],
      'A',
    ],
    [
      'who rides in the second slot is on board, takes nothing over and moves along',
      [row(0, 0, 'A', 'B'), row(10, 60, 'A', 'B')],
      [aboard('A', 0, 10, 0, 10, 10), aboard('B', 0, 10, null, 10, 10)],
      'A',
    ],
    [
      'a second slot alone leaves the driver unknown',
      [row(0, 60, null, 'B')],
      [aboard('B', 0, 0, null, 0, 0)],
      null,
    ],
    [
      'the driver leaves, and only the second slot is read',
      [row(0, 60, 'A'), row(10, 60, null, 'B')],
      [aboard('A', 0, 0, 0, 0, 0), aboard('B', 10, 10, null, 10, 10)],
      'A',
    ],
    [
      'the second slot moves to the first',
      [row(0, 0, 'A', 'B'), row(10, 0, 'B')],
      [aboard('A', 0, 0, 0, null, null), aboard('B', 0, 10, 10, null, null)],
      'B',
    ],
    [
      'one card read in both slots is one driver',
      [row(0, 0, 'A', 'A')],
      [aboard('A', 0, 0, 0, null, null)],
      'A',
    ],
  ])('%s', (_, rows, entries, lastDriver) => {
    const state = drive(rows)
    expect(state.entries).toEqual(entries)
    expect(state.lastDriver).toBe(lastDriver)
    expect(state.anonymous).toBe(false)
    expect(state.sinceMs).toBeNull()
  })

  it.each<[string, readonly Sample[], boolean]>([
    ['moving', [row(0, 60)], true],
    ['moving, then A', [row(0, 60), row(10, 60, 'A')], true],
    ['standing', [row(0, 0)], false],
    ['at a speed that nobody knows', [row(0, null)], false],
    ['after A', [row(0, 60, 'A'), row(10, 60)], false],
    ['with somebody in the second slot', [row(0, 60, null, 'B')], false],
  ])('nobody in the first slot, %s: driven by nobody known %s', (_, rows, anonymous) => {
    expect(drive(rows).anonymous).toBe(anonymous)
  })

  it('holds sixty-four; the sixty-fifth takes the place of the first', () => {
    const rows = Array.from({ length: 65 }, (_, n) => row(n, 0, `D${n}`))
    const ids = (count: number) => drive(rows.slice(0, count)).entries.map(({ id }) => id)
    expect(ids(64)).toEqual(rows.slice(0, 64).map(({ driver }) => driver))
    expect(ids(65)).toEqual(rows.slice(1).map(({ driver }) => driver))
    const again = drive([...rows.slice(0, 64), row(64, 0, 'D5')]).entries
    expect(again).toHaveLength(64)
    expect(again[5]).toEqual(aboard('D5', 5, 64, 64, null, null))
  })
})

describe('taking over', () => {
  const known: DriversState = { ...noDrivers, lastDriver: 'A' }
  const moved: DriversState = { ...noDrivers, anonymous: true }
  it.each<[string, DriversState, string | null, boolean]>([
    ['another card after A', known, 'B', true],
    ["A's own card", known, 'A', false],
    ['no card', known, null, false],
    ['the first card of all', noDrivers, 'A', false],
    ['the first card, after it was driven by nobody known', moved, 'A', true],
    ['no card, after it was driven by nobody known', moved, null, false],
  ])('%s: %s', (_, state, driver, expected) => {
    expect(takesOver(state, row(0, 0, driver))).toBe(expected)
  })

  it('fresh is who is not in the list', () => {
    const state = drive([row(0, 60, 'A', 'B')])
    expect(['A', 'B', 'C'].map((driver) => isFresh(state, driver))).toEqual([false, false, true])
    expect(isFresh(noDrivers, 'A')).toBe(true)
  })
})

describe('a long rest', () => {
  it.each<[string, readonly Sample[], number | null, number | null]>([
    ['six hours of standing, to the second', [row(0, 0), row(6 * hour, 0)], 6 * hour, 0],
    ['a second less is none', [row(0, 0), row(6 * hour - 1, 0)], null, 0],
    ['told by the first row that moves again', [row(0, 0), row(7 * hour, 60)], 6 * hour, null],
    ['a second less, and moving', [row(0, 0), row(6 * hour - 1, 60)], null, null],
    ['it is had once, however long it lasts', [row(0, 0), row(6 * hour, 0), row(9 * hour, 0)], 6 * hour, 0],
    [
      'interrupted by a movement',
      [row(0, 0), row(hour, 60), row(2 * hour, 0), row(7 * hour, 0)],
      null,
      2 * hour,
    ],
    [
      'an unknown speed does not interrupt it',
      [row(0, 0), row(hour, null), row(6 * hour, null)],
      6 * hour,
      0,
    ],
    ['nor begins it', [row(0, null), row(hour, 0), row(6 * hour, 0)], null, hour],
    [
      'the second one counts from its own end',
      [row(0, 0), row(6 * hour, 60), row(7 * hour, 0), row(13 * hour, 0)],
      13 * hour,
      7 * hour,
    ],
  ])('%s', (_, rows, sinceS, standingS) => {
    const { sinceMs, standingSinceMs } = drive(rows)
    expect(sinceMs).toBe(sinceS === null ? null : instant(sinceS))
    expect(standingSinceMs).toBe(standingS === null ? null : instant(standingS))
  })

  it('leaves out who was last seen before its end, and cuts what is left to it', () => {
    const before = [row(0, 60, 'A', 'C'), row(10, 0, 'B', 'C')]
    const { entries, lastDriver } = drive([...before, row(6 * hour + 10, 0, 'B'), row(7 * hour, 60, 'B')])
    const end = 6 * hour + 10
    expect(lastDriver).toBe('B')
    expect(entries).toEqual([aboard('B', end, 7 * hour, null, 7 * hour, 7 * hour)])
    // The card stayed in through the night: B is of before and of after.
    const stayed = drive([...before, row(5 * hour, 0, 'B', 'C'), row(end - 1, 0, 'B'), row(end, 0, 'B')])
    expect(stayed.entries).toEqual([aboard('B', end, end, null, null, null)])
  })

  it('keeps who was seen at its very end, and moves to it what was before', () => {
    const was: DriversState = {
      ...noDrivers,
      standingSinceMs: instant(0),
      entries: [
        aboard('A', -50, 6 * hour, -40, -30, -20),
        aboard('B', -50, 6 * hour + 7, null, 6 * hour + 5, 6 * hour + 6),
        aboard('C', -50, 6 * hour - 1, 0, null, null),
      ],
    }
    expect(since(was, row(7 * hour, 0), null, settings)).toEqual({
      ...was,
      sinceMs: instant(6 * hour),
      entries: [
        aboard('A', 6 * hour, 6 * hour, 6 * hour, 6 * hour, 6 * hour),
        aboard('B', 6 * hour, 6 * hour + 7, null, 6 * hour + 5, 6 * hour + 6),
      ],
    })
  })

  it('is none when the coach was elsewhere after a silence: more than 1,000 m on', () => {
    const stood = drive([row(0, 0, 'A')])
    const silence = (metres: number): Silence => ({
      fromMs: instant(0),
      toMs: instant(7 * hour),
      measuredFromMs: instant(0),
      measuredToMs: instant(7 * hour),
      distanceM: metres,
      by: 'odometer',
    })
    const then = (metres: number) => since(stood, row(7 * hour, 0, 'A'), silence(metres), settings)
    expect(then(1000)).toMatchObject({ sinceMs: instant(6 * hour), standingSinceMs: instant(0) })
    expect(then(1000.1)).toMatchObject({ sinceMs: null, standingSinceMs: instant(7 * hour) })
    const unknown = since(stood, row(7 * hour, null, 'A'), silence(2000), settings)
    expect(unknown).toMatchObject({ sinceMs: null, standingSinceMs: null })
  })
})

describe('with a trip', () => {
  const trip = tripSchema.parse({
    id: 'trip-1',
    vehicle: 'bus-1',
    from: '2026-11-22T12:00:10+08:00',
    to: '2026-11-24T00:00:00+08:00',
    drivers: [],
    serviceClass: 'scheduled',
    oneWayKm: 900,
  })
  const onTrip = { ...settings, trip }

  it('the list begins with it', () => {
    const before = drive([row(0, 60, 'A'), row(5, 0, 'B')])
    expect(drive([row(20, 0, 'C')], onTrip, before)).toEqual({
      ...noDrivers,
      sinceMs: instant(10),
      entries: [aboard('C', 20, 20, 20, null, null)],
      lastDriver: 'C',
      standingSinceMs: instant(5),
    })
  })

  it('a rest on the way makes nobody fresh', () => {
    const rows = [row(20, 60, 'A'), row(30, 0, 'A'), row(9 * hour, 60, 'A')]
    const { sinceMs, entries } = drive(rows, onTrip)
    expect(sinceMs).toBe(instant(10))
    expect(entries).toEqual([aboard('A', 20, 9 * hour, 20, 20, 9 * hour)])
  })

  it('after it the list is kept, and a rest of before its beginning says nothing', () => {
    const ended = drive([row(20, 60, 'A')], onTrip, { ...noDrivers, standingSinceMs: null })
    expect(since(ended, row(40, 60, 'A'), null, settings).sinceMs).toBe(instant(10))
    const rested: DriversState = { ...ended, standingSinceMs: instant(-7 * hour) }
    expect(since(rested, row(40, 0, 'A'), null, settings).sinceMs).toBe(instant(10))
    const later: DriversState = { ...ended, standingSinceMs: instant(-6 * hour + 11) }
    expect(since(later, row(40, 0, 'A'), null, settings).sinceMs).toBe(instant(11))
  })
})

describe('a corrected clock', () => {
  it('moves every instant of every driver, and not the beginning of the list', () => {
    const was: DriversState = {
      sinceMs: instant(0),
      entries: [aboard('A', 1, 5, 2, 3, 4), aboard('B', 1, 5, null, null, null)],
      lastDriver: 'A',
      anonymous: true,
      standingSinceMs: instant(6),
    }
    expect(shiftDrivers(was, 7000)).toEqual({
      ...was,
      entries: [aboard('A', 8, 12, 9, 10, 11), aboard('B', 8, 12, null, null, null)],
      standingSinceMs: instant(13),
    })
    expect(shiftDrivers({ ...was, standingSinceMs: null }, 7000).standingSinceMs).toBeNull()
    expect(shiftDrivers(was, 0)).toBe(was)
  })
})
