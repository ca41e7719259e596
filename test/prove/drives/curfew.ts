import { curfew } from '../../../gateway/rules/curfew.ts'
import { compareFindings, drive } from '../../../proto/detector.ts'
import type { Sample } from '../../../proto/model.ts'
import { mergePolicy } from '../../../proto/policy.ts'
import type { Settings } from '../../../proto/settings.ts'
import { type Trip, tripSchema } from '../../../proto/shapes/trip.ts'
import { type Vehicle, vehicleSchema } from '../../../proto/shapes/vehicle.ts'
import { beijing, sampleAt } from '../../help/drive.ts'
import { rectangles } from '../../help/rectangles.ts'
import { curfewOfNight, type Line, type Night } from '../../reference/curfew.ts'
import { type Agreement, type Dice, delivered, mustEqual, overDrives } from './agreement.ts'

/** Random nights: gaps of hours, unknown drivers and speeds, relays of every sort. */

const fromMs = beijing('2026-11-23 02:00:00')
const toMs = beijing('2026-11-23 05:00:00')
const areas = rectangles({
  filed: { role: 'relayPoint', lat: [31, 31.01], lon: [111, 111.01] },
  service: { role: 'serviceArea', lat: [32, 32.01], lon: [112, 112.01] },
})
const places = [
  { lat: 31.005, lon: 111.005 },
  { lat: 32.005, lon: 112.005 },
  { lat: 30, lon: 110 },
  null,
] as const

function settingsOf(roll: Dice): Settings {
  const relay = {
    certificate: roll.chance(0.9) ? 'JB-1' : null,
    validTo: roll.pick(['2026-12-31', '2026-12-31', '2026-11-22', '2026-11-23']),
    window: ['22:00', '02:00'],
    points: ['filed'],
  }
  const service = {
    serviceClass: roll.chance(0.7)
      ? 'scheduled'
      : roll.pick([
          'charterTour',
          'commuterCharter',
          'customised',
          'airportRailExpress',
          'shortFeeder',
          null,
        ]),
    oneWayKm: roll.pick([null, 150, 200, 200.1, 900]),
  }
  const vehicle: Vehicle = vehicleSchema.parse({
    id: 'c',
    fleet: 'f',
    class: 'coach',
    ...service,
    relay: roll.chance(0.85) ? relay : null,
  })
  const policy = mergePolicy('coach', {
    curfew: {
      kmLimitApplies: roll.pick(['feeder', 'all']),
      requireFreshDriver: roll.chance(0.75),
      longRestS: roll.pick([21_600, 3600]),
      minOneWayKm: roll.pick([0, 0, 0, 200, 800]),
    },
  })
  const trip = roll.chance(0.4) ? tripOf(roll, service) : null
  return { policy, policyDigest: 'd', vehicle, trip, route: null, areas, areasSinceMs: null }
}

function tripOf(roll: Dice, service: object): Trip {
  const record = {
    at: new Date(fromMs - Math.floor(roll.next() * 5 * 3_600_000)).toISOString(),
    areaId: roll.pick(['filed', 'filed', 'service']),
    driver: roll.pick(['A', 'B', 'C']),
  }
  const relayed = roll.chance(0.4) ? { relayRecords: [record] } : {}
  return tripSchema.parse({
    id: 't',
    vehicle: 'c',
    // The trip covers all Samples: what is in force is the host's business, not the rule's.
    from: new Date(fromMs - roll.pick([5, 6, 9]) * 3_600_000).toISOString(),
    to: '2026-11-24T00:00:00Z',
    drivers: [],
    ...service,
    ...relayed,
  })
}

/** Legs of seconds to half an hour, at steps that meet the limits of 30 s and 300 s from both sides. */
function samplesOf(roll: Dice): Sample[] {
  const odometer = roll.chance(0.6)
  const samples: Sample[] = []
  let atMs = fromMs - roll.pick([270, 250, 120, 40]) * 60_000 + roll.pick([0, 0, 1, 400, 999])
  const endMs = toMs + roll.pick([-1, 5, 60]) * 60_000
  let odometerM = 0
  let driver: string | null = 'A'
  while (atMs < endMs) {
    const place = roll.pick(places)
    const known = roll.pick([0, 0, 4.99, 5, 60, 80, 80, null])
    // A Sample that says nothing at all is silence, and only an odometer measures that here.
    const speedKmh = known === null && place === null && !odometer ? 0 : known
    const stepMs = roll.pick([5000, 10_000, 15_000, 29_000, 30_000, 31_000, 60_000, 299_000, 300_000])
    if (roll.chance(0.35)) driver = roll.pick(['A', 'B', 'C', null])
    const coDriver = roll.chance(0.06) ? roll.pick(['A', 'B']) : null
    const legEndMs = Math.min(endMs, atMs + stepMs * (1 + Math.floor(roll.next() * 8)))
    for (; atMs < legEndMs; atMs += stepMs) {
      const fix = place === null ? null : { ...place, accuracyM: null, satellites: null }
      const seen = { fix, speedKmh, driver, coDriver, odometerM: odometer ? Math.round(odometerM) : null }
      samples.push(sampleAt(atMs, { ...seen, trusted: !odometer || !roll.chance(0.01) }))
      odometerM += ((speedKmh ?? 0) / 3.6) * (stepMs / 1000)
    }
    // Whoever knows no distance cannot infer from a gap; with an odometer every gap is measured.
    if (odometer && roll.chance(0.06)) {
      const gapS = roll.pick([301, 400, 3600, 9000])
      atMs += gapS * 1000
      odometerM += roll.pick([0, 0.2, 0.5, 0.9]) * (gapS / 36) * 1000
    }
  }
  return samples
}

export function nightOf(roll: Dice): Night {
  return { settings: settingsOf(roll), samples: samplesOf(roll), fromMs, toMs }
}

export function ruleOf({ settings }: Night, samples: readonly Sample[]): Line[] {
  return drive(curfew, samples, settings)
    .findings.sort(compareFindings)
    .map(({ kind, phase, atMs, decidedAtMs, severity, reason }) => ({
      kind,
      phase,
      atMs,
      knownMs: decidedAtMs,
      severity,
      reason,
    }))
}

const lineOf = (line: Line): string => JSON.stringify(line)

export const curfewAgrees: Agreement = {
  name: 'curfew',
  agree: (drives, seed) =>
    overDrives(drives, seed, (roll) => {
      const night = nightOf(roll)
      const naive = curfewOfNight(night)
      mustEqual(ruleOf(night, delivered(night.samples, roll)).map(lineOf), naive.map(lineOf))
      return naive.length
    }),
}
