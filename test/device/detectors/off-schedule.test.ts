import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { offSchedule } from '../../../device/detectors/off-schedule.ts'
import { drive } from '../../../proto/detector.ts'
import { settingsAt } from '../../../proto/in-force.ts'
import type { Sample } from '../../../proto/model.ts'
import { beijing } from '../../help/drive.ts'
import { documentsOf, lineOf, samplesOf } from '../../help/road-cases.ts'

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
