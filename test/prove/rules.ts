import type { Agreed, Agreement } from './drives/agreement.ts'
import { areasAgree } from './drives/areas.ts'
import { curfewAgrees } from './drives/curfew.ts'
import { driverHoursAgree } from './drives/driver-hours.ts'
import { drivingTimeAgrees } from './drives/driving-time.ts'
import { offRouteAgrees } from './drives/off-route.ts'

/**
 * Each rule against a naive second implementation (whole history, no state) on so many random drives, whose rows
 * come late, twice, with gaps and with positions that no vehicle can have reached.
 */
export const ruleAgreements: readonly Agreement[] = [
  drivingTimeAgrees,
  driverHoursAgree,
  curfewAgrees,
  areasAgree,
  offRouteAgrees,
]

export function proveRules(drives: number, seed: number): readonly (Agreed & { readonly name: string })[] {
  return ruleAgreements.map(({ name, agree }) => ({ name, ...agree(drives, seed) }))
}
