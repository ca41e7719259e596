import { describe, expect, it } from 'vitest'
import type { SignalValue } from '../../../device/decoders/messages.ts'
import {
  conductLineDown,
  silentConduct,
  stepConduct,
  told,
  viewConduct,
} from '../../../device/signals/conduct.ts'
import { startMs } from '../../help/seconds.ts'

type Said = readonly [s: number, signals: { [name: string]: SignalValue }]
const heard = (...said: readonly Said[]) =>
  said.reduce((state, [s, signals]) => stepConduct(state, signals, startMs + s * 1000), silentConduct)
const view = (state: ReturnType<typeof heard>, s: number, slackMs = 0) =>
  viewConduct(state, startMs + s * 1000, slackMs)

describe('what is known of the drive line, the load, the supply and the buttons', () => {
  it('is nothing while nobody tells', () => {
    expect(view(heard(), 0)).toBeNull()
    expect(view(heard([0, { wheelSpeedKmh: 60 }]), 0)).toBeNull()
  })

  it('has an age: switches 5 s, weights a minute, and what the host allows for', () => {
    const state = heard([0, { currentGear: 0, clutchSwitch: false, poweredVehicleWeightKg: 17_000 }])
    expect(view(state, 5)).toMatchObject({ gear: 0, clutch: false, massKg: 17_000 })
    expect(view(state, 5.001)).toMatchObject({ gear: null, clutch: null, massKg: 17_000 })
    expect(view(state, 6, 1000)).toMatchObject({ gear: 0, clutch: false })
    expect(view(state, 60)).not.toBeNull()
    expect(view(state, 60.001)).toBeNull()
  })

  it('sums the axles, each told in a frame of its own, and takes the heavier statement', () => {
    const axles: Said[] = [
      [0, { axleLocation: 0x00, axleWeightKg: 6000 }],
      [0, { axleLocation: 0x10, axleWeightKg: 11_000 }],
      [1, { axleLocation: 0x11, axleWeightKg: 11_500 }],
    ]
    expect(view(heard(...axles), 1)?.massKg).toBe(17_500)
    expect(view(heard(...axles, [1, { poweredVehicleWeightKg: 17_600 }]), 1)?.massKg).toBe(17_600)
    expect(view(heard(...axles, [1, { poweredVehicleWeightKg: 10 }]), 1)?.massKg).toBe(17_500)
    expect(view(heard([0, { axleLocation: null, axleWeightKg: 6000 }]), 0)).toBeNull()
  })

  it('what is no longer available is unknown', () => {
    const state = heard([0, { currentGear: 4, batteryVoltageV: 27 }], [1, { currentGear: null }])
    expect(view(state, 1)).toMatchObject({ gear: null, batteryV: 27 })
  })

  it('a short press between two Samples is not missed, and told once', () => {
    const state = heard([0, { emergencyAttack: true }], [0.2, { emergencyAttack: false }])
    expect(view(state, 1)?.emergency).toBe('attack')
    expect(view(told(state), 1)).toBeNull()
  })

  it('a held button stays pressed while it is told, as a number too', () => {
    const state = told(heard([0, { emergencyIllness: 1 }]))
    expect(view(state, 5)?.emergency).toBe('illness')
    expect(view(state, 5.001)).toBeNull()
    const other = told(heard([0, { emergencyIllness: 1 }], [1, { emergencyAttack: 0 }]))
    expect(view(other, 2)?.emergency).toBe('illness')
  })

  it('an unplugged bus knows nothing any more, but what was pressed was pressed', () => {
    const state = heard([0, { currentGear: 4, emergencyAccident: true, mainPower: false }])
    expect(view(conductLineDown(state), 0)).toMatchObject({
      gear: null,
      mainPower: null,
      emergency: 'accident',
    })
  })

  it('a boot after a loss of power is told once', () => {
    const state = { ...silentConduct, afterPowerLoss: true }
    expect(view(state, 0)?.afterPowerLoss).toBe(true)
    expect(view(told(state), 0)).toBeNull()
  })
})
