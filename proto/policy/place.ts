import { z } from 'zod'
import { seconds } from './units.ts'

/** Where: areas, the route, its timetable, safe stops. */

export const areasSchema = z.strictObject({
  /** Left only when this far outside; a limit or role never lasts longer for it. */
  leaveM: z.number().min(0).max(1000),
  /** A fix that claims a worse accuracy decides nothing. */
  accuracyM: z.number().min(1).max(10_000),
  /** A straight line between two fixes is believed up to this pause. */
  straightS: seconds(3600),
  /** ... or longer when the odometer agrees with its length this well. */
  odometerAgreement: z.number().min(0).max(1),
  /** Standing this long in a noStopping area. */
  stopS: seconds(86_400),
  /** A vehicle that moves where it must not be once a window opens is told so long before. */
  warnBeforeS: seconds(7200),
})

export const areasDefaults: z.infer<typeof areasSchema> = {
  leaveM: 30,
  accuracyM: 100,
  straightS: 60,
  odometerAgreement: 0.05,
  stopS: 120,
  warnBeforeS: 600,
}

export const offRouteSchema = z.strictObject({
  holdS: seconds(3600),
  holdM: z.number().min(0).max(100_000),
  returnFactor: z.number().min(0.1).max(1),
  returnS: seconds(3600),
  /** Half width of a route that names none, metres. */
  halfWidthM: z.number().min(1).max(10_000),
  /** So much driven, or so long spent, beside the line is major. */
  majorM: z.number().min(0).max(1_000_000),
  majorS: seconds(86_400),
  /** Driven back so far along a line of one direction: more than any manoeuvre at a stop. */
  wrongWayM: z.number().min(10).max(100_000),
  /** A detour leaves the line before the closed stretch and joins it after: so much of it is approved too. */
  detourSlackM: z.number().min(0).max(100_000),
})

export const offRouteDefaults: z.infer<typeof offRouteSchema> = {
  holdS: 30,
  holdM: 100,
  returnFactor: 0.8,
  returnS: 10,
  halfWidthM: 200,
  majorM: 5000,
  majorS: 900,
  wrongWayM: 200,
  detourSlackM: 1000,
}

export const scheduleSchema = z.strictObject({
  /** Departing up to so much before the timetable is in time. */
  earlyS: seconds(86_400),
  /** Arriving or departing up to so much after it is in time. */
  lateS: seconds(86_400),
  /** From here on it is minor: the office has to tell those who wait. */
  minorS: seconds(86_400),
})

export const scheduleDefaults: z.infer<typeof scheduleSchema> = { earlyS: 60, lateS: 300, minorS: 900 }

export const safeStopsSchema = z.strictObject({
  /** So far beside the line a place belongs to it: a service area and its slip road. */
  besideM: z.number().min(0).max(10_000),
  /** Places farther ahead help nobody. */
  withinM: z.number().min(0).max(1_000_000),
  /** How many are named to the desk. */
  count: z.number().int().min(1).max(10),
})

export const safeStopsDefaults: z.infer<typeof safeStopsSchema> = { besideM: 500, withinM: 300_000, count: 3 }
