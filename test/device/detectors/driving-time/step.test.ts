import { describe, expect, test } from 'vitest'
import { type DrivingTime, initial, never } from '../../../../device/detectors/driving-time/state.ts'
import { step } from '../../../../device/detectors/driving-time/step.ts'
import type { Finding, Sample } from '../../../../proto/model.ts'
import type { PolicyFile } from '../../../../proto/policy.ts'
import { sampleAt } from '../../../help/drive.ts'
import { clockOf } from '../../../help/driving-clock.ts'
import { instant, samplesOf } from '../../../help/driving-day.ts'
import { coachSettings } from '../../../help/driving-settings.ts'

const settings = coachSettings()

type Driven = { readonly state: DrivingTime; readonly findings: readonly Finding[] }

function drivenFrom(from: DrivingTime, samples: readonly Sample[], inForce = settings): Driven {
  let state = from
  const findings: Finding[] = []
  for (const sample of samples) {
    const result = step(state, sample, inForce)
    state = result.state
    findings.push(...result.findings)
  }
  return { state, findings }
}

/** A Sample every five minutes at the most: nothing is a silence. */
const driven = (lines: readonly string[], fatigue: PolicyFile['fatigue'] = {}): Driven =>
  drivenFrom(initial, samplesOf(lines, 300), coachSettings({ fatigue }))
const next = (state: DrivingTime, at: string, known: Partial<Sample> = {}): DrivingTime =>
  step(state, moving(at, known), settings).state
const moving = (at: string, known: Partial<Sample> = {}): Sample =>
  sampleAt(instant(at), { speedKmh: 80, speedSource: 'wheel', driver: 'A', odometerM: 0, ...known })
const runs = ({ state }: Driven, driver = 'A'): unknown =>
  state.ledgers.find((ledger) => ledger.driver === driver)?.proven

test('before the first Sample nothing is known', () => {
  expect(initial).toEqual({
    atMs: null,
    synced: false,
    moving: false,
    fix: null,
    odometerM: null,
    driver: null,
    lastKnown: null,
    cardOutMs: null,
    motion: { is: 'standing' },
    ledgers: [],
    noDriver: null,
    doubt: null,
    dueMs: 0,
    policyDigest: '',
    closed: [],
  })
})

describe('the first Sample', () => {
  test('stands, or begins to move', () => {
    expect(next(initial, '08:00', { speedKmh: 0 })).toMatchObject({
      atMs: instant('08:00'),
      synced: true,
      moving: false,
      driver: 'A',
      lastKnown: 'A',
      motion: { is: 'standing' },
    })
    expect(next(initial, '08:00', { driver: '' })).toMatchObject({
      moving: true,
      driver: null,
      lastKnown: null,
      motion: { is: 'starting', movedMs: instant('08:00') },
    })
  })
})

describe('a Sample at which nothing can happen', () => {
  const { state } = driven(['08:00 drives, driver A', '09:00 end'])
  const touched = (sample: Sample, inForce = settings): boolean =>
    step(state, sample, inForce).state.ledgers !== state.ledgers

  test('moves the last instant on, and touches no ledger', () => {
    const fix = { lat: 30, lon: 114, accuracyM: null, satellites: 9 }
    expect(step(state, moving('09:00:01', { odometerM: 22, fix }), settings)).toEqual({
      state: { ...state, atMs: instant('09:00:01'), odometerM: 22, fix, closed: [] },
      findings: [],
    })
    expect(touched(moving('09:00:01'))).toBe(false)
    expect(touched(moving('09:05'))).toBe(false)
    const standing = driven(['08:00 drives, driver A', '09:00 stands', '09:10 end']).state
    const stood = step(standing, moving('09:10:01', { speedKmh: 0 }), settings).state
    expect(stood.ledgers).toBe(standing.ledgers)
  })

  test('is none where the vehicle stops, the card, the policy or the minute changes, or after a silence', () => {
    expect(touched(moving('09:00:01', { speedKmh: 0 }))).toBe(true)
    expect(next(state, '09:00:01', { speedKmh: 0 }).motion).toEqual({
      is: 'stopping',
      stoodMs: instant('09:00:01'),
    })
    expect(touched(moving('09:00:01', { driver: 'B' }))).toBe(true)
    expect(touched(moving('09:00:01', { driver: '' }))).toBe(true)
    expect(touched(moving('09:05:00.001'))).toBe(true)
    expect(touched(moving('09:05:00.200'))).toBe(true)
    const stricter = coachSettings({ fatigue: { continuousS: 10_800 } })
    expect(step(state, moving('09:00:01'), stricter).state).toMatchObject({
      policyDigest: stricter.policyDigest,
      dueMs: instant('10:30'),
    })
  })

  test('nobody identified is as good as an empty card', () => {
    const nobody = driven(['08:00 drives', '09:00 end']).state
    for (const driver of [null, ''])
      expect(step(nobody, moving('09:00:01', { driver }), settings).state.ledgers).toBe(nobody.ledgers)
  })
})

