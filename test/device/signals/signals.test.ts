import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GroupMessage, NmeaMessage, SignalValue } from '../../../device/decoders/messages.ts'
import {
  initialSignals,
  restoreSignals,
  type SignalConfig,
  type SignalInput,
  type SignalState,
  stepSignals,
} from '../../../device/signals/index.ts'
import type { Sample } from '../../../proto/model.ts'
import { defaultPolicy } from '../../../proto/policy.ts'

const config: SignalConfig = {
  policy: defaultPolicy('coach').signals,
  expects: { gnss: true, can: true },
  notBeforeMs: Date.UTC(2026, 0, 1),
  slackMs: 0,
}
const start = Date.UTC(2026, 10, 22, 15, 40)

const rmc = (s: number, known: Partial<Extract<NmeaMessage, { kind: 'rmc' }>> = {}): SignalInput => ({
  is: 'gnss',
  arrivedMs: start + s * 1000,
  message: {
    kind: 'rmc',
    talker: 'GN',
    utcMs: start + s * 1000,
    valid: true,
    lat: 28,
    lon: 113 + s * 0.0002,
    speedKmh: 70,
    courseDeg: 90,
    ...known,
  },
})
const voidRmc = (s: number): SignalInput =>
  rmc(s, { valid: false, utcMs: null, lat: null, lon: null, speedKmh: null, courseDeg: null })
const gga = (s: number, satellites: number): SignalInput => ({
  is: 'gnss',
  arrivedMs: start + s * 1000,
  message: {
    kind: 'gga',
    talker: 'GN',
    timeOfDayMs: (start + s * 1000) % 86_400_000,
    quality: 1,
    lat: 28,
    lon: 113 + s * 0.0002,
    satellites,
    hdop: 0.8,
    altitudeM: 50,
  },
})
const can = (s: number, signals: { [name: string]: SignalValue }): SignalInput => ({
  is: 'can',
  arrivedMs: start + s * 1000,
  message: {
    kind: 'message',
    t: null,
    pgn: 65265,
    sa: 0,
    da: 255,
    signals,
    errors: [],
  } satisfies GroupMessage,
})
const tick = (s: number): SignalInput => ({ is: 'tick', arrivedMs: start + s * 1000 })
const unplug = (s: number, line: 'gnss' | 'can'): SignalInput => ({
  is: 'line',
  line,
  up: false,
  arrivedMs: start + s * 1000,
})

function samples(
  inputs: readonly SignalInput[],
  from: SignalState = initialSignals,
  settings: SignalConfig = config,
): Sample[] {
  let state = from
  return inputs.flatMap((input) => {
    const result = stepSignals(state, input, settings)
    state = result.state
    return [...result.samples]
  })
}

const seconds = (list: readonly Sample[]): number[] => list.map(({ atMs }) => (atMs - start) / 1000)

