import { z } from 'zod'
import { digestOf } from './canonical.ts'
import { cameraDefaults, cameraSchema, conductDefaults, conductSchema } from './policy/conduct.ts'
import {
  bannedHoursSchema,
  curfewDefaults,
  curfewSchema,
  fatigueDefaults,
  fatigueSchema,
} from './policy/hours.ts'
import {
  integrityDefaults,
  integritySchema,
  signalsDefaults,
  signalsSchema,
  silenceDefaults,
  silenceSchema,
} from './policy/lines.ts'
import {
  areasDefaults,
  areasSchema,
  offRouteDefaults,
  offRouteSchema,
  safeStopsDefaults,
  safeStopsSchema,
  scheduleDefaults,
  scheduleSchema,
} from './policy/place.ts'
import { capsKmh, speedingDefaults, speedingSchema } from './policy/speed.ts'
import { detourSchema, temporaryLimitSchema } from './shapes/temporary.ts'
import type { VehicleClass } from './shapes/vehicle.ts'
import { isZone } from './time.ts'

/**
 * Every threshold, once, group by group in `policy/`: its unit is in its name, its range in its schema, its default and
 * source beside it. A policy file holds only what differs; keys are merged one by one; the digest of the merged policy
 * is in every finding.
 */

export const policySchema = z.strictObject({
  version: z.number().int().min(0),
  zone: z.string().refine(isZone, 'a time zone name such as "Asia/Shanghai"'),
  speeding: speedingSchema,
  fatigue: fatigueSchema,
  curfew: curfewSchema,
  bannedHours: z.array(bannedHoursSchema).max(1000),
  areas: areasSchema,
  offRoute: offRouteSchema,
  schedule: scheduleSchema,
  safeStops: safeStopsSchema,
  temporaryLimits: z.array(temporaryLimitSchema).max(1000),
  detours: z.array(detourSchema).max(1000),
  integrity: integritySchema,
  silence: silenceSchema,
  conduct: conductSchema,
  signals: signalsSchema,
  camera: cameraSchema,
})
export type Policy = z.infer<typeof policySchema>
export type BannedHours = z.infer<typeof bannedHoursSchema>

/** What a policy file may hold: any subset, group by group. */
export const policyFileSchema = z.strictObject({
  version: policySchema.shape.version.optional(),
  zone: policySchema.shape.zone.optional(),
  speeding: speedingSchema.extend({ capKmh: speedingSchema.shape.capKmh.partial() }).partial().optional(),
  fatigue: fatigueSchema.partial().optional(),
  curfew: curfewSchema.partial().optional(),
  bannedHours: policySchema.shape.bannedHours.optional(),
  areas: areasSchema.partial().optional(),
  offRoute: offRouteSchema.partial().optional(),
  schedule: scheduleSchema.partial().optional(),
  safeStops: safeStopsSchema.partial().optional(),
  temporaryLimits: policySchema.shape.temporaryLimits.optional(),
  detours: policySchema.shape.detours.optional(),
  integrity: integritySchema.partial().optional(),
  silence: silenceSchema.partial().optional(),
  conduct: conductSchema.partial().optional(),
  signals: signalsSchema.partial().optional(),
  camera: cameraSchema.partial().optional(),
})
export type PolicyFile = z.infer<typeof policyFileSchema>

/** The defaults of a class; 8 h in 24 h and 44 h in 7 days bind coaches (Dynamic Supervision Measures; Norm art. 38(3)). */
export function defaultPolicy(vehicleClass: VehicleClass): Policy {
  return {
    version: 0,
    zone: 'Asia/Shanghai',
    speeding: { ...speedingDefaults, capKmh: capsKmh[vehicleClass] },
    fatigue: fatigueDefaults,
    curfew: curfewDefaults,
    bannedHours: [],
    areas: areasDefaults,
    offRoute: offRouteDefaults,
    schedule: scheduleDefaults,
    safeStops: safeStopsDefaults,
    temporaryLimits: [],
    detours: [],
    integrity: integrityDefaults,
    silence: silenceDefaults,
    conduct: conductDefaults,
    signals: signalsDefaults,
    camera: cameraDefaults,
  }
}

/** The defaults of the class with a policy file's keys put over them, one by one. */
export function mergePolicy(vehicleClass: VehicleClass, file: PolicyFile | null): Policy {
  const base = defaultPolicy(vehicleClass)
  if (file === null) return base
  const merged = {
    ...base,
    ...pick(file, ['version', 'zone', 'bannedHours', 'temporaryLimits', 'detours']),
  } as Record<string, unknown>
  for (const group of [
    'speeding',
    'fatigue',
    'curfew',
    'areas',
    'offRoute',
    'schedule',
    'safeStops',
    'integrity',
    'silence',
    'conduct',
    'signals',
    'camera',
  ] as const) {
    merged[group] = { ...base[group], ...file[group] }
  }
  merged['speeding'] = {
    ...(merged['speeding'] as object),
    capKmh: { ...base.speeding.capKmh, ...file.speeding?.capKmh },
  }
  return policySchema.parse(merged)
}

function pick(file: PolicyFile, keys: readonly (keyof PolicyFile)[]): Partial<PolicyFile> {
  const picked: Record<string, unknown> = {}
  for (const key of keys) if (file[key] !== undefined) picked[key] = file[key]
  return picked
}

/** Hex SHA-256 of the RFC 8785 JSON of the merged policy. */
export function policyDigest(policy: Policy): string {
  return digestOf(policy)
}
