import { describe, expect, it } from 'vitest'
import { peripheralLine } from '../../device/decoders/index.ts'
import type { PeripheralMessage } from '../../device/decoders/messages.ts'
import { emissionsOfSecond } from '../../sim/emissions.ts'
import { type Plan, parseScenario, planOf, type ScenarioFile } from '../../sim/scenario.ts'
import { base, steady } from '../../sim/scenarios/cause.ts'
import { causes } from '../../sim/scenarios/causes.ts'
import { tapeOf } from '../../sim/tape.ts'
import { truthAt } from '../../sim/vehicle.ts'
import { readLine } from '../device/decoders/help.ts'

const planWith = (peripheral: ScenarioFile['peripheral'], legs = steady('10:02:00')): Plan =>
  planOf(
    parseScenario(
      { ...base, name: 'third-line', about: 'x', end: '2026-11-23T10:02:00+08:00', legs, peripheral },
      'a test',
    ),
  )

/** What the terminal's decoder reads of the third line, by the second it was sent in. */
function heard(plan: Plan): { s: number; message: PeripheralMessage }[] {
  const said: { s: number; message: PeripheralMessage }[] = []
  for (let atMs = plan.startMs; atMs < plan.endMs; atMs += 1000)
    for (const { line, text, atMs: sentMs } of emissionsOfSecond(plan, atMs)) {
      if (line !== 'peripheral') continue
      for (const message of readLine(peripheralLine, Uint8Array.from(Buffer.from(text, 'latin1'))))
        said.push({ s: (sentMs - plan.startMs) / 1000, message })
    }
  return said
}

describe('the third line of a simulated vehicle', () => {
  it('is silent in one that has none, and so is its tape', () => {
    const plan = planWith(undefined)
    expect(heard(plan)).toEqual([])
    expect(Buffer.concat([...tapeOf(plan)]).toString('latin1')).toContain('"peripheral":false')
  })

  it('says what was seen, where and when, and the decoder reads the truth in it', () => {
    const plan = planWith({
      devices: ['adas', 'dsm'],
      events: [
        { at: '10:00:20', what: 'headway', frontKmh: 52, distanceS: 0.8, level: 2 },
        { at: '10:00:40', to: '10:00:55', what: 'phone' },
        { at: '10:01:00', what: 'fatigue', degree: 9 },
        { at: '10:01:10', what: 'lane-departure', side: 'left' },
      ],
    })
    const alarms = heard(plan).filter(({ message }) => message.kind === 'alarm')
    expect(
      alarms.map(({ s, message }) => [s, message.kind === 'alarm' && `${message.what} ${message.flag}`]),
    ).toEqual([
      [20.3, 'headway event'],
      [40.3, 'phone start'],
      [55.3, 'phone end'],
      [60.3, 'fatigue event'],
      [70.3, 'lane-departure event'],
    ])
    const truth = truthAt(plan, plan.startMs + 20_000)
    const [headway, phone, over, tired, lane] = alarms.map(({ message }) => message)
    expect(headway).toMatchObject({
      frontSpeedKmh: 52,
      distanceS: 0.8,
      level: 2,
      speedKmh: Math.round(truth.speedKmh),
    })
    expect(headway).toMatchObject({ sentAt: '2026-11-23T10:00:20+08:00' })
    expect(headway?.kind === 'alarm' && headway.lat).toBeCloseTo(truth.lat, 5)
    expect(phone?.kind === 'alarm' && over?.kind === 'alarm' && phone.alarmId === over.alarmId).toBe(true)
    expect(tired).toMatchObject({ fatigueDegree: 9, level: null })
    expect(lane).toMatchObject({ side: 'left' })
  })

  it('gives a sign of life every five seconds while the ignition is on, except from who is silent', () => {
    const plan = planWith(
      {
        devices: ['dsm', 'bsd'],
        faults: [{ from: '10:00:10', to: '10:00:30', device: 'bsd', how: 'silent' }],
      },
      [
        { until: '10:00:40', kmh: 80 },
        { until: '10:02:00', kmh: 0, ignition: false },
      ],
    )
    const alive = (name: string) =>
      heard(plan).flatMap(({ s, message }) =>
        message.kind === 'heard' && message.peripheral === name ? [Math.floor(s)] : [],
      )
    expect(alive('dsm')).toEqual([0, 5, 10, 15, 20, 25, 30, 35])
    expect(alive('bsd')).toEqual([0, 5, 30, 35])
  })

  it('says that a device is broken, and that it works again', () => {
    const plan = planWith({
      devices: ['adas'],
      faults: [{ from: '10:00:10', to: '10:00:30', device: 'adas', how: 'broken' }],
    })
    const states = heard(plan).flatMap(({ s, message }) =>
      message.kind === 'status' ? [[Math.floor(s), message.work, message.faults.length]] : [],
    )
    expect(states).toEqual([
      [0, 'normal', 0],
      [10, 'abnormal', 1],
      [30, 'normal', 0],
    ])
  })

  it('tells of tyres every ten seconds and when one changes, each as it was last', () => {
    const plan = planWith({
      devices: ['tpms'],
      tyres: [
        { at: '10:00:15', tyre: 0, pressureKpa: 830, temperatureC: -8 },
        { at: '10:00:33', tyre: 0, pressureKpa: 600, alarms: ['low'] },
        { at: '10:00:33', tyre: 3, pressureKpa: 820 },
      ],
    })
    const told = heard(plan).flatMap(({ s, message }) =>
      message.kind === 'tyres' && s < 45
        ? [
            [
              Math.floor(s),
              ...message.tyres.map(({ pressureKpa, alarms }) => `${pressureKpa} ${alarms.join()}`),
            ],
          ]
        : [],
    )
    expect(told).toEqual([
      [15, '830 '],
      [20, '830 '],
      [30, '830 '],
      [33, '600 low', '820 '],
      [40, '600 low', '820 '],
    ])
  })

  it('is on the tape of each cause that has one', () => {
    const withThird = causes.filter(({ scenario }) => scenario.peripheral !== undefined)
    expect(withThird.length).toBeGreaterThan(10)
    for (const { scenario } of withThird) {
      const text = Buffer.concat([...tapeOf(planOf(scenario))]).toString('latin1')
      expect(text).toContain(`"peripherals":${JSON.stringify(scenario.peripheral!.devices)}`)
    }
  })
})
