import { rulesOf } from '../../../device/detectors/driving-time/rules.ts'
import { judge } from '../../../gateway/drivers/judge.ts'
import { daysOf, lineOf, runsOf, slotOf } from '../../help/driver-days.ts'
import { coachSettings } from '../../help/driving-settings.ts'
import { driverHours, type Limits } from '../../reference/driver-hours.ts'
import { type Agreement, mustEqual, overDrives } from './agreement.ts'

/** A driver's days on two or three vehicles: what the hours on the others decide. */

export const limitsFor = (
  near: boolean,
  nightRule: Limits['nightRule'],
  dayRule: Limits['dayRule'] = 'rolling',
): Limits => ({
  restS: 1200,
  continuousS: near ? 5400 : 14_400,
  nightS: near ? 3600 : 7200,
  rolling24hS: near ? 9000 + 120 : 28_800,
  rolling7dS: near ? 36_000 : 158_400,
  nightRule,
  dayRule,
})

export const settingsFor = (limits: Limits) =>
  coachSettings({
    fatigue: {
      continuousS: limits.continuousS,
      nightContinuousS: limits.nightS,
      rolling24hS: limits.rolling24hS,
      rolling7dS: limits.rolling7dS,
      nightRule: limits.nightRule,
      dayRule: limits.dayRule,
    },
  })

export const driverHoursAgree: Agreement = {
  name: 'drivers over vehicles',
  agree: (drives, seed) =>
    overDrives(drives, seed, (roll) => {
      const limits = limitsFor(
        roll.chance(0.5),
        roll.pick(['nightPortion', 'stintAtNight']),
        roll.pick(['rolling', 'rolling', 'calendarDay']),
      )
      const rules = rulesOf(settingsFor(limits))
      const days = daysOf(roll, roll.pick([1, 1, 2, 9]))
      const byVehicle = new Map(Object.entries(days).map(([name, slots]) => [name, runsOf(slots)]))
      const found = judge({ byVehicle, heardMs: () => 0, rules: () => rules }, 0)
      const mine = found.map(({ vehicle, reason, other, atMs, endMs }) =>
        lineOf({ vehicle, what: reason ?? `overlap ${other}`, from: slotOf(atMs), to: slotOf(endMs) }),
      )
      const naive = driverHours(days, limits).map(lineOf)
      mustEqual(mine.toSorted(), naive.toSorted())
      return naive.length
    }),
}