describe('a policy', () => {
  test('that stays does not have everything computed anew', () => {
    const { state } = driven(['08:00 drives, driver A', '09:00 end'])
    const marked = { ...state, ledgers: state.ledgers.map((ledger) => ({ ...ledger, marks: [] })) }
    // The card has stayed as well: only a stop looks at the ledgers.
    const stopped = next(marked, '09:00:05', { speedKmh: 0 })
    expect(stopped.ledgers[0]?.marks).toEqual([])
    expect(stopped.dueMs).toBe(never)
  })
})

describe('a Sample that counts for nothing', () => {
  const { state } = driven(['08:00 drives, driver A', '09:00 end'])

  test.each([
    ['without a speed', moving('09:00:05', { speedKmh: null, speedSource: null })],
    ['of the same instant', moving('09:00', { speedKmh: 0 })],
    ['of an earlier instant', moving('08:59:59', { speedKmh: 0 })],
  ])('%s', (_, sample) => {
    expect(step(state, sample, settings)).toEqual({ state, findings: [] })
    expect(step(state, sample, settings).state).toBe(state)
  })

  test('tells nothing twice that was told with the one before', () => {
    const closing = driven(['08:00 drives, driver A', '09:00 stands', '09:00:11 end']).state
    expect(closing.closed).toHaveLength(1)
    const unknown = moving('09:00:12', { speedKmh: null, speedSource: null })
    expect(step(closing, unknown, settings).state).toEqual({ ...closing, closed: [] })
    const standing = moving('09:00:12', { speedKmh: 0 })
    expect(step(closing, standing, settings).state.closed).toEqual([])
    const untrusted = step(closing, moving('09:00:12', { trusted: false }), settings).state
    expect(untrusted).toEqual({ ...closing, synced: false, closed: [] })
    expect(step(untrusted, moving('09:00:13', { trusted: false }), settings).state).toBe(untrusted)
    const undisciplined = { ...closing, synced: false }
    expect(step(undisciplined, moving('09:00:12', { trusted: false }), settings).state.closed).toEqual([])
  })
})

describe('the clock', () => {
  const { state } = driven(['08:00 drives, driver A', '09:00 end'])

  test('that is disciplined again is known to be, speed or no speed', () => {
    const lost = step(state, moving('09:00:05', { trusted: false }), settings).state
    expect(lost.synced).toBe(false)
    expect(next(lost, '09:00:06').synced).toBe(true)
    const noSpeed = { speedKmh: null, speedSource: null }
    expect(next(lost, '09:00:06', noSpeed).synced).toBe(true)
    expect(next({ ...lost, closed: [] }, '09:00:06', noSpeed).closed).toEqual([])
  })

  test('that is corrected while disciplined moves what is stored', () => {
    const moved = next(state, '09:00:12', { clockStepMs: 7000 })
    expect(moved.ledgers[0]?.proven).toEqual(clockOf('08:00:07-'))
    expect(moved.dueMs).toBe(instant('11:30:07'))
    expect(moved.policyDigest).toBe(settings.policyDigest)
    expect(next(state, '09:00:12').ledgers[0]?.proven).toEqual(clockOf('08:00-'))
    // The first trusted time of a boot corrects no clock that anything was stored by.
    const booted = step(state, moving('09:00:05', { trusted: false }), settings).state
    expect(next(booted, '09:00:12', { clockStepMs: 7000 }).ledgers[0]?.proven).toEqual(clockOf('08:00-'))
  })

  test('is believed in this as in a drive: a step into the night', () => {
    const evening = driven(['20:30 drives, driver A', '21:00 end']).state
    const stepped = next(evening, '22:00:05', { clockStepMs: 3_600_000 })
    expect(stepped.ledgers[0]?.proven).toEqual(clockOf('21:30-'))
    expect(stepped.ledgers[0]?.marks[0]).toEqual({
      is: 'warn',
      reason: 'continuousNight',
      atMs: instant('23:30'),
    })
  })
})

