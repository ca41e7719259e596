import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { curfew } from '../../../gateway/rules/curfew.ts'
import { displacement } from '../../../gateway/rules/displacement.ts'
import { explain } from '../../../proto/catalog.ts'
import { type Detector, drive } from '../../../proto/detector.ts'
import { noAreas } from '../../../proto/geo/areas.ts'
import { mergePolicy } from '../../../proto/policy.ts'
import type { Settings } from '../../../proto/settings.ts'
import { defaultVehicle } from '../../../proto/shapes/vehicle.ts'
import { beijing, cruise, sampleAt } from '../../help/drive.ts'
import { casesOf, lineOf, samplesOf, settingsOf } from './curfew-cases.ts'
import { evidenceOf, findingsOf } from './curfew-files.ts'

const rules = [curfew, displacement] as unknown as readonly Detector<never>[]

for (const name of ['b2', 'edges', 'service', 'silence']) {
  const file = casesOf(name)
  describe(file.about, () => {
    it.each(file.cases.map((one) => [one.case, one] as const))('%s', (_, one) => {
      const findings = findingsOf(file, one, rules)
      expect(findings.map(lineOf)).toEqual(one.expect)
      for (const [kind, evidence] of Object.entries(one.evidence ?? {}))
        expect(evidenceOf(findings, kind, Object.keys(evidence))).toEqual(evidence)
    })
  })
}

const settings: Settings = {
  policy: mergePolicy('coach', null),
  policyDigest: 'd',
  vehicle: defaultVehicle,
  trip: null,
  route: null,
  areas: noAreas,
  areasSinceMs: null,
}
const at = (text: string, known = {}) => sampleAt(beijing(`2026-11-23 ${text}`), known)
const lines = (samples: ReturnType<typeof cruise>, inForce = settings) =>
  drive(curfew, samples, inForce).findings.map(lineOf)

describe('B2-14: the window is Beijing time, wherever the machine is', () => {
  const edges = [
    '2026-11-22T17:59:59.999Z',
    '2026-11-22T18:00:00Z',
    '2026-11-22T20:59:29.999Z',
    '2026-11-22T20:59:30Z',
  ]

  it('30 s from each edge: in when both ends are inside', () => {
    const runs = edges.map((iso) => {
      const from = Date.parse(iso)
      const samples = [sampleAt(from, { speedKmh: 60 }), sampleAt(from + 30_000, { speedKmh: 60 })]
      return lines(samples).filter((line) => line.startsWith('curfew started'))
    })
    expect(runs).toEqual([
      // The first of the two is outside, so one Sample is inside: no run yet.
      [],
      ['curfew started 2026-11-23 02:00:00.000 known 02:00:30.000 critical noCertificate'],
      ['curfew started 2026-11-23 04:59:29.999 known 04:59:59.999 critical noCertificate'],
      [],
    ])
  })

  it.each(['America/New_York', 'Asia/Shanghai', 'UTC', 'Pacific/Kiritimati'])('a machine in %s', (zone) => {
    const script = `
      import { drive } from './proto/detector.ts'
      import { curfew } from './gateway/rules/curfew.ts'
      import { casesOf, lineOf, samplesOf, settingsOf } from './test/gateway/rules/curfew-cases.ts'
      const file = casesOf('b2')
      const one = file.cases.find((one) => one.case.startsWith('B2-11'))
      const settings = settingsOf(file, one)
      const { findings } = drive(curfew, samplesOf(file, one), ({ atMs }) => settings(atMs))
      console.log(JSON.stringify([new Date(0).getTimezoneOffset(), findings.map(lineOf)]))`
    const printed = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: new URL('../../..', import.meta.url),
      env: { ...process.env, TZ: zone },
      encoding: 'utf8',
    })
    const [offset, found] = JSON.parse(printed) as [number, string[]]
    expect(offset === 300).toBe(zone === 'America/New_York')
    expect(found).toEqual(casesOf('b2').cases.find((one) => one.case.startsWith('B2-11'))?.expect)
  })
})

