import { expect, test } from 'vitest'
import { closedIntervals, type DrivingTime, fatigue, remaining } from '../../../device/detectors/fatigue.ts'
import { drivingTimeKinds } from '../../../proto/catalog/driving-time.ts'
import { explain } from '../../../proto/catalog.ts'
import { drive } from '../../../proto/detector.ts'
import type { DrivingInterval, Finding, Sample } from '../../../proto/model.ts'
import { cruise, sampleAt } from '../../help/drive.ts'
import { instant, samplesOf } from '../../help/driving-day.ts'
import { coachSettings } from '../../help/driving-settings.ts'

const settings = coachSettings()
const words = { plate: '沪A12345', zone: 'Asia/Shanghai', vehicleClass: 'coach', serviceClass: 'scheduled' }

/** A day with everything in it: stops, silences, changes, nobody, an undisciplined clock. */
const busyDay = samplesOf(
  [
    '06:00 drives, driver A',
    '08:00 stands',
    '08:10 drives, driver B',
    '09:00 no driver',
    '09:10 driver C',
    '09:40 driver A',
    '10:00 silent',
    '10:40 back after 33 km',
    '11:30 stands',
    '11:40 drives, no driver',
    '12:40 stands, clock untrusted',
    '12:45 stands, clock trusted, driver B',
    '13:00 drives',
    '17:30 stands, speed unknown',
    '17:31 stands',
    '18:10 drives, driver A',
    '23:30 stands',
    'd2 00:10 end',
  ],
  30,
)

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const inner of Object.values(value)) freeze(inner)
  }
  return value
}

function at(findings: readonly Finding[], kind: string, reason: string | null = null): Finding {
  const found = findings.find((finding) => finding.kind === kind && finding.reason === reason)
  if (found === undefined) throw new Error(`no ${kind} ${reason ?? ''}`)
  return found
}

function findingsOf(lines: readonly string[], everyS = 10): readonly Finding[] {
  return drive(fatigue, samplesOf(lines, everyS), settings).findings
}

test('a step never changes what it is given', () => {
  let state = freeze(structuredClone(fatigue.initial))
  for (const sample of busyDay) state = freeze(fatigue.step(state, freeze(sample), settings).state)
  expect(state.ledgers.length).toBeGreaterThan(2)
})

test('a restart between any two Samples changes nothing', () => {
  const whole = drive(fatigue, busyDay, settings)
  let state: DrivingTime = fatigue.initial
  const findings: Finding[] = []
  for (const sample of busyDay) {
    const result = fatigue.step(JSON.parse(JSON.stringify(state)) as DrivingTime, sample, settings)
    state = result.state
    findings.push(...result.findings)
  }
  expect(whole.findings.length).toBeGreaterThan(10)
  expect(findings).toEqual(whole.findings)
  expect(state).toEqual(whole.state)
})

test('nothing decided goes back in time', () => {
  const decided = drive(fatigue, busyDay, settings).findings.map(({ decidedAtMs }) => decidedAtMs)
  expect(decided).toEqual(decided.toSorted((a, b) => a - b))
})

test('every episode that starts ends at most once, and none ends that had not started', () => {
  const open = new Set<string>()
  for (const { kind, reason, subject, phase } of drive(fatigue, busyDay, settings).findings) {
    const key = `${kind}|${reason}|${subject}`
    expect(open.has(key), `${phase} ${key}`).toBe(phase !== 'started')
    if (phase === 'started') open.add(key)
    if (phase === 'ended') open.delete(key)
  }
})

