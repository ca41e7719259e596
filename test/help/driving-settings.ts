import { noAreas } from '../../proto/geo/areas.ts'
import { mergePolicy, type PolicyFile, policyDigest } from '../../proto/policy.ts'
import type { Settings } from '../../proto/settings.ts'
import { defaultVehicle, type VehicleClass } from '../../proto/shapes/vehicle.ts'

/** What is in force for a vehicle of a class on which nothing but a policy was laid. */
export function coachSettings(
  file: PolicyFile | null = null,
  vehicleClass: VehicleClass = 'coach',
): Settings {
  const policy = mergePolicy(vehicleClass, file)
  return {
    policy,
    policyDigest: policyDigest(policy),
    vehicle: { ...defaultVehicle, class: vehicleClass },
    trip: null,
    route: null,
    areas: noAreas,
    areasSinceMs: null,
  }
}
