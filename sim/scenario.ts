import { z } from 'zod'
import { areaRoles } from '../proto/geo/areas.ts'
import { policyFileSchema } from '../proto/policy.ts'
import { parseDocument } from '../proto/problem.ts'
import { tripSchema } from '../proto/shapes/trip.ts'
import { clockSchema, instantSchema, vehicleClasses, vehicleSchema } from '../proto/shapes/vehicle.ts'
import { clockMs, fromLocalMs, localMs } from '../proto/time.ts'
import type { CardChange } from './driver.ts'
import { talkers } from './hardware/nmea.ts'
import { type Leg, profileOf } from './motion.ts'
import { curve, drivenPath, type Path } from './road.ts'

/**
 * A scenario: one vehicle's drive as plain data. Times of day are local to `zone` and mean the next such moment
 * after the one before; distances are kilometres along the road.
 */

const km = z.number().min(0).max(10_000)
const card = z.string().regex(/^[A-Za-z0-9-]{1,16}$/, 'letters, digits and -, at most 16 of them')

const roadSchema = z.strictObject({
  id: z.string().min(1).max(64),
  name: z.string().min(1).max(128),
  /** [lat, lon] of waypoints; the road is a smooth curve through them. */
  waypoints: z
    .array(z.tuple([z.number().min(-90).max(90), z.number().min(-180).max(180)]))
    .min(2)
    .max(1000),
  vertexM: z.number().min(20).max(5000).default(500),
  halfWidthM: z.number().min(1).max(10_000),
  limits: z
    .array(
      z.strictObject({
        fromKm: km,
        toKm: km,
        dayKmh: z.number().positive().nullable(),
        nightKmh: z.number().positive().nullable(),
        roadClass: z.enum(['motorway', 'other']),
      }),
    )
    .default([]),
})

const areaSchema = z.strictObject({
  id: z.string().min(1).max(64),
  name: z.string().min(1).max(128),
  role: z.enum(areaRoles),
  fromKm: km,
  toKm: km,
  halfWidthM: z.number().min(5).max(10_000),
  classes: z.array(z.enum(vehicleClasses)).optional(),
  windows: z
    .array(z.strictObject({ from: clockSchema, to: clockSchema, days: z.array(z.number()).optional() }))
    .optional(),
  limitKmh: z.number().positive().optional(),
  nightLimitKmh: z.number().positive().optional(),
  dwellS: z.number().positive().optional(),
})

const legSchema = z.strictObject({
  until: clockSchema,
  /** 0 is a stop. */
  kmh: z.number().min(0).max(130),
  /** Change of speed on this leg; without it a careful driver's. 7 m/s2 is the most a coach can brake; more is a blow. */
  rateMps2: z.number().min(0.05).max(200).optional(),
  doorOpen: z.boolean().default(false),
  ignition: z.boolean().default(true),
  /** Out of gear, clutch released. */
  neutral: z.boolean().default(false),
})

const span = { from: clockSchema, to: clockSchema }
const faultsSchema = z.strictObject({
  gnss: z
    .array(
      z.strictObject({
        ...span,
        how: z.enum(['void', 'frozen', 'unplug', 'clock']),
        /** Of `clock`: how far its dates are off. */
        shiftS: z.number().default(0),
      }),
    )
    .default([]),
  can: z
    .array(
      z.strictObject({
        ...span,
        how: z.enum(['silent', 'unplug', 'scale']),
        /** Of `scale`: what wheel and tachograph show for 1 km/h. */
        factor: z.number().min(0.1).max(10).default(1),
      }),
    )
    .default([]),
  /** The battery falls; a bus with such a fault tells of its voltage all the time. */
  power: z.array(z.strictObject({ ...span, volts: z.number().min(0).max(60) })).default([]),
  /** Buttons pressed, told by the body builder's frame. */
  emergency: z
    .array(z.strictObject({ ...span, reason: z.enum(['accident', 'attack', 'illness']) }))
    .default([]),
  antenna: z.array(z.strictObject({ ...span, state: z.enum(['open', 'short']) })).default([]),
})

