import { existsSync } from 'node:fs'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { Alert } from '../../proto/model.ts'
import { parseDocument } from '../../proto/problem.ts'
import { type Detour, detourSchema } from '../../proto/shapes/temporary.ts'
import { type Trip, tripSchema } from '../../proto/shapes/trip.ts'
import { isoUtc } from '../../proto/time.ts'
import type { RelayProof } from '../alerts/case-table.ts'
import { writeDurably } from '../durable-file.ts'
import { jsonFiles, readJson } from '../files.ts'
import { makeFolders } from '../make-folder.ts'

/**
 * What officers approved, by fleet, in a file beside the journal. It is laid over the policy and the trips that people
 * wrote, so it reaches terminals and rules the way those do, and nobody's file is altered.
 */
const relaySchema = z.strictObject({
  vehicle: z.string(),
  trip: z.string(),
  alert: z.string(),
  record: tripSchema.shape.relayRecords.unwrap().element,
})
const approvedSchema = z.strictObject({
  detours: z.array(detourSchema).max(1000),
  relays: z.array(relaySchema).max(1000),
})
export type Approved = z.infer<typeof approvedSchema>

export type Approvals = {
  /** Id of the detour. */
  readonly detour: (alert: Alert, asked: AskedDetour, by: string, nowMs: number) => string
  /** Ends what was approved as of an alert; false: nothing of it holds any more. */
  readonly revoke: (alert: Alert, nowMs: number) => boolean
  /** Of a fleet, those that hold or did in the last days. */
  readonly detours: (fleet: string) => readonly Detour[]
  /** Fleets of which anything was ever approved. */
  readonly fleets: () => readonly string[]
  /** Whether a detour was approved as of an alert. */
  readonly isOf: (alert: Alert, detour: Detour) => boolean
  /** False: the alert is of no trip, or the proof says too little. */
  readonly relay: (alert: Alert, proof: RelayProof) => boolean
}
type AskedDetour = {
  readonly route: string
  readonly segment: { readonly fromM: number; readonly toM: number }
  readonly hours: number
}

/** So many are kept, the oldest go first. */
const keptMax = 500
/** A terminal that was away drives on by what held then. */
const keptAfterMs = 3 * 86_400_000

export const approvalsFolder = (dataDir: string): string => path.join(dataDir, 'approvals')

/** `changed` is called after each change: terminals are to have it. What is there already is no change. */
export function openApprovals(dataDir: string, changed: () => void): Approvals {
  const folder = approvalsFolder(dataDir)
  makeFolders(folder)
  const fileOf = (fleet: string): string => path.join(folder, `${fleet}.json`)
  const read = (fleet: string): Approved => {
    const file = fileOf(fleet)
    return existsSync(file) ? parseDocument(approvedSchema, readJson(file), file) : nothingApproved
  }
  const put = (fleet: string, change: (before: Approved) => Approved | null): boolean => {
    const after = change(read(fleet))
    if (after === null) return false
    writeDurably(fileOf(fleet), `${JSON.stringify(after, null, 2)}\n`)
    changed()
    return true
  }
  return {
    detour: (alert, asked, by, nowMs) => {
      const detour = detourOf(alert, asked, by, nowMs)
      put(alert.fleet, ({ detours, relays }) => {
        if (detours.some((one) => isOf(alert, one) && one.from === detour.from)) return null
        const alive = detours.filter((one) => Date.parse(one.to) > nowMs - keptAfterMs)
        return { detours: [...alive.slice(1 - keptMax), detour], relays }
      })
      return detour.id
    },
    revoke: (alert, nowMs) =>
      put(alert.fleet, ({ detours, relays }) => {
        const isHis = (one: Detour): boolean => holds(one, alert, Math.round(nowMs))
        if (!detours.some(isHis)) return null
        return { detours: detours.map((one) => (isHis(one) ? endedAt(one, nowMs) : one)), relays }
      }),
    detours: (fleet) => read(fleet).detours,
    fleets: () => jsonFiles(folder).map((file) => path.basename(file, '.json')),
    isOf,
    relay: ({ id, fleet, vehicle, trip }, { at, area, driver, plate }) => {
      if (trip === null || at === undefined || area === undefined || driver === undefined) return false
      const record = { at, areaId: area, driver, ...(plate === undefined ? {} : { plate }) }
      const entered = { vehicle, trip, alert: id, record }
      put(fleet, ({ detours, relays }) => {
        const isThere = relays.some((one) => isDeepStrictEqual(one, entered))
        return isThere ? null : { detours, relays: [...relays.slice(1 - keptMax), entered] }
      })
      return true
    },
  }
}

const nameFor = (alertId: string): string => `approved-${alertId}-`
/** Names held but the beginning of the alert's id once: such detours are on disk, still hold, and must be found to be ended. */
const onceNameFor = (alertId: string): string => nameFor(alertId.slice(0, 12))

const isOf = ({ id: alertId }: Alert, { id }: Detour): boolean =>
  id.startsWith(nameFor(alertId)) || id.startsWith(onceNameFor(alertId))
const holds = (detour: Detour, alert: Alert, nowMs: number): boolean =>
  isOf(alert, detour) && Date.parse(detour.from) <= nowMs && nowMs < Date.parse(detour.to)

/** Cut short, not taken out: who drove there while it held did nothing wrong, and late telemetry still tells of it. */
const endedAt = (detour: Detour, nowMs: number): Detour => ({
  ...detour,
  to: isoUtc(Math.max(Math.round(nowMs), Date.parse(detour.from) + 1)),
})

const nothingApproved: Approved = { detours: [], relays: [] }

/**
 * One per alert and instant: the same approval twice is one, and one that was ended may be approved anew at once.
 * It is known by when it begins, because ids on disk may still count minutes.
 */
function detourOf(alert: Alert, { route, segment, hours }: AskedDetour, by: string, nowMs: number): Detour {
  const atMs = Math.round(nowMs)
  return {
    id: `${nameFor(alert.id)}${atMs.toString(36)}`,
    routeId: route,
    ...segment,
    from: isoUtc(atMs),
    to: isoUtc(atMs + Math.round(hours * 3_600_000)),
    by,
  }
}

/** What is approved, by fleet. */
export function readApprovals(folder: string | undefined): ReadonlyMap<string, Approved> {
  if (folder === undefined || !existsSync(folder)) return new Map()
  const files = jsonFiles(folder).map(
    (file) => [path.basename(file, '.json'), parseDocument(approvedSchema, readJson(file), file)] as const,
  )
  return new Map(files)
}

const recordsMax = 100

/** The trips of a vehicle with the relays that were accepted. */
export function withRelays(
  trips: readonly Trip[],
  vehicle: string,
  approved: Approved | undefined,
): readonly Trip[] {
  const relays = (approved?.relays ?? []).filter((one) => one.vehicle === vehicle)
  if (relays.length === 0) return trips
  return trips.map((trip) => {
    const own = relays.filter((one) => one.trip === trip.id).map(({ record }) => record)
    if (own.length === 0) return trip
    return { ...trip, relayRecords: [...(trip.relayRecords ?? []), ...own].slice(-recordsMax) }
  })
}
