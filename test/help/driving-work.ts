import { rulesOf } from '../../device/detectors/driving-time/rules.ts'
import { initial } from '../../device/detectors/driving-time/state.ts'
import type { Context, Work } from '../../device/detectors/driving-time/work.ts'
import type { Sample } from '../../proto/model.ts'
import type { PolicyFile } from '../../proto/policy.ts'
import { sampleAt } from './drive.ts'
import { instant } from './driving-day.ts'
import { coachSettings } from './driving-settings.ts'

/** A step under way: what is remembered, with what a test says on top, at the Sample of an instant. */

export function workAt(at: string, more: Partial<Work> = {}): Work {
  return { ...initial, atMs: instant(at), synced: true, findings: [], ...more }
}

export function contextAt(
  at: string,
  known: Partial<Sample> = {},
  fatigue: PolicyFile['fatigue'] = {},
): Context {
  const settings = coachSettings({ fatigue })
  return { sample: sampleAt(instant(at), known), settings, rules: rulesOf(settings) }
}
