import { describe, expect, it } from 'vitest'
import { stepUnheard, type UnheardInput, unheardBefore } from '../../../gateway/rules/unheard.ts'
import { explain } from '../../../proto/catalog.ts'
import { settingsAt } from '../../../proto/in-force.ts'
import type { Finding, Sample } from '../../../proto/model.ts'
import type { Settings } from '../../../proto/settings.ts'
import { isoUtc } from '../../../proto/time.ts'
import { beijing, sampleAt } from '../../help/drive.ts'
import { documentsOf } from '../help/world.ts'

const noon = beijing('2026-11-22 12:00:00')
const settings = settingsAt(documentsOf('f1', 'v1'), noon)
const fix = { lat: 30.25, lon: 120.16, accuracyM: null, satellites: null }

const heard = (second: number, known: Partial<Sample> = {}): UnheardInput => ({
  is: 'heard',
  atMs: noon + second * 1000,
  samples: [sampleAt(noon + second * 1000, { fix, ...known })],
})
const tick = (second: number, more: Partial<{ sinceMs: number; slackMs: number }> = {}): UnheardInput => ({
  is: 'tick',
  nowMs: noon + second * 1000,
  sinceMs: 0,
  slackMs: 0,
  ...more,
})

function run(...inputs: readonly UnheardInput[]): Finding[] {
  return runWith(settings, ...inputs)
}

function runWith(settings: Settings, ...inputs: readonly UnheardInput[]): Finding[] {
  let state = unheardBefore
  const findings: Finding[] = []
  for (const input of inputs) {
    const step = stepUnheard(state, input, settings)
    state = step.state
    if (step.finding !== null) findings.push(step.finding)
  }
  return findings
}
const phases = (...inputs: readonly UnheardInput[]): string[] => run(...inputs).map(({ phase }) => phase)

describe('silence', () => {
  it('is said exactly ten minutes after the last word of a running vehicle, once, and ends when it is heard', () => {
    const on = heard(0, { ignition: true, speedKmh: 0 })
    expect(phases(on, tick(599.999))).toEqual([])
    const [started, ended, ...more] = run(on, tick(600), tick(601), tick(9000), heard(9001), tick(9500))
    expect(more).toEqual([])
    expect(started).toMatchObject({
      kind: 'silence',
      phase: 'started',
      severity: 'minor',
      atMs: noon,
      decidedAtMs: noon + 600_000,
      place: { lat: 30.25, lon: 120.16 },
      evidence: {
        lastHeard: isoUtc(noon),
        lastSample: isoUtc(noon),
        silentS: 600,
        ignition: true,
        speedKmh: 0,
      },
    })
    expect(ended).toMatchObject({
      phase: 'ended',
      atMs: noon + 9_001_000,
      decidedAtMs: noon + 9_001_000,
      evidence: { silentS: 9001, lastHeard: isoUtc(noon) },
    })
  })

  it('decides the same however late the tick comes', () => {
    const on = heard(0, { ignition: true })
    expect(run(on, tick(600))).toEqual(run(on, tick(7777)))
  })

  it.each<[string, Partial<Sample>, boolean]>([
    ['parked with the ignition off', { ignition: false, speedKmh: 0 }, false],
    ['standing, ignition on', { ignition: true, speedKmh: 0 }, true],
    ['moving, ignition not known', { ignition: null, speedKmh: 60 }, true],
    ['moving at the noise of a receiver', { ignition: null, speedKmh: 2.9 }, false],
    ['moving just above it', { ignition: null, speedKmh: 3 }, true],
    ['moving with a dead ignition line', { ignition: false, speedKmh: 60 }, true],
    ['nothing known at all', { ignition: null, speedKmh: null }, false],
  ])('of a vehicle %s', (_, known, silent) => {
    expect(phases(heard(0, known), tick(600))).toEqual(silent ? ['started'] : [])
  })

  it('of a vehicle whose slightest movement counts', () => {
    const policy = { ...settings.policy, fatigue: { ...settings.policy.fatigue, noiseKmh: 0 } }
    const silent = (speedKmh: number | null): number =>
      runWith({ ...settings, policy }, heard(0, { speedKmh }), tick(600)).length
    expect([silent(null), silent(0), silent(0.5), silent(5)]).toEqual([0, 0, 1, 1])
  })

  it('is told with what is known alone', () => {
    const [started] = run(heard(0, { ignition: null, speedKmh: 61.24 }), tick(600))
    expect(started?.evidence).toEqual({
      ...{ lastHeard: isoUtc(noon), lastSample: isoUtc(noon), silentS: 600, ignition: null, speedKmh: 61.2 },
    })
    const [parked] = run(heard(0, { ignition: true }), tick(600))
    expect(parked?.evidence).toMatchObject({ ignition: true, speedKmh: null })
  })

  it('of two Samples of one instant the first speaks', () => {
    const twice = (...ignition: boolean[]): UnheardInput => ({
      ...{ is: 'heard', atMs: noon, samples: ignition.map((on) => sampleAt(noon, { ignition: on })) },
    })
    expect(phases(twice(true, false), tick(600))).toEqual(['started'])
    expect(phases(twice(false, true), tick(600))).toEqual([])
  })

  it('says nothing of who was heard without a Sample', () => {
    expect(phases({ is: 'heard', atMs: noon, samples: [] }, tick(600))).toEqual([])
  })

  it('believes the last word about the ignition for ten minutes', () => {
    const unknown = (second: number) => heard(second, { ignition: null, speedKmh: 0 })
    expect(phases(heard(0, { ignition: true }), unknown(600), tick(1200))).toEqual(['started'])
    expect(phases(heard(0, { ignition: true }), unknown(600.001), tick(1300))).toEqual([])
    expect(phases(heard(0, { ignition: true }), heard(5, { ignition: false }), tick(900))).toEqual([])
  })

  it('takes a backlog for a word, and not for news of now', () => {
    const late: UnheardInput = {
      is: 'heard',
      atMs: noon + 500_000,
      samples: [sampleAt(noon - 7_200_000, { ignition: false })],
    }
    expect(phases(heard(0, { ignition: true }), late, tick(1099))).toEqual([])
    expect(run(heard(0, { ignition: true }), late, tick(1100))[0]).toMatchObject({ atMs: noon + 500_000 })
  })

  it('counts from when the gateway listens, and allows for late arrival', () => {
    const on = heard(0, { ignition: true })
    expect(phases(on, tick(4199, { sinceMs: noon + 3_600_000 }))).toEqual([])
    expect(phases(on, tick(4200, { sinceMs: noon + 3_600_000 }))).toEqual(['started'])
    expect(phases(on, tick(629.9, { slackMs: 30_000 }))).toEqual([])
    expect(run(on, tick(630, { slackMs: 30_000 }))[0]).toMatchObject({ decidedAtMs: noon + 600_000 })
  })

  it('says nothing of who was never heard', () => {
    expect(phases(tick(1_000_000))).toEqual([])
  })

  it('reads as the words have it', () => {
    const words = { plate: '浙A12345', zone: 'Asia/Shanghai', vehicleClass: 'coach', serviceClass: null }
    const [started, ended] = run(heard(0, { ignition: true }), tick(600), heard(720))
    expect(explain(started!, words)).toEqual({
      zh: '浙A12345已10分未上报数据，最后位置30.25000,120.16000。【疑似，证据充分】',
      en: '浙A12345 has reported nothing for 10 min (since 12:00:00) with its ignition on; last place 30.25000,120.16000. [suspected, evidence sufficient]',
    })
    expect(explain(ended!, words).zh).toContain('自12:00:00起12分未上报数据，现已恢复')
  })
})
