import { detectors } from '../../device/detectors/index.ts'
import { rules } from '../../gateway/rules/index.ts'
import { type AnyDetector, type States, stepAll } from '../../proto/detector.ts'
import { noAreas } from '../../proto/geo/areas.ts'
import { settingsAt } from '../../proto/in-force.ts'
import { defaultPolicy, policyDigest } from '../../proto/policy.ts'
import { defaultVehicle } from '../../proto/shapes/vehicle.ts'
import { quantise } from '../../proto/telemetry.ts'
import { beijing, sampleAt } from '../help/drive.ts'

/** Nanoseconds a Sample costs in each detector and rule, on a steady night drive at 1 Hz. */

const count = 100_000
const policy = defaultPolicy('coach')
const documents = {
  vehicle: defaultVehicle,
  trips: [],
  policy,
  policyDigest: policyDigest(policy),
  routes: [],
  areas: noAreas,
  areasSinceMs: null,
}

const drive = Array.from({ length: count }, (_, second) =>
  quantise(
    sampleAt(beijing('2026-11-22 20:00:00') + second * 1000, {
      fix: { lat: 28 + second * 2e-4, lon: 113, accuracyM: null, satellites: 12 },
      speedKmh: second % 7200 < 6000 ? 75 : 0,
      speedSource: 'wheel',
      odometerM: second * 20,
      driver: 'A',
      ignition: true,
    }),
  ),
)

function nsPerSample(list: readonly AnyDetector[]): number {
  let states: States = {}
  const begun = performance.now()
  for (const sample of drive) states = stepAll(list, states, sample, settingsAt(documents, sample.atMs)).state
  return ((performance.now() - begun) / count) * 1e6
}

export async function rulesBench(): Promise<readonly { name: string; value: number; unit: string }[]> {
  const all = [...detectors, ...rules]
  nsPerSample(all)
  const rows = all.map((detector) => ({
    name: detector.name,
    value: nsPerSample([detector]),
    unit: 'ns/Sample',
  }))
  const total = nsPerSample(all)
  return [
    ...rows,
    { name: 'all detectors and rules', value: total, unit: 'ns/Sample' },
    { name: '1 Hz positions through detectors and rules', value: 1e9 / total, unit: 'x real time' },
  ]
}