describe('five minutes between two Samples', () => {
  const silentUntil = (at: string, known: Partial<Sample> = {}): Driven =>
    drivenFrom(driven(['08:00 drives, driver A', '09:00 end']).state, [moving(at, known)])

  test('are bridged, more are a silence', () => {
    expect(runs(silentUntil('09:05'))).toEqual(clockOf('08:00-'))
    expect(runs(silentUntil('09:05:00.001'))).toEqual(clockOf('08:00-09:00, 09:05:00.001-'))
    expect(runs(silentUntil('09:05:00.200'))).toEqual(clockOf('08:00-09:00, 09:05:00.200-'))
    const longer = coachSettings({ fatigue: { gapS: 600 } })
    const { state } = drivenFrom(initial, samplesOf(['08:00 drives, driver A', '09:00 end'], 300), longer)
    expect(runs({ state: step(state, moving('09:10'), longer).state, findings: [] })).toEqual(
      clockOf('08:00-'),
    )
  })

  test('a silence too short for a rest: driving goes on at once', () => {
    const { state } = silentUntil('09:10')
    expect(state).toMatchObject({ motion: { is: 'driving' }, moving: true })
    expect(state.ledgers[0]?.marks).not.toEqual([])
    expect(state.closed).toEqual([
      { driver: 'A', fromMs: instant('08:00'), toMs: instant('09:00'), proven: true },
    ])
  })

  test('a silence as long as a rest, found where it was: it begins to move', () => {
    expect(silentUntil('09:30').state).toMatchObject({
      motion: { is: 'starting', movedMs: instant('09:30') },
      ledgers: [{ proven: { stintMs: null, runMs: null, endMs: instant('09:00') } }],
    })
    expect(silentUntil('09:30', { speedKmh: 0 }).state.motion).toEqual({ is: 'standing' })
    expect(silentUntil('09:10', { speedKmh: 0 }).state).toMatchObject({
      motion: { is: 'standing' },
      ledgers: [{ proven: { stintMs: instant('08:00'), runMs: null } }],
    })
  })

  test('a card that was changed in a silence was changed at a halt', () => {
    const { state, findings } = silentUntil('09:10', { driver: 'B' })
    expect(state).toMatchObject({ driver: 'B', lastKnown: 'B', doubt: null })
    expect(state.ledgers.map(({ driver, proven }) => [driver, proven.runMs])).toEqual([
      ['A', null],
      ['B', instant('09:10')],
    ])
    expect(findings).toEqual([])
    expect(silentUntil('09:10', { driver: '' }).state).toMatchObject({
      driver: null,
      lastKnown: 'A',
      cardOutMs: null,
    })
  })

  test('a doubt about cards ends where the silence begins', () => {
    const { state } = drivenFrom(driven(['08:00 drives, driver A', '09:00 end']).state, [
      moving('09:00:05', { driver: 'B' }),
    ])
    expect(state.doubt).not.toBeNull()
    const { findings } = drivenFrom(state, [moving('09:20', { driver: 'B' })])
    expect(findings).toMatchObject([
      { kind: 'driver-change-doubtful', phase: 'ended', atMs: instant('09:00:05') },
    ])
  })
})

