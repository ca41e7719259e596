import { makeFinding } from '../../proto/finding.ts'
import { halfWidthAt } from '../../proto/geo/corridor.ts'
import { distanceM } from '../../proto/geo/earth.ts'
import type { Finding, Place, Sample, Severity } from '../../proto/model.ts'
import { roundKm, roundM, roundS } from '../../proto/round.ts'
import type { Settings } from '../../proto/settings.ts'
import type { LastFix } from './crossing.ts'
import type { Look } from './off-route-look.ts'

/**
 * Against the direction of a line of one direction: driven back `wrongWayM` and for `holdS` since the farthest
 * point. Loops and legs that pass near each other are no driving back: a position that jumps along the line farther
 * than the vehicle went only begins anew.
 */
export type Way = {
  readonly route: { readonly id: string; readonly name: string }
  readonly line: number
  readonly trip: string | null
  readonly driver: string | null
  /** How far along it came, and when it was last there. */
  readonly turned: Point
  /** How far back it went since; the same as `turned` before it did. */
  readonly lowest: Point
  readonly last: Point
  /** What was told. */
  readonly told: Severity | null
}
type Point = { readonly alongM: number; readonly atMs: number; readonly place: Place }
type Stepped = { readonly way: Way | null; readonly findings: readonly Finding[] }

const none: readonly Finding[] = []

/** How much farther along the line than over the ground a fix may come: a bend, and the noise of two fixes. */
const bendShare = 1.3
const noiseM = 50
/** Standing at the farthest point it jitters by so much: the last moment there counts, not the first. */
const slackM = 10

export function stepWay(way: Way | null, last: LastFix | null, look: Look): Stepped {
  const { route, near, fix, sample, settings } = look
  const applies = route.lines[near.line]?.oneWay === true && near.distanceM <= halfWidthAt(route, near)
  const now: Point = { alongM: near.alongM, atMs: sample.atMs, place: fix }
  const goesOn =
    way !== null &&
    applies &&
    look.straight &&
    way.line === near.line &&
    followsOn(way.last, now, last!, look)
  if (!goesOn) return { way: applies ? begin(now, look) : null, findings: endedWay(way, sample, settings) }
  const grown: Way = {
    ...way,
    turned:
      way.told === null && now.alongM >= way.turned.alongM - slackM
        ? farther(way.turned, now, Math.max)
        : way.turned,
    lowest: now.alongM <= way.lowest.alongM + slackM ? farther(way.lowest, now, Math.min) : way.lowest,
    last: now,
  }
  return grown.told === null ? onForward(grown, look) : onBack(grown, look)
}

function followsOn(before: Point, now: Point, last: LastFix, { fix }: Look): boolean {
  return Math.abs(now.alongM - before.alongM) <= bendShare * distanceM(last, fix) + noiseM
}

/** The extreme itself, at the last moment it was about there. */
function farther(extreme: Point, now: Point, of: (a: number, b: number) => number): Point {
  return { ...now, alongM: of(extreme.alongM, now.alongM) }
}

function begin(now: Point, { route, near, sample, settings }: Look): Way {
  return {
    route: { id: route.id, name: route.name },
    line: near.line,
    trip: settings.trip?.id ?? null,
    driver: sample.driver,
    turned: now,
    lowest: now,
    last: now,
    told: null,
  }
}

function onForward(way: Way, { sample, settings }: Look): Stepped {
  const { wrongWayM, holdS } = settings.policy.offRoute
  const { turned, last } = way
  // Nothing was driven back yet: the lowest point moves along.
  if (last.alongM >= turned.alongM) return { way: { ...way, lowest: last }, findings: none }
  const enough = turned.alongM - last.alongM >= wrongWayM && last.atMs - turned.atMs >= holdS * 1000
  if (!enough) return { way, findings: none }
  const told: Way = { ...way, driver: sample.driver, told: 'minor' }
  return { way: told, findings: [finding(told, 'started', sample, settings)] }
}

function onBack(way: Way, look: Look): Stepped {
  const { sample, settings } = look
  const { majorM, holdM } = settings.policy.offRoute
  if (way.last.alongM - way.lowest.alongM >= holdM)
    return { way: begin(way.last, look), findings: endedWay(way, sample, settings) }
  const worse = way.told === 'minor' && way.turned.alongM - way.lowest.alongM >= majorM
  if (!worse) return { way, findings: none }
  const major: Way = { ...way, told: 'major' }
  return { way: major, findings: [finding(major, 'updated', sample, settings)] }
}

/** It ceased where it was farthest back. */
export function endedWay(way: Way | null, sample: Sample, settings: Settings): readonly Finding[] {
  return way === null || way.told === null ? none : [finding(way, 'ended', sample, settings)]
}

function finding(way: Way, phase: Finding['phase'], sample: Sample, settings: Settings): Finding {
  const { turned, lowest, route } = way
  const until = phase === 'ended' ? lowest : way.last
  const made = makeFinding(
    {
      kind: 'off-route',
      reason: 'wrongWay',
      phase,
      subject: route.id,
      severity: way.told!,
      atMs: phase === 'ended' ? lowest.atMs : turned.atMs,
      driver: way.driver,
      place: phase === 'ended' ? lowest.place : turned.place,
      evidence: {
        routeId: route.id,
        routeName: route.name,
        line: way.line,
        distanceM: roundM(turned.alongM - lowest.alongM),
        alongKm: roundKm(turned.alongM / 1000),
        durationS: roundS((until.atMs - turned.atMs) / 1000),
        gradeReason: 'fixes on the line, one after the other',
      },
    },
    sample,
    settings,
  )
  return { ...made, trip: way.trip }
}

export function movedWay(way: Way | null, byMs: number): Way | null {
  if (way === null) return null
  const moved = (point: Point): Point => ({ ...point, atMs: point.atMs + byMs })
  return { ...way, turned: moved(way.turned), lowest: moved(way.lowest), last: moved(way.last) }
}
