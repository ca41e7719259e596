import { makeFinding } from '../../proto/finding.ts'
import type { Finding, Phase, Sample } from '../../proto/model.ts'
import type { Settings } from '../../proto/settings.ts'
import type { Presence } from './areas-presence.ts'
import type { Told } from './areas-told.ts'

/** 区域内违规开门: doors opened where none may be, counted over one stay in the area. Plain JSON. */
export type Door = {
  readonly open: boolean
  readonly times: number
  /** When it was first open, and when it was last seen to be. */
  readonly fromMs: number
  readonly untilMs: number
}

export type Doored = { readonly door: Door | null; readonly findings: readonly Finding[] }
const none: readonly Finding[] = []

/** One Sample more. `leftMs`: the area was left at that instant. */
export function doorStep(
  door: Door | null,
  told: Told,
  presence: Presence,
  leftMs: number | null,
  sample: Sample,
  settings: Settings,
): Doored {
  if (told.doorForbidden !== true) return { door: null, findings: none }
  if (leftMs !== null) {
    const findings =
      door === null ? none : [finding(door, 'ended', Math.min(leftMs, door.untilMs), told, sample, settings)]
    return { door: null, findings }
  }
  const inside = presence?.is === 'in' && presence.out === null
  if (!inside || sample.doorOpen === null) return { door, findings: none }
  if (!sample.doorOpen) return { door: closed(door, sample.atMs), findings: none }
  const going = door?.open === true
  const now: Door = {
    open: true,
    times: (door?.times ?? 0) + (going ? 0 : 1),
    fromMs: door?.fromMs ?? sample.atMs,
    untilMs: sample.atMs,
  }
  if (going) return { door: now, findings: none }
  const phase = door === null ? 'started' : 'updated'
  return { door: now, findings: [finding(now, phase, now.fromMs, told, sample, settings)] }
}

/** A door stays open until it is seen closed. */
function closed(door: Door | null, atMs: number): Door | null {
  return door === null ? null : { ...door, open: false, untilMs: door.open ? atMs : door.untilMs }
}

function finding(
  door: Door,
  phase: Phase,
  atMs: number,
  told: Told,
  sample: Sample,
  settings: Settings,
): Finding {
  const { areaId, areaName, role, subject } = told
  return makeFinding(
    {
      kind: 'area',
      reason: 'door',
      phase,
      subject,
      severity: 'minor',
      atMs,
      evidence: { areaId, role, areaName, times: door.times },
    },
    sample,
    settings,
  )
}

export function shiftDoor(door: Door | null, byMs: number): Door | null {
  return door === null ? null : { ...door, fromMs: door.fromMs + byMs, untilMs: door.untilMs + byMs }
}
