import { describe, expect, it } from 'vitest'
import { camera } from '../../../device/detectors/camera.ts'
import { cameraFault } from '../../../device/detectors/camera-fault.ts'
import { canSilent } from '../../../device/detectors/can-silent.ts'
import { coasting } from '../../../device/detectors/coasting.ts'
import { crash } from '../../../device/detectors/crash.ts'
import { doorOpen } from '../../../device/detectors/door-open.ts'
import { emergency } from '../../../device/detectors/emergency.ts'
import { gnssFrozen } from '../../../device/detectors/gnss-frozen.ts'
import { gnssLost } from '../../../device/detectors/gnss-lost.ts'
import { harshAcceleration, harshBraking } from '../../../device/detectors/harsh.ts'
import { offRoute } from '../../../device/detectors/off-route.ts'
import { overload } from '../../../device/detectors/overload.ts'
import { powerCut } from '../../../device/detectors/power-cut.ts'
import { seatBelt } from '../../../device/detectors/seat-belt.ts'
import { speedMismatch } from '../../../device/detectors/speed-mismatch.ts'
import { speeding } from '../../../device/detectors/speeding.ts'
import { speedingWarning } from '../../../device/detectors/speeding-warning.ts'
import { tyrePressure } from '../../../device/detectors/tyre-pressure.ts'
import type { AnyDetector } from '../../../proto/detector.ts'
import type { CameraEvent, Finding, Json, Sample, TyreEvent } from '../../../proto/model.ts'
import type { Settings } from '../../../proto/settings.ts'
import { conduct } from '../../help/conduct.ts'
import { sampleAt } from '../../help/drive.ts'
import { boxAreas, deepFreeze, roadPoint, roadRoute, ruledRoute, settingsFor } from '../../help/road.ts'
import { fixAt, healthy, seconds, settings, startMs, wheel } from '../../help/seconds.ts'

/**
 * Each drive is told once by a clock that is right, and again and again by one that is corrected before each of its
 * Samples: by a millisecond, back by a minute, on by an hour. What is told differs by the correction and by nothing else.
 */

type Ride = {
  readonly detector: AnyDetector
  readonly samples: readonly Sample[]
  /** At each of its Samples, or all along. */
  readonly inForce?: Settings | ((i: number) => Settings)
  /** How often this drive speaks: one that is silent proves nothing. */
  readonly tells: number
}

function corrected(samples: readonly Sample[], at: number, byMs: number): Sample[] {
  const late = <Event extends { readonly atMs: number }>(events: readonly Event[]): Event[] =>
    events.map((event) => ({ ...event, atMs: event.atMs + byMs }))
  return samples.map((sample, i) => {
    if (i < at) return sample
    const { camera: view } = sample
    const seen =
      view === undefined
        ? {}
        : { camera: { ...view, events: late(view.events), tyres: late(view.tyres ?? []) } }
    return { ...sample, ...seen, atMs: sample.atMs + byMs, clockStepMs: i === at ? byMs : 0 }
  })
}

/** Each finding with the number of the Sample that decided it. */
function toldOf({ detector, inForce = settings }: Ride, samples: readonly Sample[]): [number, Finding][] {
  let state = detector.initial
  return samples.flatMap((sample, i) => {
    const step = detector.step(state as never, sample, typeof inForce === 'function' ? inForce(i) : inForce)
    state = step.state
    return step.findings.map((finding): [number, Finding] => [i, finding])
  })
}

const evidenceMoved = (value: Json | undefined, byMs: number): Json | undefined => {
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value))
    return new Date(Date.parse(value) + byMs).toISOString()
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, evidenceMoved(inner, byMs)]))
}

/** The name of an accident record is made of its instant. */
function movedBy(finding: Finding, byMs: number): unknown {
  const { record: _named, ...evidence } = finding.evidence
  return {
    ...finding,
    atMs: finding.atMs + byMs,
    decidedAtMs: finding.decidedAtMs + byMs,
    evidence: evidenceMoved(evidence, byMs),
  }
}

const event = (s: number, known: Partial<CameraEvent> = {}): CameraEvent => ({
  ...{ what: 'phone', device: 'dsm', alarmId: 1, flag: 'event', level: null, fatigueDegree: null },
  ...{ frontSpeedKmh: null, distanceS: null, side: null, speedKmh: null, sentAt: null, attachments: 1 },
  atMs: startMs + s * 1000,
  ...known,
})
const tyre = (s: number, known: Partial<TyreEvent>): TyreEvent => ({
  ...{ tyre: 0, alarms: [], tells: 'some', pressureKpa: 610, temperatureC: 41, batteryPct: 90 },
  atMs: startMs + s * 1000,
  ...known,
})
const devices = [{ name: 'dsm', ageMs: 0, faults: [] }] as const
const slope = settingsFor('coach', null, {
  areas: boxAreas([{ id: 'slope', fromM: 0, toM: 410, role: 'riskSection' }]),
})
const between = (s: number, from: number, to: number): boolean => s >= from && s < to

