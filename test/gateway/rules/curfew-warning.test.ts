import { describe, expect, it } from 'vitest'
import { noWarning, shiftWarning, type WarningState, warn } from '../../../gateway/rules/curfew-warning.ts'
import { noRelay } from '../../../gateway/rules/relay.ts'
import type { Finding, Sample } from '../../../proto/model.ts'
import type { Settings } from '../../../proto/settings.ts'
import { relaySchema } from '../../../proto/shapes/vehicle.ts'
import { beijing, sampleAt } from '../../help/drive.ts'
import { boxAreas, roadPoint, roadRoute, settingsFor } from '../../help/road.ts'

const settings = settingsFor('coach')
const at = (clock: string): number => beijing(`2026-11-23 ${clock}`)
const row = (clock: string, speedKmh: number | null, known: Partial<Sample> = {}): Sample =>
  sampleAt(at(clock), { speedKmh, ...known })

function drive(rows: readonly Sample[], inForce: Settings = settings) {
  let state = noWarning
  const findings: Finding[] = []
  for (const sample of rows) {
    const step = warn(state, noRelay, sample, inForce)
    state = step.state
    if (step.finding !== null) findings.push(step.finding)
  }
  return { state, findings }
}
/** `01:30:00 known 01:31:00`. */
const lines = (rows: readonly Sample[], inForce = settings): string[] =>
  drive(rows, inForce).findings.map(({ atMs, decidedAtMs }) =>
    [atMs, decidedAtMs].map((ms) => new Date(ms + 8 * 3_600_000).toISOString().slice(11, 19)).join(' known '),
  )

describe('a notice before the window', () => {
  it('says by when to stop and what is left', () => {
    const { state, findings } = drive([row('01:30:00', 60, { driver: 'A' })])
    expect(findings).toEqual([
      {
        kind: 'curfew-warning',
        reason: null,
        phase: 'started',
        subject: 'bus-1',
        severity: 'info',
        grade: 'sufficient',
        atMs: at('01:30:00'),
        decidedAtMs: at('01:30:00'),
        place: null,
        driver: 'A',
        trip: null,
        rule: { id: 'curfew-warning', version: 1 },
        evidence: {
          dueAt: '2026-11-22T17:30:00.000Z',
          stopBy: '2026-11-22T18:00:00.000Z',
          leftS: 1800,
          relayReachable: false,
        },
      },
    ])
    expect(state).toEqual({ dueMs: at('01:30:00'), lastMs: at('01:30:00'), moving: true })
  })

  it.each<[string, readonly Sample[], readonly string[]]>([
    ['is not due before 01:30', [row('01:29:59', 60)], []],
    ['is due at 01:30', [row('01:30:00', 60)], ['01:30:00 known 01:30:00']],
    ['is not given twice', [row('01:30:00', 60), row('01:49:59', 60)], ['01:30:00 known 01:30:00']],
    [
      'is given again at 01:50',
      [row('01:30:00', 60), row('01:50:00', 60), row('01:59:59', 60)],
      ['01:30:00 known 01:30:00', '01:50:00 known 01:50:00'],
    ],
    ['is the later one alone, for who comes late', [row('01:55:00', 60)], ['01:55:00 known 01:55:00']],
    ['is not for who stands', [row('01:30:00', 4.9), row('01:50:00', 0)], []],
    ['is for who moves on', [row('01:30:00', 0), row('01:40:00', 5)], ['01:40:00 known 01:40:00']],
    ['is not for a speed that nobody knows', [row('01:30:00', null)], []],
    ['is none at 02:00', [row('02:00:00', 60)], []],
    ['is none after it', [row('04:00:00', 60), row('12:00:00', 60)], []],
    [
      'is due at the minute, when it drove through it',
      [row('01:29:00', 60), row('01:31:00', 60)],
      ['01:30:00 known 01:31:00'],
    ],
    [
      'is due at the minute, when a row without a speed lies between',
      [row('01:29:00', 60), row('01:29:30', null), row('01:31:00', 60)],
      ['01:30:00 known 01:31:00'],
    ],
    [
      'is due at its own row, when it stood before',
      [row('01:29:00', 0), row('01:31:00', 60)],
      ['01:31:00 known 01:31:00'],
    ],
    [
      'is due at its own row, when nobody knew before whether it moved',
      [row('01:29:00', null), row('01:31:00', 60)],
      ['01:31:00 known 01:31:00'],
    ],
    ['is due at its own row, when nobody saw it before', [row('01:31:00', 60)], ['01:31:00 known 01:31:00']],
    ['bridges a pause of 300 s', [row('01:29:59', 60), row('01:34:59', 60)], ['01:30:00 known 01:34:59']],
    [
      'does not bridge a millisecond more',
      [row('01:29:59', 60), row('01:34:59.001', 60)],
      ['01:34:59 known 01:34:59'],
    ],
  ])('%s', (_, rows, expected) => {
    expect(lines(rows)).toEqual(expected)
  })

  it('that was not given at its minute, because the coach might run, begins where it may not', () => {
    const free: Settings = { ...settings, vehicle: { ...settings.vehicle, serviceClass: 'customised' } }
    expect(lines([row('01:31:00', 60)], free)).toEqual([])
    const before: WarningState = { dueMs: null, lastMs: at('01:30:00'), moving: true }
    const { finding } = warn(before, noRelay, row('01:30:01', 60), settings)
    // The row before was at the minute itself already: nothing was driven through.
    expect(finding?.atMs).toBe(at('01:30:01'))
    const earlier = warn({ ...before, lastMs: at('01:30:00') - 1 }, noRelay, row('01:30:01', 60), settings)
    expect(earlier.finding?.atMs).toBe(at('01:30:00'))
  })

  it('is none where the policy asks for none', () => {
    expect(lines([row('01:55:00', 60)], settingsFor('coach', { curfew: { warnBeforeS: [] } }))).toEqual([])
  })

  it('of the next night is given again', () => {
    const tomorrow = sampleAt(beijing('2026-11-24 01:30:00'), { speedKmh: 60 })
    expect(lines([row('01:50:00', 60), tomorrow])).toHaveLength(2)
  })

  it('says whether a relay can still be made', () => {
    const relay = relaySchema.parse({
      ...{ certificate: 'JB-1', validTo: '2026-12-31', window: ['22:00', '02:00'], points: ['filed'] },
    })
    const inForce = { ...settings, vehicle: { ...settings.vehicle, relay } }
    expect(drive([row('01:50:00', 60)], inForce).findings[0]?.evidence).toMatchObject({
      leftS: 600,
      relayReachable: true,
    })
  })
})

