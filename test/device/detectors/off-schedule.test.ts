import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { offSchedule } from '../../../device/detectors/off-schedule.ts'
import { drive } from '../../../proto/detector.ts'
import { noAreas } from '../../../proto/geo/areas.ts'
import { settingsAt } from '../../../proto/in-force.ts'
import type { Finding, Sample } from '../../../proto/model.ts'
import { beijing } from '../../help/drive.ts'
import { deepFreeze } from '../../help/road.ts'
import { type Case, documentsOf, lineOf, samplesOf } from '../../help/road-cases.ts'

/** Against a timetable read off the whole drive: three stations of 400 m, 6 km apart, 72 km/h between them. */
const start = '2026-11-23 10:00:00'
const startMs = beijing(start)
const areas = ['A', 'B', 'C'].map((id, i) => ({ id, from: i * 6000, to: i * 6000 + 400, role: 'station' }))

type Plan = { readonly arrive: number; readonly depart: number; readonly staysS: number }

/** When it comes to each stop and leaves it: 200 m inside it stands, then 5,800 m of road. */
function reality(plans: readonly Plan[]): { cameS: number; leftS: number }[] {
  let s = 0
  return plans.map(({ staysS }, i) => {
    const cameS = i === 0 ? 0 : s + 290
    // It stands 200 m inside each stop but the first, where it stands at the beginning.
    const insideS = i === 0 ? 0 : 10
    s = cameS + insideS + staysS
    const leftS = s + (i === 0 ? 20 : 10)
    s = leftS - 10
    return { cameS, leftS }
  })
}

function expected(plans: readonly Plan[]): string[] {
  return reality(plans).flatMap(({ cameS, leftS }, i) => {
    const { arrive, depart } = plans[i]!
    const id = areas[i]!.id
    const told: string[] = []
    const late = i > 0 && cameS > arrive + 300
    if (late) told.push(`started lateArrival ${id} ${arrive + 300}`, `ended lateArrival ${id} ${cameS}`)
    if (i === plans.length - 1) return told
    if (!late && leftS > depart + 300)
      told.push(`started lateDeparture ${id} ${depart + 300}`, `ended lateDeparture ${id} ${leftS}`)
    if (leftS < depart - 60) told.push(`started earlyDeparture ${id} ${leftS}`)
    return told
  })
}

function drivenOf(plans: readonly Plan[]): Sample[] {
  const steps = plans.flatMap(({ staysS }, i) => [
    { for: staysS },
    { for: i === plans.length - 1 ? 1 : i === 0 ? 310 : 300, kmh: 72 },
  ])
  return samplesOf({ title: '', expect: [], start, drive: steps })
}

describe('off-schedule', () => {
  it('agrees with the timetable read off the whole drive', () => {
    const plan = fc.record({
      arrive: fc.integer({ min: 1, max: 1500 }),
      depart: fc.integer({ min: 1, max: 2500 }),
      staysS: fc.integer({ min: 1, max: 600 }),
    })
    fc.assert(
      fc.property(fc.tuple(plan, plan, plan), (plans) => {
        const stops = plans.map(({ arrive, depart }, i) => ({ areaId: areas[i]!.id, arrive, depart }))
        const documents = documentsOf({ start, areas, route: null, trip: { stops } })
        const { findings } = drive(offSchedule, drivenOf(plans), ({ atMs }) => settingsAt(documents, atMs))
        const told = findings
          .filter(({ phase }) => phase !== 'updated')
          .map(
            (one) => `${one.phase} ${one.reason} ${one.subject} ${Math.round((one.atMs - startMs) / 1000)}`,
          )
        expect(told).toEqual(expected(plans))
      }),
      { numRuns: 150 },
    )
  })

  it('a trip that ends while it is late ends the finding without an arrival', () => {
    const trip = { stops: [{ areaId: 'B', arrive: 10, depart: 20 }], to: '2026-11-23T02:06:00.000Z' }
    const documents = documentsOf({ start, areas, route: null, trip })
    const samples = samplesOf({ title: '', expect: [], start, atM: 1000, drive: [{ for: 400 }] })
    const { findings } = drive(offSchedule, samples, ({ atMs }) => settingsAt(documents, atMs))
    expect(findings.map((one) => lineOf(startMs, one))).toEqual([
      'started off-schedule/lateArrival B 310 311 info',
      'ended off-schedule/lateArrival B 359 360 info',
    ])
    expect(findings[1]?.evidence).toMatchObject({ actual: null, missed: true })
  })
})

