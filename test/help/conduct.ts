import type { Conduct } from '../../proto/model.ts'

/** A vehicle in fifth gear with all well, and what a test says on top. */
export function conduct(known: Partial<Conduct> = {}): Conduct {
  return {
    gear: 5,
    clutch: false,
    massKg: null,
    batteryV: 27,
    keySwitchV: 27,
    mainPower: null,
    afterPowerLoss: false,
    emergency: null,
    ...known,
  }
}