describe('a card changed', () => {
  const stateAfter = (...lines: string[]): DrivingTime => driven(lines).state

  test('at speed is in doubt', () => {
    const state = next(stateAfter('08:00 drives, driver A', '09:00 end'), '09:00:05', { driver: 'B' })
    expect(state).toMatchObject({ driver: 'B', doubt: { driver: 'A' }, motion: { is: 'driving' } })
  })

  test('in a halt of a moment is not, and the halt is a stop', () => {
    const halted = stateAfter('08:00 drives, driver A', '09:00 stands', '09:00:03 end')
    expect(halted.motion).toEqual({ is: 'stopping', stoodMs: instant('09:00') })
    for (const speedKmh of [0, 80]) {
      const state = next(halted, '09:00:05', { driver: 'B', speedKmh })
      expect(state).toMatchObject({ driver: 'B', doubt: null })
      expect(state.motion).toEqual(
        speedKmh === 0 ? { is: 'standing' } : { is: 'starting', movedMs: instant('09:00:05') },
      )
      expect(state.ledgers[0]).toMatchObject({ driver: 'A', proven: clockOf('08:00-09:00') })
    }
  })

  test('on the Sample that stands is changed in the halt that begins with it', () => {
    const state = next(stateAfter('08:00 drives, driver A', '09:00 end'), '09:00:05', {
      driver: 'B',
      speedKmh: 0,
    })
    expect(state).toMatchObject({ driver: 'B', doubt: null, motion: { is: 'standing' } })
    expect(state.ledgers[0]).toMatchObject({ driver: 'A', proven: clockOf('08:00-09:00:05') })
  })

  test('before it is driving by the ten seconds is changed at a halt', () => {
    const state = next(stateAfter('08:00 drives, driver A', '08:00:05 end'), '08:00:08', { driver: 'B' })
    expect(state).toMatchObject({
      driver: 'B',
      doubt: null,
      motion: { is: 'starting', movedMs: instant('08:00') },
    })
  })

  test('with the Sample that makes driving of it is changed at speed', () => {
    const state = next(stateAfter('08:00 drives, driver A', '08:00:05 end'), '08:00:11', { driver: 'B' })
    expect(state).toMatchObject({ driver: 'B', doubt: { driver: 'A' }, motion: { is: 'driving' } })
    expect(state.ledgers.map(({ driver, proven }) => [driver, proven])).toEqual([
      ['A', clockOf('08:00-08:00:11, 08:00:11-')],
      ['B', clockOf('08:00:11-')],
    ])
  })
})

describe('nobody identified', () => {
  const out = driven(['08:00 drives, driver A', '09:00 no driver', '09:00:05 end']).state
  const at = (text: string): unknown[] =>
    drivenFrom(out, [moving(text, { driver: null })]).findings.map(({ phase, severity, atMs, evidence }) => [
      phase,
      severity,
      atMs,
      evidence['durationS'],
    ])

  test('for more than ten seconds is told, for five minutes it is worse', () => {
    expect(at('09:00:10')).toEqual([])
    expect(at('09:00:10.001')).toEqual([['started', 'info', instant('09:00'), 10.001]])
    expect(at('09:04:59.999')).toEqual([['started', 'info', instant('09:00'), 299.999]])
    expect(at('09:05')).toEqual([['started', 'minor', instant('09:00'), 300]])
  })

  test('is told again only where it grows worse', () => {
    const told = drivenFrom(out, [moving('09:01', { driver: null })]).state
    expect(told.noDriver).toEqual({ fromMs: instant('09:00'), told: 'info' })
    const say = (state: DrivingTime, text: string): unknown[] =>
      drivenFrom(state, [moving(text, { driver: null })]).findings.map(({ phase, severity }) => [
        phase,
        severity,
      ])
    expect(say({ ...told, dueMs: 0 }, '09:04')).toEqual([])
    expect(say(told, '09:05')).toEqual([['updated', 'minor']])
    const worse = drivenFrom(told, [moving('09:05', { driver: null })]).state
    expect(say({ ...worse, dueMs: 0 }, '09:06')).toEqual([])
  })

  test('is over when the vehicle has rested', () => {
    const told = drivenFrom(out, [
      moving('09:01', { driver: null }),
      ...samplesOf(['09:02 stands', '09:22 end'], 300),
    ])
    expect(told.findings.map(({ kind, phase, atMs }) => [kind, phase, atMs])).toEqual([
      ['no-driver', 'started', instant('09:00')],
      ['no-driver', 'ended', instant('09:02')],
    ])
    expect(told.state.noDriver).toBeNull()
    const early = drivenFrom(out, [
      moving('09:01', { driver: null }),
      ...samplesOf(['09:02 stands', '09:21:59 end'], 300),
    ])
    expect(early.findings).toHaveLength(1)
  })
})

