import { describe, expect, it } from 'vitest'
import {
  type CanState,
  canSignalNames,
  silentCan,
  stepCanState,
  viewCan,
} from '../../../device/signals/can-state.ts'

const at = 1000
type Signals = Parameters<typeof stepCanState>[1]
const heard = (...messages: Signals[]): CanState =>
  messages.reduce<CanState>((state, signals) => stepCanState(state, signals, at), silentCan)
const view = (state: CanState, nowMs = at) => viewCan(state, nowMs, 2000, 0)

describe('what the bus said last', () => {
  it('stays while others speak', () => {
    const state = heard({ wheelSpeedKmh: 60, brakeSwitch: true }, { tachographSpeedKmh: 61 }, { unread: 5 })
    expect(view(state)).toMatchObject({ wheelKmh: 60, tachographKmh: 61, brake: true })
  })

  it('is unknown when its sender says so', () => {
    const state = heard({ wheelSpeedKmh: 60, brakeSwitch: true }, { wheelSpeedKmh: null, brakeSwitch: null })
    expect(view(state)).toMatchObject({ wheelKmh: null, brake: null })
  })

  it.each([
    [{ keySwitchVoltageV: 5 }, false],
    [{ keySwitchVoltageV: 5.05 }, true],
    [{ engineSpeedRpm: 0 }, null],
    [{ engineSpeedRpm: 0.125 }, true],
    [{ engineSpeedRpm: 600, keySwitchVoltageV: 0 }, true],
    [{ ignitionOn: true, keySwitchVoltageV: 0 }, true],
    [{ ignitionOn: false, keySwitchVoltageV: 24 }, false],
    [{ ignitionOn: 1 }, true],
    [{ ignitionOn: 0 }, false],
    [{ ignitionOn: null }, null],
  ])('the ignition by %j is %j', (signals, expected) => {
    expect(view(heard(signals)).ignition).toBe(expected)
  })

  it('the fine odometer once heard is the odometer, before and after the coarse one', () => {
    expect(view(heard({ totalDistanceKm: 10 })).odometerM).toBe(10_000)
    expect(view(heard({ highResDistanceKm: 10.005 }, { totalDistanceKm: 10 })).odometerM).toBe(10_005)
    expect(view(heard({ totalDistanceKm: 10 }, { highResDistanceKm: 10.005 })).odometerM).toBe(10_005)
    expect(view(heard({ highResDistanceKm: 10.005, totalDistanceKm: 10 })).odometerM).toBe(10_005)
  })

  it.each([
    [0, true],
    [1, true],
    [2, false],
    [3, null],
  ])('doors in position %i: open %j', (doorsPosition, doorOpen) => {
    expect(view(heard({ doorsPosition })).doorOpen).toBe(doorOpen)
  })

  it('a door of a DBC file is open when it is not 0', () => {
    expect([1, 2, 0, null].map((doorOpen) => view(heard({ doorOpen })).doorOpen)).toEqual([
      true,
      true,
      false,
      null,
    ])
    expect(canSignalNames).toEqual(expect.arrayContaining(['doorOpen', 'ignitionOn', 'wheelSpeedKmh']))
  })

  it('a pulled card ends an identity, an empty one is none', () => {
    expect(view(heard({ driver1Id: 'A', driver2Id: '' }))).toMatchObject({ driver: 'A', coDriver: null })
    expect(view(heard({ driver1Id: 'A' }, { driver1CardPresent: false })).driver).toBeNull()
    expect(view(heard({ driver1Id: 'A' }, { driver1CardPresent: true })).driver).toBe('A')
  })

  it.each([
    ['wheelSpeedKmh', 'wheelKmh', 2000],
    ['brakeSwitch', 'brake', 2000],
    ['doorOpen', 'doorOpen', 5000],
    ['ignitionOn', 'ignition', 5000],
    ['totalDistanceKm', 'odometerM', 15_000],
    ['driver1Id', 'driver', 60_000],
  ] as const)('%s is believed no longer than its age', (_, name, ageMs) => {
    const values: Signals = { wheelSpeedKmh: 60, brakeSwitch: true, doorOpen: true, ignitionOn: true }
    const state = heard({ ...values, totalDistanceKm: 10, driver1Id: 'A' })
    expect(view(state, at + ageMs)[name]).not.toBeNull()
    expect(view(state, at + ageMs + 1)[name]).toBeNull()
  })
})
