import { readdirSync, readFileSync } from 'node:fs'
import type { Finding, Sample } from '../../proto/model.ts'
import type { Settings } from '../../proto/settings.ts'
import type { VehicleClass } from '../../proto/shapes/vehicle.ts'
import { sampleAt } from './drive.ts'
import { type BoxShape, boxAreas, roadPoint, roadRoute, settingsFor } from './road.ts'

/** Speed cases as a safety officer writes them: so many seconds at so many km/h, under a limit. */

export type SpeedStep = { for: number; kmh?: number | null; silent?: boolean; limit?: number; fix?: boolean }
export type SpeedCase = {
  title: string
  class?: VehicleClass
  start?: string
  everyS?: number
  limit?: number
  policy?: object
  road?: object[]
  areas?: BoxShape[]
  besideM?: number
  drive: SpeedStep[]
  expect: [Finding['phase'], number, number, object?][]
}
type CaseFile = Omit<SpeedCase, 'title' | 'drive' | 'expect'> & { about: string; cases: SpeedCase[] }

const folder = new URL('../cases/speed/', import.meta.url)

/** The files of `test/cases/speed`, each case with what its file says of all. */
export function speedFiles(): { file: string; about: string; cases: SpeedCase[] }[] {
  return readdirSync(folder).map((file) => {
    const { about, cases, ...common } = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as CaseFile
    return { file, about, cases: cases.map((special) => ({ ...common, ...special })) }
  })
}

export function samplesOf(
  one: SpeedCase,
  startMs: number,
): { samples: Sample[]; limits: Map<number, number> } {
  const samples: Sample[] = []
  const limits = new Map<number, number>()
  const everyS = one.everyS ?? 1
  let tenths = 0
  let alongM = 0
  for (const step of one.drive) {
    const end = tenths + Math.round(step.for * 10)
    for (; tenths < end; tenths += Math.round(everyS * 10)) {
      const atMs = startMs + tenths * 100
      const limit = step.limit ?? one.limit
      if (limit !== undefined) limits.set(atMs, limit)
      const fix = { ...roadPoint(alongM, one.besideM ?? 0), accuracyM: null, satellites: null }
      const placed = (one.road ?? one.areas) !== undefined && step.fix !== false
      if (step.silent !== true)
        samples.push(
          sampleAt(atMs, { speedKmh: step.kmh ?? null, speedSource: 'file', fix: placed ? fix : null }),
        )
      alongM += ((step.kmh ?? 0) / 3.6) * everyS
    }
  }
  return { samples, limits }
}

export function signed(settings: Settings, limitKmh: number | undefined): Settings {
  if (limitKmh === undefined) return settings
  return { ...settings, temporaryLimits: [{ id: 'sign', limitKmh, areaId: null, fromMs: null, toMs: null }] }
}

export function settingsOf(one: SpeedCase): Settings {
  const more = {
    route: one.road === undefined ? null : roadRoute({ limits: one.road }),
    areas: boxAreas(one.areas ?? []),
  }
  return settingsFor(one.class ?? 'coach', { speeding: one.policy ?? {} }, more)
}
