import { z } from 'zod'
import { areaRoles } from '../proto/geo/areas.ts'
import { policyFileSchema } from '../proto/policy.ts'
import { tripSchema } from '../proto/shapes/trip.ts'
import { clockSchema, instantSchema, vehicleClasses, vehicleSchema } from '../proto/shapes/vehicle.ts'
import { talkers } from './hardware/nmea.ts'
import { peripheralSchema } from './peripheral-schema.ts'

/**
 * A scenario: one vehicle's drive as plain data. Times of day are local to `zone` and mean the next such moment
 * after the one before; distances are kilometres along the road. Every field is explained in the README of this
 * folder, and a test counts them.
 */

const km = z.number().min(0).max(10_000)
const card = z.string().regex(/^[A-Za-z0-9-]{1,16}$/, 'letters, digits and -, at most 16 of them')

const cardsSchema = z.array(
  z.strictObject({
    at: clockSchema.optional(),
    driver: card.nullable(),
    coDriver: card.nullable().default(null),
  }),
)

const roadSchema = z.strictObject({
  id: z.string().min(1).max(64),
  name: z.string().min(1).max(128),
  /** [lat, lon] of waypoints; the road is a smooth curve through them. */
  waypoints: z
    .array(z.tuple([z.number().min(-90).max(90), z.number().min(-180).max(180)]))
    .min(2)
    .max(20_000),
  /** A file the waypoints were read from, beside the scenario: a LineString, or the `shapes.txt` of a GTFS feed. */
  geojson: z.string().min(1).optional(),
  gtfs: z.string().min(1).optional(),
  /** Of a GTFS feed with several lines: its `shape_id`. */
  shape: z.string().min(1).optional(),
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
  /** How far ahead the driver is told of it. */
  approachM: z.number().positive().max(10_000).optional(),
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
        /**
         * `void`: no fix. `tunnel`: no fix and no cell. `frozen`: the same place again and again. `multipath`: places that
         * jump. `jammer`: noise, and now and then a poor fix. `spoof`: dragged off. `unplug`: the cable. `clock`: wrong dates.
         */
        how: z.enum(['void', 'tunnel', 'frozen', 'multipath', 'jammer', 'spoof', 'unplug', 'clock']),
        /** Of `clock`: how far its dates are off. */
        shiftS: z.number().default(0),
        /** Of `multipath`: how far places jump. */
        offM: z.number().min(0).max(10_000).default(60),
        /** Of `spoof`: how fast the place is dragged off, and in which true direction. */
        dragMps: z.number().min(0).max(100).default(5),
        dragDeg: z.number().min(0).lt(360).default(90),
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
  /** No cell: nothing of the terminal reaches the gateway. */
  cell: z.array(z.strictObject(span)).default([]),
  /** The flash of the terminal takes no writes. */
  flash: z.array(z.strictObject(span)).default([]),
  /** The terminal is without power; the vehicle drives on. Of `outbox` `lost` its database is gone when it comes back. */
  terminal: z
    .array(z.strictObject({ ...span, outbox: z.enum(['kept', 'lost']).default('kept') }))
    .default([]),
})

export const noFaults = faultsSchema.parse({})

/** Another vehicle on the same road at the same time, with a terminal of its own: what it has not in common with the first. */
const besideSchema = z.strictObject({
  vehicle: vehicleSchema,
  trip: tripSchema,
  startKm: km.optional(),
  odometerKm: z.number().min(0).max(10_000_000).optional(),
  cards: cardsSchema.optional(),
})

export const scenarioSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]{1,64}$/, 'lower-case letters, digits and -'),
  /** One sentence on what happens and what must come of it. */
  about: z.string().min(1).max(500),
  /** The kinds that must be found of it, and no others. */
  finds: z.array(z.string().min(1).max(64)).optional(),
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
  /** `hurried`: faster than the legs say and hard on both pedals, whatever the weather. `drowsy`: slackens, and catches up. */
  manner: z.enum(['alert', 'drowsy', 'hurried']).default('alert'),
  /** Stop and go: nobody is faster than this, in waves. */
  traffic: z.array(z.strictObject({ ...span, kmh: z.number().min(0).max(130) })).default([]),
  /** Halts on the way, whatever the legs say. */
  stops: z
    .array(
      z.strictObject({
        at: clockSchema,
        minutes: z.number().positive().max(1440),
        doorOpen: z.boolean().default(true),
      }),
    )
    .default([]),
  /** Becomes a limit in force and, unless he is hurried, what the driver keeps to. */
  weather: z
    .array(
      z
        .strictObject({
          ...span,
          is: z.enum(['fog', 'ice']),
          visibilityM: z.number().min(0).max(100_000).optional(),
          limitKmh: z.number().positive().max(250).optional(),
        })
        .refine(({ visibilityM, limitKmh }) => visibilityM !== undefined || limitKmh !== undefined, {
          message: 'missing; visibilityM or limitKmh is needed',
          path: ['limitKmh'],
        }),
    )
    .max(1000)
    .default([]),
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
  cards: cardsSchema,
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
  /** Cameras, tyre and blind spot monitors on a line of their own; absent: the vehicle has none. */
  peripheral: peripheralSchema.optional(),
  faults: faultsSchema.prefault({}),
  /** Vehicles whose terminals report to the same gateway; on a tape there is the first one alone. */
  beside: z.array(besideSchema).max(8).default([]),
})
export type Scenario = z.infer<typeof scenarioSchema>
/** What a person writes: defaults left out. */
export type ScenarioFile = z.input<typeof scenarioSchema>