describe('the safe stops of a notice', () => {
  const areas = boxAreas([
    { id: 'east', fromM: 30_000, toM: 30_100, role: 'serviceArea', halfWidthM: 50 },
    { id: 'west', fromM: 10_000, toM: 10_100, role: 'serviceArea', halfWidthM: 50 },
  ])
  const onRoute = settingsFor('coach', null, { areas, route: roadRoute({}) })
  const seen = (clock: string, speedKmh: number, alongM: number | null) =>
    row(clock, speedKmh, {
      fix: alongM === null ? null : { ...roadPoint(alongM), accuracyM: null, satellites: null },
    })
  const ahead = (rows: readonly Sample[]) => {
    const stops = drive(rows, onRoute).findings.at(-1)?.evidence['safeStops']
    return ((stops ?? []) as unknown as { areaId: string }[]).map(({ areaId }) => areaId)
  }

  it('lie ahead, by the two last places', () => {
    const west = [seen('01:29:00', 60, 20_500), seen('01:29:59', 60, 20_400)]
    expect(ahead([seen('01:29:58', 60, 20_000), seen('01:30:00', 60, 20_100)])).toEqual(['east'])
    expect(ahead([...west, seen('01:30:00', 60, 20_300)])).toEqual(['west'])
    expect(ahead([...west, seen('01:30:00', 60, null)])).toEqual([])
    expect(ahead([seen('01:30:00', 60, 20_100)])).toEqual(['east'])
  })

  it('a row without a place leaves the last two as they were', () => {
    const fix = (alongM: number) => ({ ...roadPoint(alongM), accuracyM: null, satellites: null })
    const rows = [seen('01:00:00', 60, 1), seen('01:00:01', 60, 2), seen('01:00:02', 60, null)]
    expect(drive(rows).state).toEqual({
      dueMs: null,
      lastMs: at('01:00:02'),
      moving: true,
      fix: fix(2),
      fixBefore: fix(1),
    })
    expect(drive(rows.slice(0, 1)).state.fixBefore).toBeNull()
  })

  it('a coach that stood is remembered as standing, an unknown one as before', () => {
    expect(drive([row('01:00:00', 60), row('01:00:01', null)]).state.moving).toBe(true)
    expect(drive([row('01:00:00', 60), row('01:00:01', 0)]).state.moving).toBe(false)
    expect(drive([row('01:00:00', 0), row('01:00:01', null)]).state.moving).toBe(false)
  })
})

describe('a corrected clock', () => {
  it('leaves a warning that saw nothing yet as it is', () => {
    expect(shiftWarning(noWarning, 7)).toBe(noWarning)
    expect(shiftWarning({ dueMs: 5, lastMs: 10, moving: true }, 7)).toEqual({
      dueMs: 5,
      lastMs: 17,
      moving: true,
    })
  })
})