test('the state stays small in the worst traffic jam, and the sum of 24 h stays exact', () => {
  // Eleven seconds of driving and eleven of standing for days, with ten other drivers at first.
  let state: DrivingTime = fatigue.initial
  let atMs = instant('08:00')
  for (let i = 0; i < 6000; i++) {
    const driver = i < 500 ? `D${Math.floor(i / 50)}` : 'A'
    for (const speedKmh of [20, 0]) {
      state = fatigue.step(state, sampleAt(atMs, { speedKmh, speedSource: 'wheel', driver }), settings).state
      atMs += 11_000
    }
  }
  expect(state.ledgers.length).toBeLessThanOrEqual(8)
  expect(JSON.stringify(state).length).toBeLessThan(400_000)
  const left = remaining(
    state,
    atMs,
    coachSettings({ fatigue: { rolling24hS: 86_400, rolling7dS: 604_800 } }),
  )
  expect(left.rolling24h?.provenS).toBeCloseTo(43_200, -2)
  expect(left.rolling24h?.provenS).toBe(left.rolling24h?.cautiousS)
})

test('a corrected clock moves no duration', () => {
  const driver = 'A'
  const moving = { speedKmh: 80, speedSource: 'wheel' as const, driver }
  const before = cruise(instant('08:00'), instant('10:00'), moving, 10)
  const [first, ...after] = cruise(instant('10:00:07'), instant('12:10:07'), moving, 10)
  const samples: Sample[] = [...before, { ...first!, clockStepMs: 7000 }, ...after]
  const finding = at(drive(fatigue, samples, settings).findings, 'fatigue', 'continuousDay')
  expect(finding.atMs).toBe(instant('12:00:07'))
})

test('the first trusted time of a boot moves nothing that was stored', () => {
  const still = { speedKmh: 0, speedSource: 'wheel' as const, driver: 'A', odometerM: 0 }
  const moving = { ...still, speedKmh: 80 }
  const samples = [
    ...cruise(instant('08:00'), instant('11:50'), moving, 10),
    sampleAt(instant('11:50'), still),
    sampleAt(1000, { ...still, trusted: false }),
    { ...sampleAt(instant('12:05'), moving), clockStepMs: instant('12:05') - 2000 },
    ...cruise(instant('12:05:10'), instant('12:20'), moving, 10),
  ]
  expect(at(drive(fatigue, samples, settings).findings, 'fatigue', 'continuousDay').atMs).toBe(
    instant('12:05'),
  )
})

test('Samples that come at a tenth of a second decide the same instants', () => {
  const findings = drive(
    fatigue,
    [
      ...cruise(instant('08:00'), instant('11:59:50'), { speedKmh: 80, speedSource: 'wheel' }, 60),
      ...cruise(instant('11:59:50'), instant('12:00:01'), { speedKmh: 80, speedSource: 'wheel' }, 0.1),
    ],
    settings,
  ).findings
  const finding = at(findings, 'fatigue', 'continuousDay')
  expect(finding.atMs).toBe(instant('12:00:00'))
  expect(finding.decidedAtMs).toBe(instant('12:00:00.1'))
})

test('a policy that comes on the way holds from then on', () => {
  const stricter = coachSettings({ fatigue: { continuousS: 7200 } })
  const samples = samplesOf(['08:00 drives, driver A', '10:30 stands', '11:00 end'], 10)
  const { findings } = drive(fatigue, samples, (sample) =>
    sample.atMs < instant('09:00') ? settings : stricter,
  )
  expect(at(findings, 'fatigue', 'continuousDay').atMs).toBe(instant('10:00'))
})

test('what is left: driving, in a short stop, at night, after a rest', () => {
  const { state } = drive(
    fatigue,
    samplesOf(['21:00 drives, driver A', '22:30 stands', '22:35 end'], 10),
    settings,
  )
  const left = remaining(state, instant('22:40'), settings)
  const s = (value: number): object => ({ provenS: value, cautiousS: value })
  expect(left).toEqual({
    driver: 'A',
    confirmed: true,
    continuousDay: s(14_400 - 6000),
    continuousNight: s(7200 - 2400),
    rolling24h: s(28_800 - 5400),
    rolling7d: s(158_400 - 5400),
  })
  const rested = remaining(state, instant('22:50'), settings)
  expect(rested.continuousDay).toEqual(s(14_400))
  expect(rested.continuousNight).toEqual(s(7200))
  expect(remaining(fatigue.initial, instant('22:50'), coachSettings(null, 'truck')).rolling24h).toBeNull()
})