/** 80 km/h, a blow within 0.2 s, 3 s of rolling, 22 s of stillness, and on. */
const blow = [...Array<number>(10).fill(80), 50, 19, ...Array<number>(30).fill(15)].map((kmh, i) => [
  i / 10,
  kmh,
])
const afterBlow = Array.from({ length: 24 }, (_, i) => [4.2 + i, i < 22 ? 0 : 10])
const crashed = [...blow, ...afterBlow].map(([s, kmh]) =>
  sampleAt(startMs + s! * 1000, {
    fix: fixAt(s!),
    speedKmh: kmh!,
    sources: wheel(null, kmh!),
    lines: healthy,
  }),
)

const outage = (ageMs: (s: number) => number | null) =>
  seconds(70, (s) => ({
    fix: between(s, 10, 60) ? null : fixAt(s * 20),
    sources: wheel(72, null),
    speedKmh: 72,
    lines: { ...healthy, gnssFixAgeMs: between(s, 10, 60) ? ageMs(s) : 0 },
  }))
const pace = (kmh: readonly number[]) =>
  kmh.map((now, i) => sampleAt(startMs + i * 1000, { speedKmh: now, sources: wheel(now), lines: healthy }))
const road = settingsFor('coach', { offRoute: { majorS: 60 } }, { route: roadRoute({ halfWidthM: 200 }) })
const beside = (besideOf: (s: number) => number, count: number, everyS = 1) =>
  seconds(count, (s) =>
    s % everyS === 0
      ? { fix: { ...roadPoint(s * 20, besideOf(s)), accuracyM: null, satellites: null } }
      : null,
  )