describe('the next instant at which something has to be looked at', () => {
  const due = (...lines: string[]): number => driven(lines).state.dueMs

  test('is the next mark while driving', () => {
    expect(due('08:00 drives, driver A', '09:00 end')).toBe(instant('11:30'))
    expect(due('08:00 drives, driver A', '11:40 end')).toBe(instant('12:00'))
    expect(due('08:00 drives, driver A', '08:30 stands', '08:35 drives', '09:00 end')).toBe(instant('11:30'))
  })

  test('is the end of the rest in a stop, and none after it', () => {
    expect(due('08:00 drives, driver A', '09:00 stands', '09:05 end')).toBe(instant('09:20'))
    expect(due('08:00 drives, driver A', '09:00 stands', '09:20 end')).toBe(never)
    expect(due('08:00 stands, driver A', '09:00 end')).toBe(never)
  })

  test('is the rest of him who rides along, too', () => {
    const lines = ['08:00 drives, driver A', '09:00 stands', '09:01 driver B', '09:02 drives', '09:06 end']
    expect(due(...lines)).toBe(instant('09:20'))
    expect(driven(lines, { ridingIsRest: false }).state.dueMs).toBe(instant('12:32'))
  })

  test('is when nobody identified is to be told', () => {
    const lines = ['08:00 drives, driver A', '09:00 no driver']
    expect(due(...lines, '09:00:05 end')).toBe(instant('09:00:10'))
    const told = driven([...lines, '09:01 drives', '09:01:05 end']).state
    expect(told.dueMs).toBe(instant('09:05'))
    expect(due(...lines, '09:06 end')).toBe(instant('11:30'))
  })
})

describe('findings of one Sample', () => {
  test('come by kind, then by phase, then as they lie in time', () => {
    // B took over at speed: A answers as well, and his four hours were full two minutes before B's.
    const { state } = driven(['07:30 stands', '08:00 drives, driver A', '08:10 end'])
    const changed = next(state, '08:10:05', { driver: 'B' })
    const mark = (at: string) => ({ is: 'limit', reason: 'continuousDay', atMs: instant(at) }) as const
    const full = (driver: string): string => (driver === 'B' ? '08:14' : '08:12')
    const ledgers = changed.ledgers
      .map((ledger) => ({ ...ledger, marks: [mark(full(ledger.driver))] }))
      .toReversed()
    const { findings } = drivenFrom({ ...changed, ledgers, dueMs: 0 }, [moving('08:15', { driver: 'B' })])
    expect(ledgers.map(({ driver }) => driver)).toEqual(['B', 'A'])
    expect(findings.map(({ kind, subject, atMs }) => [kind, subject, atMs])).toEqual([
      ['fatigue', 'A', instant('08:12')],
      ['fatigue', 'B', instant('08:14')],
    ])
  })

  test('of several kinds', () => {
    const { findings } = driven(['08:00 drives, driver A', '09:00 no driver', '09:04 end'], {
      continuousS: 3700,
      warnBeforeS: 30,
    })
    const said = findings.map(({ kind, phase, grade, decidedAtMs }) => [kind, phase, grade, decidedAtMs])
    expect(said).toEqual([
      ['fatigue', 'started', 'to-verify', instant('09:04')],
      ['fatigue-warning', 'started', 'to-verify', instant('09:04')],
      ['no-driver', 'started', 'sufficient', instant('09:04')],
    ])
  })
})

describe('a stop as it may last', () => {
  const rested = (at: string, speedKmh: number): unknown =>
    next(driven(['08:00 drives, driver A', '09:00 stands', '09:19:50 end']).state, at, { speedKmh })
      .ledgers[0]?.proven.stintMs

  test('lasts until the vehicle moves', () => {
    expect(rested('09:20', 0)).toBeNull()
    expect(rested('09:20', 80)).toBeNull()
    expect(rested('09:19:59', 80)).toBe(instant('08:00'))
    const moved = next(driven(['08:00 drives, driver A', '09:00 stands', '09:19:50 end']).state, '09:19:55')
    expect(next(moved, '09:20:01').ledgers[0]?.proven.stintMs).toBe(instant('08:00'))
    expect(next(moved, '09:20:04').ledgers[0]?.proven.stintMs).toBe(instant('08:00'))
    expect(next(moved, '09:20:04', { speedKmh: 0 }).ledgers[0]?.proven.stintMs).toBeNull()
  })
})

describe('findings begin while driving', () => {
  test('and not on a Sample that stands', () => {
    const { state } = driven(['08:00 drives, driver A', '11:59:58 end'])
    expect(drivenFrom(state, [moving('12:00:02', { speedKmh: 0 })]).findings).toEqual([])
    expect(drivenFrom(state, [moving('12:00:02')]).findings).toMatchObject([
      { kind: 'fatigue', grade: 'sufficient', driver: 'A' },
    ])
  })
})