type Stop = { readonly areaId: string; readonly arrive: number; readonly depart: number }
type Ride = Pick<Case, 'atM' | 'everyS' | 'drive' | 'policy'>

/** What a drive past these stops tells; areas of 400 m, 6 km apart. */
function timetable(
  stops: readonly Stop[],
  ride: Ride,
  change: (sample: Sample, i: number) => Sample | null = (sample) => sample,
): Finding[] {
  const policy = ride.policy ?? {}
  const documents = documentsOf({ start, areas: named, route: null, policy, trip: { stops } })
  const samples = samplesOf({ title: '', expect: [], start, ...ride }).flatMap(
    (sample, i) => change(sample, i) ?? [],
  )
  return drive(offSchedule, deepFreeze(samples), ({ atMs }) => settingsAt(documents, atMs)).findings
}
const named = ['A', 'B', 'C', 'D', 'E'].map((id, i) => ({
  ...{ id, from: i * 6000, to: i * 6000 + 400, role: 'station' },
  name: `站${id}`,
}))
const stop = (areaId: string, arrive: number, depart: number): Stop => ({ areaId, arrive, depart })
const lines = (findings: readonly Finding[]): string[] => findings.map((one) => lineOf(startMs, one))
const iso = (s: number): string => new Date(startMs + s * 1000).toISOString()
const fixes = 'fixes inside and outside the stop'

describe('what an off-schedule finding says', () => {
  it('late at the second stop: planned and actual times, by how much, and its number', () => {
    const findings = timetable([stop('A', 0, 10), stop('B', -600, 2000)], {
      atM: 200,
      drive: [{ for: 285 + 20, kmh: 72 }],
      policy: { schedule: { lateS: 700 } },
    })
    const known = {
      stop: '站B',
      areaId: 'B',
      stopNumber: 2,
      planned: iso(-600),
      toleranceS: 700,
      gradeReason: fixes,
    }
    expect(
      findings.map(({ phase, severity, subject, evidence }) => ({ phase, severity, subject, evidence })),
    ).toEqual([
      ...[
        {
          phase: 'started',
          severity: 'info',
          subject: 'B',
          evidence: { ...known, actual: null, lateS: 701 },
        },
      ],
      {
        phase: 'ended',
        severity: 'info',
        subject: 'B',
        evidence: { ...known, actual: iso(290), lateS: 890 },
      },
    ])
  })

  it('early at the first stop; by 900 s it is information, by more minor', () => {
    const leaves = (depart: number) =>
      timetable([stop('A', 0, depart), stop('B', 400, 500)], {
        atM: 200,
        drive: [{ for: 20, kmh: 72 }],
      })
    const [early, ...more] = leaves(130)
    expect(more).toEqual([])
    expect(early).toMatchObject({
      kind: 'off-schedule',
      reason: 'earlyDeparture',
      phase: 'started',
      severity: 'info',
    })
    expect(early?.evidence).toEqual({
      ...{ stop: '站A', areaId: 'A', stopNumber: 1, planned: iso(130), actual: iso(10) },
      ...{ earlyS: 120, toleranceS: 60, gradeReason: fixes },
    })
    expect(leaves(910).map(({ severity }) => severity)).toEqual(['info'])
    expect(leaves(910.01).map(({ severity }) => severity)).toEqual(['minor'])
    expect(leaves(70)).toEqual([])
    expect(leaves(70.03).map(({ evidence }) => evidence['earlyS'])).toEqual([60.03])
  })

  it('a stop that nobody drew is called by its id', () => {
    const [late] = timetable([stop('X', 0, 10), stop('B', 2000, 2010)], { drive: [{ for: 320 }] })
    expect(late?.evidence).toMatchObject({ stop: 'X', areaId: 'X', stopNumber: 1 })
  })

  it('a gap of exactly 300 s leaves no doubt, a longer one does', () => {
    const gapped = (moreMs: number) =>
      timetable(
        [stop('B', 10, 20)],
        { atM: 1000, drive: [{ for: 1 }, { for: 299, silent: true }, { for: 40 }] },
        (sample, i) => (i === 0 ? sample : { ...sample, atMs: sample.atMs + moreMs }),
      ).map(({ grade, evidence }) => [grade, evidence['gradeReason']])
    expect(gapped(0)).toEqual([['sufficient', fixes]])
    expect(gapped(200)).toEqual([['to-verify', 'a gap leaves open whether it called there']])
  })

  it('is minor when it is late by more than 900 s', () => {
    const late = (arrive: number) =>
      lines(timetable([stop('B', arrive, 2000)], { atM: 1000, drive: [{ for: 912 }] }))
    expect(late(10)).toEqual([
      'started off-schedule/lateArrival B 310 311 info',
      'updated off-schedule/lateArrival B 310 911 minor',
    ])
    expect(late(10.5)).toEqual([
      'started off-schedule/lateArrival B 310.5 311 info',
      'updated off-schedule/lateArrival B 310.5 911 minor',
    ])
  })
})