const rides: { readonly [title: string]: Ride } = {
  'a telephone at the ear, again and again': {
    detector: camera,
    tells: 4,
    samples: seconds(160, (s) => ({
      speedKmh: 60,
      camera: {
        devices,
        events: [0, 20, 50].includes(s)
          ? [event(s)]
          : s === 60
            ? [event(s, { what: 'smoking', flag: 'start' })]
            : s === 80
              ? [event(s, { what: 'smoking', flag: 'end' })]
              : [],
      },
    })),
  },
  'a camera that is silent, and one that never spoke': {
    detector: cameraFault,
    tells: 3,
    samples: seconds(75, (s) => ({
      camera: {
        events: [],
        devices: [
          { name: 'dsm', ageMs: s < 70 ? s * 1000 : 0, faults: [] },
          { name: 'adas', ageMs: null, faults: [] },
        ],
      },
    })),
  },
  'a bus that is silent': {
    detector: canSilent,
    tells: 2,
    samples: seconds(40, (s) => ({
      speedKmh: 60,
      lines: { ...healthy, canAgeMs: between(s, 5, 30) ? (s - 5) * 1000 : 0 },
    })),
  },
  'a bus that never spoke': {
    detector: canSilent,
    tells: 1,
    samples: seconds(15, () => ({ speedKmh: 60, lines: { ...healthy, canAgeMs: null } })),
  },
  'neutral downhill': {
    detector: coasting,
    inForce: slope,
    tells: 2,
    samples: seconds(15, (s) => ({
      fix: fixAt(s * 20),
      speedKmh: 72,
      conduct: conduct({ gear: between(s, 3, 12) ? 0 : 5 }),
    })),
  },
  'a crash': { detector: crash, samples: crashed, tells: 2 },
  'an open door': {
    detector: doorOpen,
    tells: 3,
    samples: seconds(20, (s) => ({ speedKmh: s < 10 ? 20 : 40, doorOpen: between(s, 3, 15) })),
  },
  'a button': {
    detector: emergency,
    tells: 2,
    samples: seconds(30, (s) => ({ conduct: conduct({ emergency: between(s, 3, 6) ? 'attack' : null }) })),
  },
  'a position that stays': {
    detector: gnssFrozen,
    tells: 2,
    samples: seconds(30, (s) => ({
      fix: fixAt(between(s, 5, 25) ? 100 : s * 20),
      sources: wheel(s < 3 ? 0 : 60),
    })),
  },
  'a position that is lost': {
    detector: gnssLost,
    tells: 2,
    samples: outage((s) => (s - 9) * 1000),
  },
  'a position that never was': { detector: gnssLost, tells: 2, samples: outage(() => null) },
  'a brake': {
    detector: harshBraking,
    tells: 2,
    samples: pace([90, 90, 72, 54, 36, 36, 36]),
  },
  'a start': { detector: harshAcceleration, tells: 2, samples: pace([0, 0, 12, 24, 36, 36]) },
  'too heavy': {
    detector: overload,
    inForce: { ...settings, vehicle: { ...settings.vehicle, approvedMassKg: 18_000 } },
    tells: 2,
    samples: seconds(45, (s) => ({ speedKmh: 60, conduct: conduct({ massKg: s < 40 ? 20_000 : 17_000 }) })),
  },
  'a battery that falls': {
    detector: powerCut,
    tells: 2,
    samples: seconds(20, (s) => ({
      fix: fixAt(s * 20),
      speedKmh: 60,
      conduct: conduct({ batteryV: between(s, 5, 15) ? 4 : 27 }),
    })),
  },
  'a boot after a loss of power': {
    detector: powerCut,
    tells: 2,
    samples: seconds(40, (s) =>
      between(s, 10, 30)
        ? null
        : {
            fix: fixAt(s * 20),
            speedKmh: 60,
            trusted: s < 10 || s > 33,
            conduct: conduct({ afterPowerLoss: s === 30 }),
          },
    ),
  },
  'a departure': {
    detector: seatBelt,
    tells: 2,
    samples: seconds(90, (s) => ({ speedKmh: s < 75 ? 0 : 30 })),
  },
  'wheels that differ from the receiver': {
    detector: speedMismatch,
    inForce: settingsFor('coach', { integrity: { mismatchS: 20 } }),
    tells: 2,
    samples: seconds(60, (s) => ({ sources: wheel(s < 30 ? 80 : 100, 100) })),
  },
  'too fast, under a limit of 100 km/h': {
    detector: speeding,
    tells: 3,
    samples: seconds(60, (s) => ({ speedKmh: s < 20 ? 110 : s < 30 ? 125 : s < 40 ? 97 : 60 })),
  },
  'a word near the limit': {
    detector: speedingWarning,
    tells: 2,
    samples: seconds(30, (s) => ({ speedKmh: between(s, 5, 15) ? 99 : 40 })),
  },
  'a tyre that is low, and one of which nothing more is said': {
    detector: tyrePressure,
    tells: 4,
    inForce: settingsFor('coach', { camera: { heldMaxS: 30 } }),
    samples: seconds(60, (s) => ({
      camera: {
        devices,
        events: [],
        tyres:
          s === 2
            ? [tyre(s, { alarms: ['low'] }), tyre(s, { tyre: 3, alarms: ['hot'] })]
            : s === 20
              ? [tyre(s, { tells: 'all' })]
              : [],
      },
    })),
  },
  'off the route and back': {
    detector: offRoute,
    inForce: road,
    tells: 3,
    samples: beside((s) => (between(s, 10, 110) ? 400 : 0), 130, 2),
  },
  'off a route that ends while the vehicle is beside it': {
    detector: offRoute,
    inForce: (i) => (i < 30 ? road : settings),
    tells: 2,
    samples: beside((s) => (s < 10 ? 0 : 400), 64, 2),
  },
  'back along a line of one direction, and on': {
    detector: offRoute,
    inForce: settingsFor('coach', null, { route: ruledRoute({ oneWay: true }) }),
    tells: 2,
    samples: seconds(64, (s) =>
      s % 2 === 0 ? { fix: fixAt(s < 5 ? 9900 + s * 20 : s < 50 ? 10_100 - s * 20 : 8100 + s * 20) } : null,
    ),
  },
  'off the route and back, seen every 65 s': {
    detector: offRoute,
    inForce: road,
    tells: 2,
    samples: beside((s) => (between(s, 70, 400) ? 4000 : 0), 900, 65).concat(
      seconds(30, (s) => ({ fix: { ...roadPoint(20_000 + s), accuracyM: null, satellites: null } })).map(
        (sample) => ({ ...sample, atMs: sample.atMs + 900_000 }),
      ),
    ),
  },
}

describe('a corrected clock moves what is told by the correction and by nothing else', () => {
  it.each(Object.entries(rides))('%s', (_title, ride) => {
    const samples = deepFreeze(ride.samples)
    const right = toldOf(ride, samples)
    expect(right).toHaveLength(ride.tells)
    for (const byMs of [1, -60_000, 3_600_000])
      for (let at = 1; at < samples.length; at++) {
        const told = toldOf(ride, corrected(samples, at, byMs)).map(([i, one]) => [i, movedBy(one, 0)])
        expect(told).toEqual(right.map(([i, one]) => [i, movedBy(one, i < at ? 0 : byMs)]))
      }
  })
})