test('what is left after a silence: two bounds', () => {
  const lines = ['08:00 drives, driver A', '11:00 silent', '11:40 back after 32 km', '11:50 end']
  const { state } = drive(fatigue, samplesOf(lines, 10), settings)
  const left = remaining(state, instant('11:50'), settings)
  expect(left.continuousDay).toEqual({ provenS: 14_400 - 600, cautiousS: 14_400 - 13_800 })
})

test('closed driving is told once, by driver', () => {
  const lines = [
    '08:00 drives, driver A',
    '09:00 no driver',
    '09:30 stands',
    '09:40 drives, driver B',
    '10:00 stands',
    '10:30 end',
  ]
  let state: DrivingTime = fatigue.initial
  const told: DrivingInterval[] = []
  for (const sample of samplesOf(lines, 10)) {
    const next = fatigue.step(state, sample, settings).state
    told.push(...closedIntervals(state, next))
    state = next
  }
  const interval = (driver: string | null, from: string, to: string, proven: boolean): DrivingInterval => ({
    driver,
    fromMs: instant(from),
    toMs: instant(to),
    proven,
  })
  expect(told).toEqual(
    expect.arrayContaining([
      interval('A', '08:00', '09:00', true),
      interval('A', '09:00', '09:30', false),
      interval(null, '09:00', '09:30', false),
      interval('B', '09:40', '10:00', true),
    ]),
  )
  expect(told).toHaveLength(4)
})

test('the evidence of the worked examples', () => {
  const first = findingsOf(
    ['08:00 drives, driver A', '11:45 stands', '12:04:59 drives', '13:00 stands', '13:30 end'],
    1,
  )
  const [started, ended] = first.filter(({ kind }) => kind === 'fatigue') as [Finding, Finding]
  expect(started.evidence).toMatchObject({
    driver: 'A',
    limitS: 14_400,
    drivenS: 14_710,
    drivenAtS: 14_699,
    overS: 310,
  })
  expect(started.decidedAtMs).toBe(instant('12:05:10'))
  expect(ended.evidence).toMatchObject({ driver: 'A', drivenS: 18_000 })
  expect(ended.decidedAtMs).toBe(instant('13:20:00'))
  const midnight = findingsOf([
    '14:00 drives, driver A',
    '18:00 stands',
    '19:00 drives',
    '21:00 stands',
    '22:10 drives',
    'd2 00:10 stands',
    'd2 05:00 drives',
    'd2 05:20 stands',
    'd2 06:00 end',
  ])
  const rolling = at(midnight, 'fatigue', 'rolling24h')
  expect(rolling.evidence).toMatchObject({ drivenAtS: 28_800, calendarDayS: 620, windowS: 86_400 })
})

test('the sentences: which clock, since when, how much over, and never that it is an offence', () => {
  const findings = findingsOf([
    '08:00 drives, driver 张三',
    '12:10 stands',
    '12:40 drives, driver A',
    '16:40 stands',
    '21:00 drives',
    'd2 00:20 stands',
    'd2 00:50 end',
  ])
  const [started, ended] = findings.filter(({ kind }) => kind === 'fatigue') as [Finding, Finding]
  expect(explain(started, words)).toEqual({
    zh: '12:00:00，沪A12345驾驶员张**自08:00:00起连续驾驶4小时（途中停车均不足20分），超过4小时10秒。【疑似，证据充分】',
    en: '12:00:00: 张** on 沪A12345 has driven 4 h since 08:00:00 without a 20 min stop, 10 s over 4 h. [suspected, evidence sufficient]',
  })
  expect(explain(ended, words).en).toBe(
    '12:10:00: 张** on 沪A12345 has driven 4 h 10 min since 08:00:00 without a 20 min stop, 10 min over 4 h. [suspected, evidence sufficient]',
  )
  expect(explain(at(findings, 'fatigue-warning', 'continuousDay'), words)).toEqual({
    zh: '沪A12345驾驶员张**连续驾驶已3小时30分，29分50秒后须停车休息20分。【疑似，证据充分】',
    en: '张** on 沪A12345 has driven 3 h 30 min; a stop of 20 min is due within 29 min 50 s. [suspected, evidence sufficient]',
  })
  expect(explain(at(findings, 'fatigue', 'continuousNight'), words).zh).toBe(
    '00:00:00，沪A12345驾驶员A自22:00:00起在22:00—次日06:00内连续驾驶2小时，超过2小时10秒。【疑似，证据充分】',
  )
})