describe('when it came and when it left', () => {
  it('what fell due between two fixes is late until the border was passed between them', () => {
    // 5,800 m at 20 m/s: at the border of B after 290 s; Samples at 287 and 294 s.
    const told = lines(
      timetable([stop('B', -12, 2000)], { atM: 200, everyS: 7, drive: [{ for: 301, kmh: 72 }] }),
    )
    expect(told).toEqual([
      'started off-schedule/lateArrival B 288 294 info',
      'ended off-schedule/lateArrival B 290 294 info',
    ])
  })

  it('after a silence it came when it was first seen there, and no straight line says otherwise', () => {
    const seen = (arrive: number) =>
      lines(
        timetable([stop('B', arrive, 450), stop('C', 5000, 6000)], {
          atM: 200,
          drive: [{ for: 100, kmh: 72 }, { for: 200, kmh: 72, silent: true }, { for: 500 }],
        }),
      )
    // First seen at 300 s: exactly in time, so it may still leave late; a moment later it came late, which is told once.
    expect(seen(0)).toEqual(['started off-schedule/lateDeparture B 750 751 info'])
    expect(seen(-0.1)).toEqual([
      'started off-schedule/lateArrival B 299.9 300 info',
      'ended off-schedule/lateArrival B 300 300 info',
    ])
  })

  it('a stop that became due at the first Sample of all counts', () => {
    const first = (arrive: number) =>
      lines(timetable([stop('B', arrive, 2000)], { atM: 1000, drive: [{ for: 3 }] }))
    expect(first(-300)).toEqual(['started off-schedule/lateArrival B 0 1 info'])
    expect(first(-301)).toEqual([])
  })

  it('leaves where the border was passed, however little beyond it the fixes come', () => {
    // 0.5 m beyond the border after a second, 20 m more each second.
    const told = lines(
      timetable([stop('A', 0, 900), stop('B', 2000, 2010)], { atM: 380.5, drive: [{ for: 9, kmh: 72 }] }),
    )
    expect(told).toEqual(['started off-schedule/earlyDeparture A 0.98 3 info'])
  })

  it('has not left as far outside as the policy allows', () => {
    const documents = documentsOf({
      start,
      areas: named,
      route: null,
      trip: { stops: [stop('A', 0, 900), stop('B', 2000, 2010)] },
    })
    const samples = samplesOf({
      title: '',
      expect: [],
      start,
      atM: 300,
      drive: [{ for: 6, kmh: 72 }, { for: 3 }],
    })
    const awayM = documents.areas.byId.get('A')!.signedDistanceM(samples.at(-1)!.fix!)
    const leaving = (leaveM: number) =>
      drive(offSchedule, samples, (sample) => {
        const inForce = settingsAt(documents, sample.atMs)
        return { ...inForce, policy: { ...inForce.policy, areas: { ...inForce.policy.areas, leaveM } } }
      }).findings.length
    expect(awayM).toBeCloseTo(20, 1)
    expect([leaving(awayM), leaving(awayM - 0.01)]).toEqual([0, 1])
  })

  it('has left when its area is gone', () => {
    const documents = documentsOf({
      start,
      areas: named,
      route: null,
      trip: { stops: [stop('A', 0, 900), stop('B', 2000, 2010)] },
    })
    const samples = samplesOf({ title: '', expect: [], start, atM: 200, drive: [{ for: 30 }] })
    const { findings } = drive(offSchedule, samples, ({ atMs }) => {
      const inForce = settingsAt(documents, atMs)
      return atMs < startMs + 20_000 ? inForce : { ...inForce, areas: noAreas }
    })
    expect(lines(findings)).toEqual(['started off-schedule/earlyDeparture A 20 20 info'])
  })

  it('nobody leaves the last stop early', () => {
    expect(timetable([stop('A', 0, 900)], { atM: 200, drive: [{ for: 30, kmh: 72 }] })).toEqual([])
    expect(
      lines(
        timetable([stop('A', 0, 900), stop('B', 1000, 1010)], { atM: 200, drive: [{ for: 30, kmh: 72 }] }),
      ),
    ).toHaveLength(1)
  })

  it('looks for three stops ahead: who leaves out more is not found again', () => {
    const stops = ['A', 'B', 'C', 'D', 'E'].map((id) => stop(id, 5, 3000))
    const comes = (toM: number) =>
      lines(timetable(stops.slice(1), { atM: toM - 1000, drive: [{ for: 300 }, { for: 60, kmh: 72 }] }))
    expect(comes(18_000)).toEqual([
      'started off-schedule/lateArrival B 305 306 info',
      'ended off-schedule/lateArrival B 350 350 info',
    ])
    expect(comes(24_000)).toEqual(['started off-schedule/lateArrival B 305 306 info'])
  })

  it('ends a stop that was passed by without an arrival, one that was reached with it', () => {
    const stops = [stop('B', 5, 10), stop('C', 900, 1000)]
    const ends = (atM: number) =>
      timetable(stops, { atM, drive: [{ for: 310 }, { for: 60, kmh: 72 }] }).map(({ phase, evidence }) => [
        phase,
        evidence['actual'],
        evidence['missed'],
      ])
    expect(ends(5000)).toEqual([
      ['started', null, undefined],
      ['ended', iso(360), undefined],
    ])
    expect(ends(11_000)).toEqual([
      ['started', null, undefined],
      ['ended', null, true],
    ])
  })

  it('knows nothing by a fix that is not there, that is too vague, or by a clock that nobody set', () => {
    const stops = [stop('A', 0, 900), stop('B', 2000, 2010)]
    const blind = (hole: (sample: Sample) => Partial<Sample>) =>
      lines(
        timetable(stops, { atM: 200, drive: [{ for: 30, kmh: 72 }] }, (sample) =>
          sample.atMs < startMs + 5000 || sample.atMs > startMs + 20_000
            ? sample
            : { ...sample, ...hole(sample) },
        ),
      )
    const between = 'started off-schedule/earlyDeparture A 10 21 info'
    expect(blind(() => ({}))).toEqual(['started off-schedule/earlyDeparture A 10 12 info'])
    expect(blind(() => ({ fix: null }))).toEqual([between])
    expect(blind(({ fix }) => ({ fix: { ...fix!, accuracyM: 101 } }))).toEqual([between])
    expect(blind(() => ({ trusted: false }))).toEqual([between])
  })
})