describe('signals', () => {
  it('make one Sample of each epoch, whatever else is said in it', () => {
    const made = samples([gga(0, 12), rmc(0), rmc(0, { talker: 'BD' }), gga(1, 9), rmc(1), rmc(0.5)])
    expect(seconds(made)).toEqual([0, 1])
    expect(made.map(({ fix }) => fix?.satellites)).toEqual([12, 9])
  })

  it('take GGA for an epoch where no RMC speaks, dated by the day of arrival', () => {
    expect(seconds(samples([gga(0, 9), gga(1, 9), gga(2, 9)]))).toEqual([0, 1, 2])
    expect(seconds(samples([rmc(0), gga(0.2, 9), gga(1, 9), gga(5, 9)]))).toEqual([0, 5])
  })

  it('count the seconds by arrival when no epoch came for 1.5 s, and no sooner', () => {
    const made = samples([
      rmc(0),
      tick(1),
      tick(1.49),
      tick(1.5),
      tick(2),
      tick(2.5),
      voidRmc(3),
      tick(3.5),
      rmc(4),
    ])
    expect(seconds(made)).toEqual([0, 1.5, 2.5, 3.5, 4])
    expect(made.map(({ fix }) => fix !== null)).toEqual([true, false, false, false, true])
    expect(made.map(({ lines }) => lines?.gnssFixAgeMs)).toEqual([0, 1500, 2500, 3500, 0])
  })

  it('do not call a line old in fast motion for what scheduling explains', () => {
    const fast = { ...config, slackMs: 30_000 }
    const ages = (canS: number): unknown =>
      samples([can(0, { wheelSpeedKmh: 71 }), rmc(canS)], initialSignals, fast)[0]!.lines?.canAgeMs
    expect([ages(0), ages(11), ages(30), ages(30.001), ages(45)]).toEqual([0, 0, 0, 30_001, 45_000])
  })

  it('choose the wheels, then the tachograph, then the receiver, then two positions', () => {
    const known = { wheelSpeedKmh: 71, tachographSpeedKmh: 72 }
    expect(samples([can(0, known), rmc(0)])[0]).toMatchObject({
      speedKmh: 71,
      speedSource: 'wheel',
      speedAgreement: 'agree',
    })
    expect(samples([can(0, { ...known, wheelSpeedKmh: null }), rmc(0)])[0]).toMatchObject({
      speedKmh: 72,
      speedSource: 'tachograph',
    })
    expect(samples([rmc(0)])[0]).toMatchObject({
      speedKmh: 70,
      speedSource: 'gnss',
      speedAgreement: 'single',
    })
    const implied = samples([rmc(0, { speedKmh: null }), rmc(1, { speedKmh: null })])[1]
    expect(implied).toMatchObject({ speedSource: 'position', speedAgreement: 'single' })
    expect(implied?.speedKmh).toBeCloseTo(70.8, 0)
  })

  it('leave a speed unknown that was left out among told ones: positions speak after a minute', () => {
    const told = samples([rmc(0), rmc(1, { speedKmh: null }), rmc(60, { speedKmh: null })])
    expect(told.map(({ speedSource }) => speedSource)).toEqual(['gnss', null, null])
    const silent = samples([rmc(0), rmc(30, { speedKmh: null }), rmc(61, { speedKmh: null })])
    expect(silent.map(({ speedSource }) => speedSource)).toEqual(['gnss', null, 'position'])
  })

  it('say so when wheels and receiver differ by more than 11 % and 5 km/h', () => {
    expect(samples([can(0, { wheelSpeedKmh: 80 }), rmc(0)])[0]?.speedAgreement).toBe('differ')
    expect(samples([can(0, { wheelSpeedKmh: 78 }), rmc(0)])[0]?.speedAgreement).toBe('agree')
  })

  it('forget a wheel speed after 2 s, and at once when it says not available or its line is pulled', () => {
    expect(samples([can(0, { wheelSpeedKmh: 71 }), rmc(2)])[0]?.speedSource).toBe('wheel')
    expect(samples([can(0, { wheelSpeedKmh: 71 }), rmc(2.1)])[0]?.speedSource).toBe('gnss')
    expect(
      samples([can(0, { wheelSpeedKmh: 71 }), can(0.5, { wheelSpeedKmh: null }), rmc(1)])[0]?.speedSource,
    ).toBe('gnss')
    expect(samples([can(0, { wheelSpeedKmh: 71 }), unplug(0.5, 'can'), rmc(1)])[0]?.speedSource).toBe('gnss')
  })

  it('refuse a position that jumps and keep its speed and odometer', () => {
    const made = samples([rmc(0), can(0.5, { highResDistanceKm: 1234.5 }), rmc(1, { lon: 120 }), rmc(2)])
    expect(made.map(({ fix, positionRefused }) => [fix !== null, positionRefused])).toEqual([
      [true, false],
      [false, true],
      [true, false],
    ])
    expect(made[1]).toMatchObject({ speedKmh: 70, odometerM: 1_234_500 })
  })

  it('prefer the 5 m odometer once it spoke', () => {
    const made = samples([
      can(0, { totalDistanceKm: 1000.125 }),
      rmc(0),
      can(0.5, { highResDistanceKm: 1000.2 }),
      can(0.6, { totalDistanceKm: 1000.25 }),
      rmc(1),
    ])
    expect(made.map(({ odometerM }) => odometerM)).toEqual([1_000_125, 1_000_200])
  })

  it('know the driver by the card and forget him when the card is pulled', () => {
    const made = samples([
      can(0, { driver1Id: 'A-1' }),
      can(0, { driver1CardPresent: true }),
      rmc(0),
      can(1, { driver1CardPresent: false }),
      rmc(1),
    ])
    expect(made.map(({ driver }) => driver)).toEqual(['A-1', null])
  })

  it('carry a confirmed clock correction on the Sample that brings it', () => {
    const late = (s: number): SignalInput => rmc(s, { utcMs: start + s * 1000 + 60_000 })
    const made = samples([rmc(0), rmc(1), late(2), late(3), late(4), late(5)])
    expect(made.map(({ clockStepMs }) => clockStepMs)).toEqual([0, 0, 0, 0, 60_000, 0])
    expect(seconds(made)).toEqual([0, 1, 2, 3, 64, 65])
  })

  it('trust no time before the first epoch, and never go back once they do', () => {
    const wrongHost = -3_600_000
    const inputs = [tick(0), tick(1), tick(2), rmc(3)].map((input) => ({
      ...input,
      arrivedMs: input.arrivedMs + wrongHost,
    }))
    const made = samples(inputs)
    expect(made.map(({ trusted }) => trusted)).toEqual([false, false, true])
    expect(made.at(-1)?.atMs).toBe(start + 3000)
  })

  it('after a restart remember where the vehicle was, not what the bus said', () => {
    let state = initialSignals
    for (const input of [can(0, { wheelSpeedKmh: 71 }), rmc(0)])
      state = stepSignals(state, input, config).state
    const made = samples(
      [rmc(1, { lon: 120 }), rmc(2)],
      restoreSignals(JSON.parse(JSON.stringify(state)) as SignalState),
    )
    expect(made.map(({ speedSource, positionRefused }) => [speedSource, positionRefused])).toEqual([
      ['gnss', true],
      ['gnss', false],
    ])
  })

  it('after a restart count a silent bus from the boot, not from before the power cut', () => {
    let state = initialSignals
    for (const input of [can(0, { wheelSpeedKmh: 71 }), rmc(0)])
      state = stepSignals(state, input, config).state
    const made = samples([rmc(600), rmc(603)], restoreSignals(state))
    expect(made.map(({ lines }) => lines?.canAgeMs)).toEqual([0, 3000])
  })

  it('give the same Samples when their state goes through JSON between any two inputs', () => {
    const input = fc.oneof(
      fc.nat(200).map((n) => rmc(n / 2)),
      fc.nat(200).map((n) => voidRmc(n / 2)),
      fc.nat(200).map((n) => tick(n / 2)),
      fc
        .tuple(fc.nat(200), fc.integer({ min: 0, max: 120 }))
        .map(([n, kmh]) => can(n / 2, { wheelSpeedKmh: kmh })),
      fc.nat(200).map((n) => unplug(n / 2, 'can')),
    )
    fc.assert(
      fc.property(fc.array(input, { maxLength: 40 }), (inputs) => {
        const ordered = inputs.toSorted((a, b) => a.arrivedMs - b.arrivedMs)
        let state = initialSignals
        const through = ordered.flatMap((one) => {
          const result = stepSignals(JSON.parse(JSON.stringify(state)) as SignalState, one, config)
          state = result.state
          return [...result.samples]
        })
        expect(through).toEqual(samples(ordered))
        const times = through.filter(({ trusted }) => trusted).map(({ atMs }) => atMs)
        for (let i = 1; i < times.length; i++) expect(times[i]!).toBeGreaterThan(times[i - 1]!)
      }),
    )
  })
})
