import type { Detector, Step } from '../../proto/detector.ts'
import { makeFinding } from '../../proto/finding.ts'
import type { Place, Sample } from '../../proto/model.ts'
import { roundKmh, roundS } from '../../proto/round.ts'
import type { Settings } from '../../proto/settings.ts'
import { accidentId } from './accident-id.ts'

/**
 * Main power cut 主电源断电 (JT/T 808 bit 8): by the terminal's supply line at its last gasp, by a battery that fell, or
 * inferred at the next boot, when the machine had lost its power while the vehicle was moving. A parked vehicle whose
 * main switch is turned is normal: information where it was seen, nothing where it would have to be inferred.
 */
export type PowerCutState = {
  /** The last Sample: where and how fast it was. */
  readonly last: {
    readonly atMs: number
    readonly kmh: number | null
    readonly place: Place | null
  } | null
  /** Since when the battery is low. */
  readonly lowMs: number | null
  /** A boot after a loss of power, not yet judged: its clock is not disciplined. */
  readonly booted: boolean
  readonly open: Cut | null
}
type Cut = {
  readonly by: 'line' | 'battery' | 'boot'
  readonly atMs: number
  readonly kmh: number | null
  readonly batteryV: number | null
  readonly place: Place | null
}

export const powerCut: Detector<PowerCutState> = {
  name: 'power-cut',
  initial: { last: null, lowMs: null, booted: false, open: null },
  step: (before, sample, settings) => {
    const state = moved(before, sample.clockStepMs)
    const booted = state.booted || sample.conduct?.afterPowerLoss === true
    if (booted && !sample.trusted) return { state: { ...state, booted }, findings: [] }
    const judged = booted ? onBoot(state, sample, settings) : { state, findings: [] }
    const seen = onSupply({ ...judged.state, booted: false }, sample, settings)
    return { state: remembered(seen.state, sample), findings: [...judged.findings, ...seen.findings] }
  },
}

/** The power is back: what was told at the last gasp ends; what nobody could tell any more is told now. */
function onBoot(state: PowerCutState, sample: Sample, settings: Settings): Step<PowerCutState> {
  const { last, open } = state
  if (open !== null)
    return { state: { ...state, open: null }, findings: [told('ended', open, sample, settings)] }
  if (last === null || !isMoving(last.kmh, settings)) return { state, findings: [] }
  const cut: Cut = { by: 'boot', atMs: last.atMs, kmh: last.kmh, batteryV: null, place: last.place }
  const findings = (['started', 'ended'] as const).map((phase) => told(phase, cut, sample, settings))
  return { state, findings }
}

function onSupply(state: PowerCutState, sample: Sample, settings: Settings): Step<PowerCutState> {
  const by = lostBy(sample, settings)
  if (by === 'unknown') return { state, findings: [] }
  if (by === null) {
    const findings = state.open === null ? [] : [told('ended', state.open, sample, settings)]
    return { state: { ...state, lowMs: null, open: null }, findings }
  }
  const lowMs = state.lowMs ?? sample.atMs
  const held = by === 'line' || sample.atMs - lowMs >= settings.policy.conduct.powerLostS * 1000
  if (state.open !== null || !held) return { state: { ...state, lowMs }, findings: [] }
  const { speedKmh, conduct, fix } = sample
  const open: Cut = {
    by,
    atMs: lowMs,
    kmh: speedKmh ?? state.last?.kmh ?? null,
    batteryV: conduct?.batteryV ?? conduct?.keySwitchV ?? null,
    place: fix === null ? (state.last?.place ?? null) : { lat: fix.lat, lon: fix.lon },
  }
  return { state: { ...state, lowMs, open }, findings: [told('started', open, sample, settings)] }
}

/**
 * Which witness says that the power is gone; null when one says that it is there. The key switch's own line (SPN 158)
 * falls each time the key is turned, so it is asked only without a battery voltage, and only on the move.
 */
function lostBy({ conduct, speedKmh }: Sample, settings: Settings): 'line' | 'battery' | 'unknown' | null {
  if (conduct === null) return 'unknown'
  const { mainPower, batteryV, keySwitchV } = conduct
  const { powerLostV } = settings.policy.conduct
  if (mainPower !== null) return mainPower ? null : 'line'
  if (batteryV !== null) return batteryV < powerLostV ? 'battery' : null
  if (keySwitchV === null) return 'unknown'
  if (keySwitchV >= powerLostV) return null
  return isMoving(speedKmh, settings) ? 'battery' : 'unknown'
}

const isMoving = (kmh: number | null, { policy }: Settings): boolean =>
  kmh !== null && kmh >= policy.fatigue.noiseKmh

function remembered(state: PowerCutState, { atMs, speedKmh, fix }: Sample): PowerCutState {
  const place = fix === null ? (state.last?.place ?? null) : { lat: fix.lat, lon: fix.lon }
  return { ...state, last: { atMs, kmh: speedKmh, place } }
}

function told(phase: 'started' | 'ended', cut: Cut, sample: Sample, settings: Settings) {
  const moving = isMoving(cut.kmh, settings)
  return makeFinding(
    {
      kind: 'power-cut',
      phase,
      severity: moving ? 'major' : 'info',
      atMs: phase === 'ended' ? sample.atMs : cut.atMs,
      place: cut.place,
      evidence: {
        by: cut.by,
        moving,
        speedKmh: cut.kmh === null ? null : roundKmh(cut.kmh),
        batteryV: cut.batteryV === null ? null : roundKmh(cut.batteryV),
        ...(phase === 'ended' ? { darkS: roundS((sample.atMs - cut.atMs) / 1000) } : {}),
        record: accidentId('power-cut', cut.atMs),
      },
    },
    sample,
    settings,
  )
}

function moved(state: PowerCutState, byMs: number): PowerCutState {
  if (byMs === 0) return state
  const shift = <T extends { readonly atMs: number }>(one: T | null): T | null =>
    one === null ? null : { ...one, atMs: one.atMs + byMs }
  const lowMs = state.lowMs === null ? null : state.lowMs + byMs
  return { ...state, last: shift(state.last), lowMs, open: shift(state.open) }
}