describe('off-schedule while the clock is corrected', () => {
  const corrected = (at: number, byMs: number) => (sample: Sample, i: number) =>
    i < at ? sample : { ...sample, atMs: sample.atMs + byMs, clockStepMs: i === at ? byMs : 0 }

  it.each([1, 100_000, -3000])(
    'by %d ms under way out of a stop, it left when the corrected clock says so',
    (byMs) => {
      // The border at 10.4 s, 30 m beyond it after 11.9 s: corrected before, between and after.
      for (let at = 1; at <= 13; at++) {
        const told = timetable(
          [stop('A', 0, 900), stop('B', 2000, 2010)],
          { atM: 192, drive: [{ for: 14, kmh: 72 }] },
          corrected(at, byMs),
        )
        expect(told.map(({ atMs }) => atMs - startMs)).toEqual([10_400 + (at <= 12 ? byMs : 0)])
      }
    },
  )

  it('what was due before anybody watched by the corrected clock is nothing', () => {
    const told = (byMs: number) =>
      lines(timetable([stop('B', 100, 2000)], { atM: 1000, drive: [{ for: 20 }] }, corrected(5, byMs)))
    expect(told(390_000)).toEqual(['started off-schedule/lateArrival B 400 401 info'])
    expect(told(1_000_000)).toEqual([])
  })
})
