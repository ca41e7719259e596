import type { Alert } from '../../proto/model.ts'
import { alongAt, type Drive, limitKmh, startMs, zone } from './drives.ts'

/**
 * The independent witness: says of each drive, from its plan alone and with no code of terminal or gateway, which
 * alerts it must cause. Whatever else comes back, or does not, is a fault.
 */
export type Expected = {
  readonly vehicle: string
  readonly kind: 'speeding' | 'area'
  readonly phase: 'started' | 'ended'
  readonly atMs: number
  /** The second of the drive that decides it. */
  readonly decidedS: number
}

const holdS = 10
const releaseS = 5
const leaveM = 30

export function expectedOf(drive: Drive): Expected[] {
  return [...speedingOf(drive), ...zoneOf(drive)]
}

/** Ten seconds between the first and the last second above the limit; over once it was slow for five. */
function speedingOf({ vehicle, stretches, kmh }: Drive): Expected[] {
  const expected: Expected[] = []
  let firstS = 0
  for (const { seconds, kmh: speed } of stretches) {
    const lastS = firstS + seconds - 1
    if (speed > limitKmh && lastS - firstS >= holdS) {
      expected.push({
        vehicle,
        kind: 'speeding',
        phase: 'started',
        atMs: at(firstS),
        decidedS: firstS + holdS,
      })
      const decidedS = lastS + 1 + releaseS
      if (decidedS < kmh.length)
        expected.push({ vehicle, kind: 'speeding', phase: 'ended', atMs: at(lastS), decidedS })
    }
    firstS += seconds
  }
  return expected
}

/** In at the border, out at the border, known out 30 m behind it. */
function zoneOf(drive: Drive): Expected[] {
  const { vehicle, lat, alongM, kmh } = drive
  if (lat < zone.lowLat || lat > zone.highLat) return []
  const crossing = (lon: number, phase: Expected['phase'], beyondM: number): Expected[] => {
    const borderM = alongAt(drive, lon)
    const decidedS = alongM.findIndex((metres, s) => s < kmh.length && metres > borderM + beyondM)
    if (decidedS < 1) return []
    const beforeS = alongM.findLastIndex((metres) => metres <= borderM)
    const atMs = at(beforeS + (borderM - alongM[beforeS]!) / (kmh[beforeS]! / 3.6))
    return [{ vehicle, kind: 'area', phase, atMs, decidedS }]
  }
  return [...crossing(zone.fromLon, 'started', 0), ...crossing(zone.toLon, 'ended', leaveM)]
}

const at = (second: number): number => startMs + second * 1000

export type Judgement = {
  readonly matched: readonly { readonly expected: Expected; readonly hostMs: number }[]
  readonly missing: readonly Expected[]
  readonly unexpected: readonly Alert[]
}

/** A fix on the wire is a whole centimetre and a time a whole millisecond. */
const toleranceMs = 10

/** Sets what came against what had to come: each expected alert exactly once, and nothing else. */
export function judge(
  expected: readonly Expected[],
  received: readonly { readonly alert: Alert; readonly hostMs: number }[],
): Judgement {
  const open = new Map<string, { alert: Alert; hostMs: number }[]>()
  const keyOf = (vehicle: string, kind: string, phase: string): string => `${vehicle} ${kind} ${phase}`
  const unexpected: Alert[] = []
  for (const one of received) {
    const { alert } = one
    if (alert.phase === 'updated') continue
    if (alert.withdrawn === true || alert.late || alert.supersedes !== null) unexpected.push(alert)
    const key = keyOf(alert.vehicle, alert.kind, alert.phase)
    open.set(key, [...(open.get(key) ?? []), one])
  }
  const matched: { expected: Expected; hostMs: number }[] = []
  const missing: Expected[] = []
  for (const one of expected) {
    const candidates = open.get(keyOf(one.vehicle, one.kind, one.phase)) ?? []
    const found = candidates.findIndex(
      ({ alert }) => Math.abs(Date.parse(alert.at) - one.atMs) <= toleranceMs,
    )
    if (found < 0) missing.push(one)
    else matched.push({ expected: one, hostMs: candidates.splice(found, 1)[0]!.hostMs })
  }
  for (const left of open.values()) unexpected.push(...left.map(({ alert }) => alert))
  return { matched, missing, unexpected }
}
