import { mergePolicy } from '../proto/policy.ts'
import { parseDocument } from '../proto/problem.ts'
import { fogLimitKmh } from '../proto/temporary.ts'
import { clockMs, fromLocalMs, isoUtc, localMs } from '../proto/time.ts'
import type { CardChange } from './driver.ts'
import { profileOf } from './motion.ts'
import { type Driven, pacedLegs } from './pace.ts'
import { type PeripheralPlan, peripheralPlan } from './peripheral.ts'
import { curve, drivenPath, type Path } from './road.ts'
import { noFaults, type Scenario, scenarioSchema } from './scenario-schema.ts'

export type { Scenario, ScenarioFile } from './scenario-schema.ts'

/** What a person wrote, and the plan that is made of it. Pure. */

export type Span<T> = T & { readonly fromMs: number; readonly toMs: number }
type Faults = Scenario['faults']

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
  /** The third line; null in a vehicle without one. */
  readonly peripheral: PeripheralPlan | null
  /** The scenario's, with what the weather puts in force. */
  readonly policy: Scenario['policy']
  readonly faults: { readonly [name in keyof Faults]: readonly Span<Faults[name][number]>[] }
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
    faults.map((fault) => {
      const fromMs = nextMs(fault.from)
      return { ...fault, fromMs, toMs: nextClockMs(fromMs, fault.to, scenario.zone) }
    })
  const { gnss, can, power, emergency, antenna, cell, flash, terminal } = scenario.faults
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
    peripheral: peripheralPlan(scenario.peripheral, startMs, (afterMs, clock) =>
      nextClockMs(afterMs, clock, scenario.zone),
    ),
    policy: policyIn(scenario, startMs),
    faults: {
      gnss: spans(gnss),
      can: spans(can),
      power: spans(power),
      emergency: spans(emergency),
      antenna: spans(antenna),
      // Where a tunnel hides the sky it hides the mast.
      cell: [...spans(cell), ...spans(gnss.filter(({ how }) => how === 'tunnel'))],
      flash: spans(flash),
      terminal: spans(terminal),
    },
  }
}

/** What the vehicles beside the first one drive: the same road and legs, and nothing of its faults. */
export function plansBeside(scenario: Scenario): readonly Plan[] {
  return scenario.beside.map(({ startKm, odometerKm, cards, ...one }) =>
    planOf({
      ...{ ...scenario, ...one, beside: [], faults: noFaults },
      startKm: startKm ?? scenario.startKm,
      odometerKm: odometerKm ?? scenario.odometerKm,
      cards: cards ?? scenario.cards,
    }),
  )
}

/** The weather of the day as temporary limits, beside those that the scenario's own policy names. */
function policyIn({ policy, weather, zone }: Scenario, startMs: number): Scenario['policy'] {
  if (weather.length === 0) return policy
  const limits = weather.map(({ from, to, is, visibilityM, limitKmh }, index) => {
    const fromMs = nextClockMs(startMs - 1, from, zone)
    return {
      id: `weather-${index + 1}`,
      from: isoUtc(fromMs),
      to: isoUtc(nextClockMs(fromMs, to, zone)),
      cause: is,
      ...(visibilityM === undefined ? {} : { visibilityM }),
      ...(limitKmh === undefined ? {} : { limitKmh }),
    }
  })
  return { ...policy, temporaryLimits: [...(policy.temporaryLimits ?? []), ...limits] }
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

function drivenLegs(scenario: Scenario, startMs: number): readonly Driven[] {
  const { zone, vehicle, policy } = scenario
  let fromMs = startMs
  const legs = scenario.legs.map(({ until, kmh, rateMps2, doorOpen, ignition, neutral }) => {
    fromMs = nextClockMs(fromMs, until, zone)
    return { untilS: (fromMs - startMs) / 1000, kmh, rateMps2: rateMps2 ?? null, doorOpen, ignition, neutral }
  })
  const { fogSteps } = mergePolicy(vehicle.class, policy).speeding
  const secondOf = (clock: string): number => (nextClockMs(startMs - 1, clock, zone) - startMs) / 1000
  return pacedLegs(legs, scenario, secondOf, ({ visibilityM, limitKmh }) => {
    const byFog = visibilityM === undefined ? null : fogLimitKmh(visibilityM, fogSteps)
    const limits = [byFog, limitKmh ?? null].filter((kmh) => kmh !== null)
    return limits.length === 0 ? null : Math.min(...limits)
  })
}

const dayMs = 86_400_000

/** The first moment after the instant at which local clocks show this time of day. */
export function nextClockMs(afterMs: number, clock: string, zone: string): number {
  const local = localMs(afterMs, zone)
  const today = Math.floor(local / dayMs) * dayMs + (clockMs(clock) ?? 0)
  return fromLocalMs(today > local ? today : today + dayMs, zone)
}
