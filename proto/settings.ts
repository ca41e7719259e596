import type { AreaIndex } from './geo/areas.ts'
import type { Corridor } from './geo/corridor.ts'
import type { Policy } from './policy.ts'
import type { Trip } from './shapes/trip.ts'
import type { Vehicle } from './shapes/vehicle.ts'

/**
 * Everything that is in force for a vehicle at one moment: what a detector or rule may know besides its own
 * state and the Sample. Made by `inForce` whenever a document changes; a step only reads it.
 */
export type Settings = {
  readonly policy: Policy
  readonly policyDigest: string
  readonly vehicle: Vehicle
  /** The trip whose document covers the moment; null where none does and the vehicle's defaults hold. */
  readonly trip: Trip | null
  readonly route: Corridor | null
  readonly areas: AreaIndex
  /** When the areas in force were pushed (event time): a push never back-dates. null: in force from the beginning. */
  readonly areasSinceMs: number | null
  /** Limits of the day (fog, ice, works): never multiplied at night. Absent: none. */
  readonly temporaryLimits?: readonly TemporaryLimit[]
}

export type TemporaryLimit = {
  readonly id: string
  readonly limitKmh: number
  /** Where it holds; null: everywhere. */
  readonly areaId: string | null
  /** In force from, up to but not including; null: open. */
  readonly fromMs: number | null
  readonly toMs: number | null
  /** What the limit is for, where a policy says so. */
  readonly cause?: 'fog' | 'ice' | 'works'
  /** Made of a visibility: holds on motorways only (Implementing Regulations art. 81). */
  readonly visibilityM?: number
}
