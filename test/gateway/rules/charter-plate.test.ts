import { describe, expect, it } from 'vitest'
import { charter } from '../../../gateway/rules/charter.ts'
import { drive } from '../../../proto/detector.ts'
import type { Finding, Sample } from '../../../proto/model.ts'
import type { Settings } from '../../../proto/settings.ts'
import { tripSchema } from '../../../proto/shapes/trip.ts'
import type { Vehicle } from '../../../proto/shapes/vehicle.ts'
import { beijing, cruise, sampleAt } from '../../help/drive.ts'
import { boxAreas, roadPoint, settingsFor } from '../../help/road.ts'

/** A charter coach, its plate, and its home: the first kilometre of a road. */
const areas = boxAreas([{ id: 'home', fromM: 0, toM: 1000, role: 'hub' }])
const base = settingsFor('coach', null, { areas })
const coach = (more: Partial<Vehicle> = {}): Settings => ({
  ...base,
  vehicle: { ...base.vehicle, serviceClass: 'charterTour', ...more },
})
const plated = (validFrom: string, validTo: string, more: object = {}): Settings => ({
  ...coach(),
  trip: tripSchema.parse({
    id: 'trip-1',
    vehicle: 'bus-1',
    from: '2026-11-20T06:00:00+08:00',
    to: '2026-11-24T06:00:00+08:00',
    drivers: [],
    serviceClass: 'charterTour',
    oneWayKm: null,
    charter: { plate: '包-88', validFrom, validTo, areas: [] },
    ...more,
  }),
})

const at = (text: string): number => beijing(`2026-11-23 ${text}`)
/** 31 s of driving, unless said otherwise, from one instant on. */
const driving = (from: string, known: Partial<Sample> = {}, seconds = 31): Sample[] =>
  cruise(at(from), at(from) + seconds * 1000, { speedKmh: 60, ...known })
const found = (samples: readonly Sample[], settings: Settings): string[] =>
  drive(charter, samples, settings).findings.map(
    ({ phase, atMs, evidence }) =>
      `${phase} ${new Date(atMs + 8 * 3_600_000).toISOString()} ${evidence['why'] as string}`,
  )

describe('the plate', () => {
  it('that nobody has is a finding, with nothing known of it', () => {
    const { findings } = drive(charter, driving('08:00:00', { driver: 'A' }), coach())
    const expected: Finding = {
      kind: 'charter-no-plate',
      reason: null,
      phase: 'started',
      subject: 'bus-1',
      severity: 'major',
      grade: 'sufficient',
      atMs: at('08:00:00'),
      decidedAtMs: at('08:00:30'),
      place: null,
      driver: 'A',
      trip: null,
      rule: { id: 'charter-no-plate', version: 1 },
      evidence: {
        plate: null,
        validFrom: null,
        validTo: null,
        why: 'none',
        since: '2026-11-23T00:00:00.000Z',
      },
    }
    expect(findings).toEqual([expected])
  })

  it('that is expired is named with its days', () => {
    const [started] = drive(charter, driving('08:00:00'), plated('2026-11-20', '2026-11-22')).findings
    expect(started?.evidence).toEqual({
      plate: '包-88',
      validFrom: '2026-11-20',
      validTo: '2026-11-22',
      why: 'expired',
      since: '2026-11-23T00:00:00.000Z',
    })
    expect(started?.trip).toBe('trip-1')
  })

  const unreadable = (dates: object): Settings => {
    const { trip, ...settings } = plated('2026-11-20', '2026-11-24')
    return { ...settings, trip: { ...trip, charter: { ...trip?.charter, ...dates } } as Settings['trip'] }
  }
  const instant = (clock: string) => `2026-11-23T${clock}+08:00`
  it.each<[string, Settings, readonly Sample[], readonly string[]]>([
    ['valid from this very instant', plated(instant('08:00:00'), '2026-11-24'), driving('08:00:00'), []],
    [
      'valid from a millisecond later: up to then',
      plated(instant('08:00:30.001'), '2026-11-24'),
      driving('08:00:00', {}, 32),
      ['started 2026-11-23T08:00:00.000Z notYet', 'ended 2026-11-23T08:00:30.001Z notYet'],
    ],
    ['valid to the last second', plated('2026-11-20', instant('08:01:00')), driving('08:00:00', {}, 60), []],
    [
      'expired on the way: from that instant on',
      plated('2026-11-20', instant('08:00:10.500')),
      driving('08:00:00', {}, 42),
      ['started 2026-11-23T08:00:10.500Z expired'],
    ],
    [
      'of no readable beginning is none',
      unreadable({ validFrom: 'some day' }),
      driving('08:00:00'),
      ['started 2026-11-23T08:00:00.000Z none'],
    ],
    [
      'of no readable end is none',
      unreadable({ validTo: 'some day' }),
      driving('08:00:00'),
      ['started 2026-11-23T08:00:00.000Z none'],
    ],
    [
      'of a trip without one is none',
      plated('2026-11-20', '2026-11-24', { charter: undefined }),
      driving('08:00:00'),
      ['started 2026-11-23T08:00:00.000Z none'],
    ],
  ])('%s', (_, settings, samples, expected) => {
    expect(found(samples, settings)).toEqual(expected)
  })

  it('ceases with the trip that carries it', () => {
    const until = Date.parse('2026-11-23T08:00:10.500+08:00')
    const trip = plated('2026-11-20', '2026-11-24', { to: '2026-11-23T08:00:10.500+08:00' })
    const { findings, state } = drive(charter, driving('08:00:00', {}, 42), ({ atMs }) =>
      atMs < until ? trip : coach(),
    )
    expect(findings.map(({ atMs, evidence }) => [atMs, evidence['why']])).toEqual([[until, 'none']])
    expect(state.plateUntilMs).toBe(until)
  })

  it('is valid from its first instant on', () => {
    const fromNow = plated(instant('08:00:00'), '2026-11-23')
    expect(drive(charter, [sampleAt(at('08:00:00'))], fromNow).state.plateUntilMs).toBe(at('24:00:00'))
    expect(drive(charter, [sampleAt(at('08:00:00') - 1)], fromNow).state.plateUntilMs).toBeNull()
  })

  it('is remembered for as long as it was known to be valid', () => {
    const known = plated('2026-11-20', '2026-11-22')
    const until = beijing('2026-11-23 00:00:00')
    expect(drive(charter, [sampleAt(until - 1)], known).state.plateUntilMs).toBe(until)
    expect(drive(charter, [sampleAt(until - 1), sampleAt(until)], known).state.plateUntilMs).toBe(until)
    expect(drive(charter, [sampleAt(until)], known).state.plateUntilMs).toBeNull()
  })
})

