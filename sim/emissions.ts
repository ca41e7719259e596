import { framesOfSecond } from './hardware/can.ts'
import { epochSentences, type Sky } from './hardware/gnss.ts'
import { frameLine } from './hardware/slcan.ts'
import { peripheralFrames } from './peripheral.ts'
import type { Plan, Span } from './scenario.ts'
import { type Truth, truthAt } from './vehicle.ts'

/** What leaves the hardware in one world second, in time order. Pure: the same plan, the same bytes. */

export type LineName = 'gnss' | 'can' | 'peripheral'
/** `text` is Latin-1: each letter is one byte on the line. */
export type Emission = { readonly atMs: number; readonly line: LineName; readonly text: string }

/** Emissions of the second that begins at `secondMs`. */
export function emissionsOfSecond(plan: Plan, secondMs: number): readonly Emission[] {
  // What nobody reads is gone: it need not be written.
  if (isOff(plan, secondMs)) return []
  return [...gnss(plan, secondMs), ...can(plan, secondMs), ...peripheral(plan, secondMs)].sort(
    (a, b) => a.atMs - b.atMs,
  )
}

function gnss(plan: Plan, secondMs: number): Emission[] {
  const { seed, receiver } = plan.scenario
  const state = inSpan(plan.faults.antenna, secondMs)?.state ?? 'ok'
  const before = inSpan(plan.faults.antenna, secondMs - 1000)?.state ?? 'ok'
  const speaks = state !== before || Math.floor(secondMs / 1000) % 10 === 0
  return Array.from({ length: receiver.rateHz }, (_, epoch) => {
    const atMs = secondMs + (epoch * 1000) / receiver.rateHz
    const text = epochSentences({ seed, ...receiver }, dated(plan, atMs), skyAt(plan, atMs), {
      state,
      speaks: speaks && epoch === 0,
    })
    return { atMs: atMs + receiver.latencyMs, line: 'gnss', text } as const
  })
}

/** The truth with the date that the receiver believes. */
function dated(plan: Plan, atMs: number): Truth {
  const truth = truthAt(plan, atMs)
  const fault = inSpan(plan.faults.gnss, atMs)
  return fault?.how === 'clock' ? { ...truth, atMs: atMs + fault.shiftS * 1000 } : truth
}

/** The truth as a bus tells it whose wheels are not the size it believes. */
function measured(plan: Plan, atMs: number): Truth {
  const truth = truthAt(plan, atMs)
  const fault = inSpan(plan.faults.can, atMs)
  return fault?.how === 'scale' ? { ...truth, speedKmh: truth.speedKmh * fault.factor } : truth
}

function skyAt(plan: Plan, atMs: number): Sky {
  const fault = inSpan(plan.faults.gnss, atMs)
  switch (fault?.how) {
    case 'void':
    case 'tunnel':
      return { is: 'void' }
    case 'frozen':
      return { is: 'frozen', at: truthAt(plan, fault.fromMs) }
    case 'multipath':
      return { is: 'multipath', offM: fault.offM }
    case 'jammer':
      return { is: 'jammed' }
    case 'spoof': {
      const { fromMs, dragMps, dragDeg } = fault
      return { is: 'spoofed', forS: (atMs - fromMs) / 1000, dragMps, dragDeg }
    }
    default:
      return { is: 'fix' }
  }
}

function can(plan: Plan, secondMs: number): Emission[] {
  if (inSpan(plan.faults.can, secondMs)?.how === 'silent') return []
  return framesOfSecond(secondMs, (atMs) => measured(plan, atMs)).map(({ atMs, frame }) => ({
    atMs,
    line: 'can',
    text: frameLine(frame),
  }))
}

function peripheral(plan: Plan, secondMs: number): Emission[] {
  return peripheralFrames(plan, secondMs).map(({ atMs, bytes }) => ({
    atMs,
    line: 'peripheral',
    text: String.fromCharCode(...bytes),
  }))
}

function inSpan<T>(spans: readonly Span<T>[], atMs: number): Span<T> | undefined {
  return spans.find(({ fromMs, toMs }) => atMs >= fromMs && atMs < toMs)
}

/** Whether the terminal is without power at this moment. */
export function isOff({ faults }: Pick<Plan, 'faults'>, atMs: number): boolean {
  return inSpan(faults.terminal, atMs) !== undefined
}

/** The lines of the vehicle. */
export function linesOf({ peripheral: third }: Plan): readonly LineName[] {
  return third === null ? ['gnss', 'can'] : ['gnss', 'can', 'peripheral']
}

/** Whether a fault of the plan has pulled the cable at this moment. */
export function isUnplugged(plan: Plan, line: LineName, atMs: number): boolean {
  if (line === 'peripheral') return false
  return inSpan<{ how: string }>(plan.faults[line], atMs)?.how === 'unplug'
}