describe('B2-13 to the second: silent 01:50:00-05:10:00, 180 km', () => {
  const night = (km: number) => [
    at('01:50:00', { speedKmh: 80, odometerM: 1_000_000, driver: 'A' }),
    at('05:10:00', { speedKmh: 0, odometerM: 1_000_000 + km * 1000, driver: 'A' }),
  ]
  it('is inferred, at least 88 min inside, somewhere in [02:00, 05:00)', () => {
    const [, started, ended] = drive(curfew, night(180), settings).findings
    expect(started).toMatchObject({ kind: 'curfew', phase: 'started', grade: 'to-verify', driver: 'A' })
    expect(started?.evidence).toMatchObject({
      inferred: true,
      from: '2026-11-22T18:00:00.000Z',
      to: '2026-11-22T21:00:00.000Z',
      silentFrom: '2026-11-22T17:50:00.000Z',
      silentTo: '2026-11-22T21:10:00.000Z',
      atLeastS: 5280,
      distanceM: 180_000,
      by: 'odometer',
    })
    expect(ended).toMatchObject({ phase: 'ended', grade: 'to-verify', atMs: beijing('2026-11-23 05:00:00') })
  })
  it('20 min of it fit outside: 33,333 m infer nothing, 33,335 m do', () => {
    expect(lines(night(33.333)).filter((line) => line.startsWith('curfew started'))).toEqual([])
    expect(lines(night(33.335)).filter((line) => line.startsWith('curfew started'))).toHaveLength(1)
  })
  it('measures the straight line where there is no odometer', () => {
    const samples = [
      at('01:50:00', { speedKmh: 80, fix: { lat: 30, lon: 110, accuracyM: null, satellites: null } }),
      at('05:10:00', { speedKmh: 0, fix: { lat: 31.5, lon: 110, accuracyM: null, satellites: null } }),
    ]
    const started = drive(curfew, samples, settings).findings[1]
    expect(started?.evidence).toMatchObject({ inferred: true, by: 'straightLine', distanceM: 166_298 })
  })
  it('no line leads across a re-seeded position, and an odometer that ran backwards says nothing', () => {
    const fix = (lat: number) => ({ lat, lon: 110, accuracyM: null, satellites: null })
    const reseeded = [
      at('01:50:00', { speedKmh: 80, fix: fix(30) }),
      at('05:10:00', { speedKmh: 0, fix: fix(31.5), reseeded: true }),
    ]
    const backwards = [
      at('01:50:00', { speedKmh: 80, odometerM: 900_000 }),
      at('05:10:00', { speedKmh: 0, odometerM: 5000 }),
    ]
    for (const samples of [reseeded, backwards])
      expect(lines(samples).filter((line) => line.startsWith('curfew started'))).toEqual([])
  })
  it('a refused position keeps its speed in use: the run goes on', () => {
    const from = beijing('2026-11-23 03:00:00')
    const samples = cruise(from, from + 60_000, { speedKmh: 60, positionRefused: true })
    expect(lines(samples)).toEqual([
      'curfew started 2026-11-23 03:00:00.000 known 03:00:30.000 critical noCertificate',
    ])
  })
})

describe('clocks', () => {
  const from = beijing('2026-11-23 03:00:00')
  it('an undisciplined clock proves no curfew', () => {
    expect(lines(cruise(from, from + 120_000, { speedKmh: 60, trusted: false }))).toEqual([])
  })
  it('a correction moves no duration: 20 s before and 9 s after a jump of a minute are 29 s', () => {
    const before = cruise(from, from + 21_000, { speedKmh: 60 })
    const after = cruise(from + 81_000, from + 90_000, { speedKmh: 60 })
    const jumped = after.map((sample, index) => (index === 0 ? { ...sample, clockStepMs: 60_000 } : sample))
    const late = sampleAt(from + 90_000, { speedKmh: 60 })
    expect(lines([...before, ...jumped])).toEqual([])
    expect(lines([...before, ...jumped, late])).toEqual([
      'curfew started 2026-11-23 03:01:00.000 known 03:01:30.000 critical noCertificate',
    ])
  })
})

describe('the fold', () => {
  const all = ['b2', 'relay', 'edges', 'silence'].flatMap((name) => {
    const file = casesOf(name)
    return file.cases.map((one) => [`${name}: ${one.case}`, file, one] as const)
  })
  it.each(all)('%s: state survives JSON at any point, and nothing given is changed', (_, file, one) => {
    const samples = samplesOf(file, one).filter((__, index) => index % 30 === 0 || index % 7 === 0)
    const inForce = settingsOf(file, one)
    let straight = curfew.initial
    let stored = JSON.stringify(curfew.initial)
    for (const sample of samples) {
      const frozen = freeze(JSON.parse(stored) as typeof straight)
      const one = curfew.step(straight, sample, inForce(sample.atMs))
      const two = curfew.step(frozen, freeze(structuredClone(sample)), inForce(sample.atMs))
      expect(two.findings).toEqual(one.findings)
      straight = one.state
      stored = JSON.stringify(two.state)
    }
    expect(JSON.parse(stored)).toEqual(straight)
  })
})