describe('who needs one', () => {
  it.each<[string, Settings, boolean]>([
    ['a charter coach', coach(), true],
    ['a scheduled one does not', coach({ serviceClass: 'scheduled' }), false],
    ['one of an unknown service does not', coach({ serviceClass: null }), false],
    ['a lorry that is called a charter does not', coach({ class: 'truck' }), false],
    ['a scheduled lorry does not', coach({ class: 'truck', serviceClass: 'scheduled' }), false],
  ])('%s', (_, settings, needed) => {
    expect(found(driving('08:00:00'), settings)).toHaveLength(needed ? 1 : 0)
  })

  const seenAt = (alongM: number, accuracyM: number | null = null) => ({
    fix: { ...roadPoint(alongM), accuracyM, satellites: null },
  })
  it.each<[string, Settings, Partial<Sample>, boolean]>([
    ['away', coach({ home: ['home'] }), seenAt(3000), true],
    ['at home', coach({ home: ['home'] }), seenAt(500), false],
    ['at the second of its homes', coach({ home: ['nowhere', 'home'] }), seenAt(500), false],
    ['with a home that is no area', coach({ home: ['nowhere'] }), seenAt(500), true],
    ['without a position', coach({ home: ['home'] }), {}, false],
    ['with a fix that claims 100 m', coach({ home: ['home'] }), seenAt(3000, 100), true],
    ['with a fix that claims more', coach({ home: ['home'] }), seenAt(3000, 100.1), false],
    ['without a home', coach({ home: [] }), {}, true],
    ['without a word of homes', coach(), {}, true],
  ])('%s', (_, settings, known, needed) => {
    expect(found(driving('08:00:00', known), settings)).toHaveLength(needed ? 1 : 0)
  })
})

describe('clocks', () => {
  it('an undisciplined one proves nothing and ends nothing', () => {
    expect(found(driving('08:00:00', { trusted: false }), coach())).toEqual([])
    const { state } = drive(charter, driving('08:00:00'), coach())
    const step = charter.step(state, sampleAt(at('09:00:00'), { trusted: false, clockStepMs: 7 }), coach())
    expect(step.findings).toEqual([])
    expect(step.state.plateUntilMs).toBeNull()
    expect(step.state.watch.run?.lastMs).toBe(at('08:00:30') + 7)
  })

  it('a correction moves the run', () => {
    const before = driving('08:00:00', {}, 20)
    const jump = sampleAt(at('08:01:20'), { speedKmh: 60, clockStepMs: 60_000 })
    const after = driving('08:01:21', {}, 9)
    expect(found([...before, jump, ...after], coach())).toEqual([])
    const late = sampleAt(at('08:01:30'), { speedKmh: 60 })
    expect(found([...before, jump, ...after, late], coach())).toEqual([
      'started 2026-11-23T08:01:00.000Z none',
    ])
  })
})
