import { heartbeat, type PeripheralName, seenReport, statusReport, tyreReport } from './hardware/jsatl.ts'
import type { PeripheralTold } from './peripheral-schema.ts'
import type { Plan } from './scenario.ts'
import { type Truth, truthAt } from './vehicle.ts'

/** What leaves the devices of the third line in one world second. Pure. */

type Dated<T> = T & { readonly atMs: number }
type Event = Dated<PeripheralTold['events'][number]> & { readonly endMs: number | null }
export type PeripheralPlan = {
  readonly devices: readonly PeripheralName[]
  readonly events: readonly Event[]
  readonly tyres: readonly Dated<PeripheralTold['tyres'][number]>[]
  readonly faults: readonly Fault[]
}
type Fault = {
  readonly device: PeripheralName
  readonly how: 'silent' | 'broken'
  readonly fromMs: number
  readonly toMs: number
}

export function peripheralPlan(
  told: PeripheralTold | undefined,
  startMs: number,
  /** The first moment after another one at which local clocks show a time of day. */
  next: (afterMs: number, clock: string) => number,
): PeripheralPlan | null {
  if (told === undefined) return null
  const dated = <T extends { readonly at: string }>(one: T): Dated<T> => ({
    ...one,
    atMs: next(startMs, one.at),
  })
  return {
    devices: told.devices,
    events: told.events.map((event) => {
      const { atMs } = dated(event)
      return { ...event, atMs, endMs: event.to === undefined ? null : next(atMs, event.to) }
    }),
    tyres: told.tyres.map(dated),
    faults: told.faults.map(({ device, how, from, to }) => {
      const fromMs = next(startMs, from)
      return { device, how, fromMs, toMs: next(fromMs, to) }
    }),
  }
}

export type PeripheralFrame = { readonly atMs: number; readonly bytes: Uint8Array }

const aliveEveryS = 5
const tyresEveryS = 10
/** When in the second devices speak, so that none stands in the other's way. */
const seenAtMs = 300
const statusAtMs = 450
const tyresAtMs = 600
const aliveAtMs = 700
const deviceStepMs = 40

export function peripheralFrames(plan: Plan, secondMs: number): readonly PeripheralFrame[] {
  const { peripheral } = plan
  if (peripheral === null) return []
  const truth = truthAt(plan, secondMs)
  const second = Math.round((secondMs - plan.startMs) / 1000)
  const frames = [
    ...reports(peripheral, truth, secondMs),
    ...tyreReports(peripheral, truth, second, secondMs),
    ...lives(plan, peripheral, truth, second, secondMs),
  ]
  return frames.filter(({ device }) => !isSilent(peripheral, device, secondMs))
}

type From = PeripheralFrame & { readonly device: PeripheralName }

function reports({ events }: PeripheralPlan, truth: Truth, secondMs: number): From[] {
  return events.flatMap((event, index) => {
    const ends = event.endMs === secondMs
    if (event.atMs !== secondMs && !ends) return []
    const flag = event.endMs === null ? 0 : ends ? 2 : 1
    const { what, level, degree, frontKmh, distanceS, side } = event
    const atMs = secondMs + seenAtMs
    const said = {
      what,
      degree,
      frontKmh,
      distanceS,
      side,
      alarmId: index + 1,
      flag,
      ...where(truth),
    } as const
    const { device, bytes } = seenReport({ ...said, ...(level === undefined ? {} : { level }) })
    return [{ atMs, device, bytes }]
  })
}

/** All tyres of which anything is known by now, in one regular report; and at once when one of them changes. */
function tyreReports(
  { devices, tyres }: PeripheralPlan,
  truth: Truth,
  second: number,
  secondMs: number,
): From[] {
  const changes = tyres.some(({ atMs }) => atMs === secondMs)
  if (!devices.includes('tpms') || (!changes && second % tyresEveryS !== 0)) return []
  const now = new Map(
    tyres.filter(({ atMs }) => atMs <= secondMs).map((reading) => [reading.tyre, reading] as const),
  )
  if (now.size === 0) return []
  const list = [...now.values()].map(({ alarms, ...rest }) => ({
    ...rest,
    bits: ['regular', ...alarms] as const,
  }))
  return [{ atMs: secondMs + tyresAtMs, device: 'tpms', bytes: tyreReport({ tyres: list, ...where(truth) }) }]
}

function lives(
  plan: Plan,
  { devices, faults }: PeripheralPlan,
  { ignition }: Truth,
  second: number,
  secondMs: number,
): From[] {
  return devices.flatMap((device, index) => {
    const frames: From[] = []
    const say = (atMs: number, bytes: Uint8Array): number =>
      frames.push({ atMs: secondMs + atMs + index * deviceStepMs, device, bytes })
    const own = faults.filter((fault) => fault.device === device && fault.how === 'broken')
    if (own.some(({ fromMs }) => fromMs === secondMs)) say(statusAtMs, statusReport(device, 4, 1))
    const mended = own.some(({ toMs }) => toMs === secondMs)
    if (mended || secondMs === plan.startMs) say(statusAtMs, statusReport(device, 1, 0))
    if (ignition && second % aliveEveryS === 0) say(aliveAtMs, heartbeat(device, second % 65_536))
    return frames
  })
}

function isSilent({ faults }: PeripheralPlan, device: PeripheralName, atMs: number): boolean {
  return faults.some(
    (fault) => fault.device === device && fault.how === 'silent' && atMs >= fault.fromMs && atMs < fault.toMs,
  )
}

const where = ({ speedKmh, lat, lon, atMs }: Truth) => ({ speedKmh, lat, lon, atMs })