function freeze<T>(value: T): T {
  if (value !== null && typeof value === 'object') {
    Object.values(value).forEach(freeze)
    Object.freeze(value)
  }
  return value
}

describe('words', () => {
  const file = casesOf('b2')
  const words = { plate: '京A12345', zone: 'Asia/Shanghai', vehicleClass: 'coach', serviceClass: 'scheduled' }
  const said = (start: string, kind: string, phase = 'started') => {
    const one = file.cases.find((each) => each.case.startsWith(start))!
    const found = findingsOf(file, one, rules).find((each) => each.kind === kind && each.phase === phase)!
    return explain(found, words)
  }
  it('one main reason, with what decided it', () => {
    expect(said('B2-1 no relay', 'curfew')).toEqual({
      zh: '2026-11-23 02:00:00，京A12345（班线客车）凌晨2时后仍在30.00000,110.00000行驶；无接驳凭证。【疑似，证据充分】',
      en: '2026-11-23 02:00:00: 京A12345 (scheduled coach) still moving after 02:00 at 30.00000,110.00000; no relay certificate. [suspected, evidence sufficient]',
    })
    expect(said('B2-1 no relay', 'curfew', 'ended').zh).toBe(
      '2026-11-23 02:00:00至02:20:00，京A12345（班线客车）凌晨2时后行驶，止于30.00000,110.00000；无接驳凭证。【疑似，证据充分】',
    )
    expect(said('B2-7', 'curfew').zh).toContain('；接驳超出22时至2时（02:03:00）。')
    expect(said('B2-8', 'curfew').zh).toContain('；接驳超出22时至2时（21:55:00）。')
    expect(said('B2-9', 'curfew').zh).toContain('；接驳地点不在备案接驳点（距最近备案点300米）。')
    expect(said('B2-10', 'curfew').zh).toContain('；接班驾驶员非落地待班。')
    expect(said('B2-11', 'curfew').zh).toContain('；凭证过期（有效期至2026-11-22）。')
    expect(said('B2-12 short feeder, 200.1', 'curfew').zh).toContain(
      '；单程200.1公里，超过200公里，且无接驳凭证。',
    )
    expect(said('B2-12 short feeder, kilometres', 'curfew').zh).toContain('；单程里程不明。')
    expect(said('B2-3 moving to 02:00:40', 'curfew').zh).toContain('；进站收尾（城北服务区）。')
  })
  it('an inferred night says what is proven and that it is to be verified', () => {
    expect(said('B2-13 silent', 'curfew')).toEqual({
      zh: '京A12345（班线客车）01:49:59—05:10:00无数据，期间位移180.0公里，推定凌晨2时至5时内至少行驶1小时27分；22时至2时内未完成接驳。【疑似，待核实】',
      en: '京A12345 (scheduled coach) was silent 01:49:59-05:10:00 and moved 180.0 km: at least 1 h 27 min of it between 02:00 and 05:00; no relay within 22:00-02:00. [suspected, to be verified]',
    })
  })
  it('while a relay is still reachable the notice says 接驳未完成, else that it must be parked', () => {
    expect(said('B2-7', 'curfew-warning').zh).toBe(
      '京A12345接驳未完成，须于凌晨2时前在备案接驳点完成，剩余30分。【疑似，证据充分】',
    )
    expect(said('B2-1 no relay', 'curfew-warning')).toEqual({
      zh: '京A12345须于凌晨2时前在安全地点停车，剩余30分。【疑似，证据充分】',
      en: '京A12345 must be parked at a safe place by 02:00, 30 min left. [suspected, evidence sufficient]',
    })
  })
  it('never 违法 or 违反: a machine suspects', () => {
    const findings = file.cases.flatMap((one) => findingsOf(file, one, rules))
    for (const finding of findings) expect(explain(finding, words).zh).not.toMatch(/违法|违反|非法/)
  })
})
