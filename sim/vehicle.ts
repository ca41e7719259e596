import { cardsAt } from './driver.ts'
import { motionAt } from './motion.ts'
import { placeAt } from './road.ts'
import type { Plan } from './scenario.ts'

/** The truth of the simulated vehicle at one instant: what the hardware then reports with its own limits. */
export type Truth = {
  readonly atMs: number
  readonly lat: number
  readonly lon: number
  readonly courseDeg: number
  readonly speedKmh: number
  readonly accelerationMps2: number
  readonly odometerM: number
  readonly tripM: number
  readonly rpm: number
  readonly torquePct: number
  readonly gear: number
  readonly brake: boolean
  readonly brakePedalPct: number
  readonly clutch: boolean
  readonly parkingBrake: boolean
  readonly doorOpen: boolean
  readonly ignition: boolean
  /** What the axles carry together; null where none says it. */
  readonly massKg: number | null
  /** Volts; null on a bus that does not tell. */
  readonly batteryV: number | null
  readonly keySwitchV: number | null
  /** The button that is pressed; undefined in a vehicle that has none. */
  readonly emergency?: 'accident' | 'attack' | 'illness' | null
  readonly driver: string | null
  readonly coDriver: string | null
}

/** Truth of a plan at an instant; the same answer in whatever order it is asked. */
export function truthAt(plan: Plan, atMs: number): Truth {
  const atS = (atMs - plan.startMs) / 1000
  const { alongM, mps, mps2 } = motionAt(plan.profile, atS)
  const { lat, lon, courseDeg } = placeAt(plan.path, alongM)
  const standing = mps === 0
  const braking = mps2 < -0.3
  const leg = plan.legs.find(({ untilS }) => atS < untilS) ?? plan.legs.at(-1)!
  return {
    atMs,
    lat,
    lon,
    courseDeg,
    speedKmh: mps * 3.6,
    accelerationMps2: mps2,
    odometerM: plan.odometerM + alongM,
    tripM: alongM,
    ...drivetrain(mps, mps2, leg.ignition),
    brake: braking || standing,
    brakePedalPct: braking ? Math.min(100, -mps2 * 14) : standing ? 20 : 0,
    clutch: false,
    parkingBrake: standing && leg.kmh === 0,
    doorOpen: leg.doorOpen && (standing || leg.kmh > 0),
    ignition: leg.ignition,
    ...(leg.neutral ? { gear: 0, rpm: idleRpm, torquePct: 0 } : {}),
    massKg: plan.scenario.massKg ?? null,
    ...electrics(plan, atMs, leg.ignition),
    ...cardsAt(plan.cards, atS),
  }
}

const nominalV = 27.5

function electrics({ faults }: Plan, atMs: number, ignition: boolean) {
  const at = <T extends { fromMs: number; toMs: number }>(spans: readonly T[]): T | undefined =>
    spans.find(({ fromMs, toMs }) => atMs >= fromMs && atMs < toMs)
  const volts = at(faults.power)?.volts ?? nominalV
  return {
    batteryV: faults.power.length === 0 ? null : volts,
    keySwitchV: faults.power.length === 0 ? null : ignition ? volts : 0,
    ...(faults.emergency.length === 0 ? {} : { emergency: at(faults.emergency)?.reason ?? null }),
  }
}

/** Top speeds of the gears of an automatic coach, km/h; it shifts so that the engine stays between 1,000 and 1,900 rpm. */
const gearTopKmh = [12, 22, 36, 54, 78, 250] as const
const idleRpm = 600

function drivetrain(mps: number, mps2: number, ignition: boolean) {
  if (!ignition) return { rpm: 0, gear: 0, torquePct: 0 }
  if (mps === 0) return { rpm: idleRpm, gear: 0, torquePct: 12 }
  const kmh = mps * 3.6
  const gear = gearTopKmh.findIndex((topKmh) => kmh < topKmh) + 1
  const top = gear === gearTopKmh.length ? 125 : gearTopKmh[gear - 1]!
  const rpm = Math.max(idleRpm, Math.min(2300, (kmh / top) * 1900))
  const torquePct = Math.max(0, Math.min(100, 15 + kmh * 0.2 + mps2 * 70))
  return { rpm, gear, torquePct }
}