export const scenarioSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]{1,64}$/, 'lower-case letters, digits and -'),
  /** One sentence on what happens and what must come of it. */
  about: z.string().min(1).max(500),
  /** Where the geometry comes from. */
  origin: z.string().min(1).max(200),
  seed: z.number().int().min(0),
  zone: z.string().default('Asia/Shanghai'),
  start: instantSchema,
  end: instantSchema,
  vehicle: vehicleSchema,
  trip: tripSchema,
  policy: policyFileSchema.default({}),
  road: roadSchema,
  startKm: km,
  startKmh: z.number().min(0).max(130).default(0),
  odometerKm: z.number().min(0).max(10_000_000),
  areas: z.array(areaSchema).default([]),
  legs: z.array(legSchema).min(1).max(10_000),
  detours: z
    .array(
      z.strictObject({
        fromKm: km,
        toKm: km,
        rightM: z.number().min(-20_000).max(20_000),
        rampM: z.number().min(100),
      }),
    )
    .default([]),
  /** Cards from the start on, and every change. */
  cards: z.array(
    z.strictObject({
      at: clockSchema.optional(),
      driver: card.nullable(),
      coDriver: card.nullable().default(null),
    }),
  ),
  receiver: z
    .strictObject({
      talker: z.enum(talkers).default('GN'),
      latencyMs: z.number().min(0).max(900).default(120),
      /** Epochs a second. */
      rateHz: z.union([z.literal(1), z.literal(5), z.literal(10)]).default(1),
    })
    .default({ talker: 'GN', latencyMs: 120, rateHz: 1 }),
  /** What the axles say, kg; absent: they say nothing. */
  massKg: z.number().positive().max(200_000).optional(),
  faults: faultsSchema.default({ gnss: [], can: [], power: [], emergency: [], antenna: [] }),
})
export type Scenario = z.infer<typeof scenarioSchema>
/** What a person writes: defaults left out. */
export type ScenarioFile = z.input<typeof scenarioSchema>

export type Span<T> = T & { readonly fromMs: number; readonly toMs: number }
type Driven = Leg & { readonly doorOpen: boolean; readonly ignition: boolean; readonly neutral: boolean }

/** A scenario made ready to be driven. */
export type Plan = {
  readonly scenario: Scenario
  readonly startMs: number
  readonly endMs: number
  readonly road: Path
  readonly path: Path
  readonly legs: readonly Driven[]
  readonly profile: ReturnType<typeof profileOf>
  readonly cards: readonly CardChange[]
  readonly odometerM: number
  readonly faults: {
    readonly gnss: readonly Span<{ how: 'void' | 'frozen' | 'unplug' | 'clock'; shiftS: number }>[]
    readonly can: readonly Span<{ how: 'silent' | 'unplug' | 'scale'; factor: number }>[]
    readonly power: readonly Span<{ volts: number }>[]
    readonly emergency: readonly Span<{ reason: 'accident' | 'attack' | 'illness' }>[]
    readonly antenna: readonly Span<{ state: 'open' | 'short' }>[]
  }
}

/** Checks what a person wrote; the one line of a BadInput names the file. */
export function parseScenario(value: unknown, file: string): Scenario {
  return parseDocument(scenarioSchema, value, file)
}

export function planOf(scenario: Scenario): Plan {
  const startMs = Date.parse(scenario.start)
  const { road, legs, profile, path } = geometry(scenario, startMs)
  const nextMs = (clock: string) => nextClockMs(startMs, clock, scenario.zone)
  const spans = <T extends { from: string; to: string }>(faults: readonly T[]) =>
    faults.map((fault) => ({ ...fault, fromMs: nextMs(fault.from), toMs: nextMs(fault.to) }))
  return {
    scenario,
    startMs,
    endMs: Date.parse(scenario.end),
    road,
    path,
    legs,
    profile,
    cards: scenario.cards.map(({ at, driver, coDriver }) => ({
      atS: at === undefined ? Number.NEGATIVE_INFINITY : (nextMs(at) - startMs) / 1000,
      driver,
      coDriver,
    })),
    odometerM: scenario.odometerKm * 1000,
    faults: {
      gnss: spans(scenario.faults.gnss),
      can: spans(scenario.faults.can),
      power: spans(scenario.faults.power),
      emergency: spans(scenario.faults.emergency),
      antenna: spans(scenario.faults.antenna),
    },
  }
}

function geometry(scenario: Scenario, startMs: number) {
  const road = curve(
    scenario.road.waypoints.map(([lat, lon]) => ({ lat, lon })),
    scenario.road.vertexM,
  )
  const legs = drivenLegs(scenario, startMs)
  const profile = profileOf(legs, scenario.startKmh)
  const fromM = scenario.startKm * 1000
  const detours = scenario.detours.map(({ fromKm, toKm, rightM, rampM }) => ({
    fromM: fromKm * 1000,
    toM: toKm * 1000,
    rightM,
    rampM,
  }))
  // One kilometre more than the profile needs: a detour is longer than the road it leaves, never shorter.
  const path = drivenPath(road, fromM, Math.min(road.lengthM, fromM + profile.lengthM + 1000), detours)
  return { road, legs, profile, path }
}

function drivenLegs(scenario: Scenario, startMs: number): Driven[] {
  let fromMs = startMs
  return scenario.legs.map(({ until, kmh, rateMps2, doorOpen, ignition, neutral }) => {
    fromMs = nextClockMs(fromMs, until, scenario.zone)
    return { untilS: (fromMs - startMs) / 1000, kmh, rateMps2: rateMps2 ?? null, doorOpen, ignition, neutral }
  })
}

const dayMs = 86_400_000

/** The first moment after the instant at which local clocks show this time of day. */
export function nextClockMs(afterMs: number, clock: string, zone: string): number {
  const local = localMs(afterMs, zone)
  const today = Math.floor(local / dayMs) * dayMs + (clockMs(clock) ?? 0)
  return fromLocalMs(today > local ? today : today + dayMs, zone)
}
