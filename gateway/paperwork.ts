import { createHash } from 'node:crypto'
import { existsSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { BadInput, parseDocument } from '../proto/problem.ts'
import { type Driver, driverSchema } from '../proto/shapes/driver.ts'
import { type Trip, tripSchema } from '../proto/shapes/trip.ts'
import { writeDurably } from './durable-file.ts'
import { jsonFiles, readJson } from './files.ts'
import { makeFolders } from './make-folder.ts'

/**
 * The papers that a desk may write: trips and areas in the very files that people write by hand, read by the same
 * gates. A file is replaced whole or not at all; then everything is read again and terminals are sent what changed.
 */
export type Paperwork = {
  /** Null where no folder of trips is configured: nothing can be filed. */
  readonly trips: TripFiles | null
  readonly putAreas: (fleet: string, value: unknown) => void
  /** Drivers of a fleet; none where no folder is configured. */
  readonly drivers: (fleet: string) => readonly Driver[]
}

export type TripFiles = {
  readonly put: (fleet: string, trips: readonly Trip[]) => void
  /** False: no such trip of that fleet. */
  readonly remove: (fleet: string, id: string) => boolean
}

export type PaperworkFiles = {
  readonly trips?: string | undefined
  readonly fleetAreas: string
  readonly drivers?: string | undefined
}

export type PaperworkDeps = {
  readonly files: PaperworkFiles
  /** The fleets that have a vehicle of this id. */
  readonly fleetsOf: (vehicle: string) => readonly string[]
  /** Reads everything again. */
  readonly changed: () => void
}

export function openPaperwork({ files, fleetsOf, changed }: PaperworkDeps): Paperwork {
  const { trips, fleetAreas, drivers } = files
  return {
    trips: trips === undefined ? null : tripFiles(trips, fleetsOf, changed),
    putAreas: (fleet, value) => {
      makeFolders(fleetAreas)
      writeDurably(path.join(fleetAreas, `${fleet}.geojson`), text(value))
      changed()
    },
    drivers: drivers === undefined ? () => [] : readAgain(drivers),
  }
}

const text = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

type Filed = { readonly file: string; readonly trips: readonly Trip[] }

function tripFiles(folder: string, fleetsOf: PaperworkDeps['fleetsOf'], changed: () => void): TripFiles {
  const isOf = (fleet: string, trip: Trip): boolean =>
    trip.fleet === undefined ? fleetsOf(trip.vehicle).includes(fleet) : trip.fleet === fleet
  return {
    put: (fleet, trips) => {
      makeFolders(folder)
      for (const trip of trips) {
        const own = path.join(folder, fileName(fleet, trip.id))
        writeDurably(own, text({ ...trip, fleet }))
        takeOut(folder, own, (one) => one.id === trip.id && isOf(fleet, one))
      }
      changed()
    },
    remove: (fleet, id) => {
      const found = takeOut(folder, null, (one) => one.id === id && isOf(fleet, one))
      if (found) changed()
      return found
    },
  }
}

/** Of all files but one: the new one stands before the old one goes, so that a power cut leaves both, never neither. */
function takeOut(folder: string, except: string | null, isOld: (trip: Trip) => boolean): boolean {
  let found = false
  for (const { file, trips } of filedIn(folder)) {
    const left = trips.filter((trip) => !isOld(trip))
    if (file === except || left.length === trips.length) continue
    found = true
    if (left.length === 0) rmSync(file)
    else writeDurably(file, text(left))
  }
  return found
}

/** Ids of trips are what people call them: no file name. */
const fileName = (fleet: string, id: string): string =>
  `desk-${fleet}-${createHash('sha256').update(id).digest('hex').slice(0, 16)}.json`

const filedSchema = z.union([tripSchema, z.array(tripSchema).max(10_000)])

function filedIn(folder: string): Filed[] {
  return jsonFiles(folder).map((file) => {
    const value = parseDocument(filedSchema, readJson(file), file)
    return { file, trips: [value].flat() }
  })
}

const driversSchema = z.union([driverSchema, z.array(driverSchema).max(10_000)])

/** Files of drivers as they are now: what changed is read again, a wrong one leaves what was known. */
function readAgain(folder: string): Paperwork['drivers'] {
  let stamp = ''
  let known: ReadonlyMap<string, readonly Driver[]> = new Map()
  return (fleet) => {
    const now = stampOf(folder)
    if (now !== stamp) {
      stamp = now
      try {
        known = readDrivers(folder)
      } catch (error) {
        if (!(error instanceof BadInput)) throw error
      }
    }
    return known.get(fleet) ?? []
  }
}

function stampOf(folder: string): string {
  if (!existsSync(folder)) return 'absent'
  return jsonFiles(folder)
    .map((file) => `${file}:${statSync(file).mtimeMs}`)
    .join('\n')
}

export function readDrivers(folder: string): ReadonlyMap<string, readonly Driver[]> {
  if (!existsSync(folder)) return new Map()
  const all = jsonFiles(folder).flatMap((file) => [parseDocument(driversSchema, readJson(file), file)].flat())
  return Map.groupBy(all, ({ fleet }) => fleet)
}