test('the sentence of 24 h prints the sum and the calendar day', () => {
  const findings = findingsOf([
    '08:00 drives, driver A',
    '12:00 stands',
    '13:00 drives',
    '17:00 stands',
    'd2 07:00 drives',
    'd2 07:20 stands',
    'd2 07:50 end',
  ])
  expect(explain(at(findings, 'fatigue', 'rolling24h'), words)).toEqual({
    zh: '沪A12345驾驶员A在截至07:00:00的24小时内累计驾驶8小时，超过8小时20秒；当日（0时起）累计20秒。【疑似，证据充分】',
    en: 'A on 沪A12345 has driven 8 h in the 24 h up to 07:00:00, 20 s over 8 h; 20 s since midnight. [suspected, evidence sufficient]',
  })
})

test('the sentences about who drives', () => {
  const findings = findingsOf([
    '08:00 drives, driver A',
    '10:00 no driver',
    '10:10 driver B',
    '10:20 driver C',
    '12:30 stands',
    '13:00 end',
  ])
  expect(explain(at(findings, 'no-driver'), words)).toEqual({
    zh: '沪A12345无驾驶员身份行驶20秒，上一驾驶员A。【疑似，证据充分】',
    en: '沪A12345 has driven 20 s with no driver identified; the last one was A. [suspected, evidence sufficient]',
  })
  expect(explain(at(findings, 'driver-change-doubtful'), words)).toEqual({
    zh: '沪A12345车速80km/h时身份卡由B换为C。【疑似，证据充分】',
    en: '沪A12345: card changed from B to C at 80 km/h. [suspected, evidence sufficient]',
  })
  const nobody = findingsOf(['08:00 drives, driver A', '10:00 no driver', '12:10 stands', '12:40 end'])
  expect(explain(at(nobody, 'fatigue', 'continuousDay'), words).zh).toContain(
    '驾驶员（驾驶员未确认，上一驾驶员A）自08:00:00起',
  )
})

test('articles: certain ones only, and none for what is no offence', () => {
  const article = (kind: string, reason: string | null): string | null => {
    const finding = {
      ...at(findingsOf(['08:00 drives, driver A', '12:10 stands']), 'fatigue', 'continuousDay'),
      kind,
      reason,
    }
    return drivingTimeKinds[kind]!.article(finding, words)
  }
  expect(article('fatigue', 'continuousDay')).toBe('实施条例62(7)；认定规则(a)')
  expect(article('fatigue', 'continuousNight')).toBe('动态监管办法；认定规则(b)')
  expect(article('fatigue', 'rolling24h')).toBe('动态监管办法；认定规则(c)')
  expect(article('fatigue', 'rolling7d')).toBe('客运企业安全管理规范38(3)')
  for (const kind of ['fatigue-warning', 'no-driver', 'driver-change-doubtful'])
    expect(article(kind, null)).toBeNull()
})

test('no sentence of a machine says 违法 or 违反', () => {
  const findings = drive(fatigue, busyDay, settings).findings
  for (const finding of findings) expect(explain(finding, words).zh).not.toMatch(/违法|违反/)
})
