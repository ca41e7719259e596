import type { HostClock } from '../../proto/clocks.ts'
import type { Documents } from '../../proto/in-force.ts'
import { BadInput } from '../../proto/problem.ts'
import { programVersion } from '../../proto/program-version.ts'
import { tripAt } from '../../proto/shapes/trip.ts'
import { type TapeDocuments, type TapeHeader, tapeFormat, tapeVersion } from '../../proto/tape-header.ts'
import { isoUtc } from '../../proto/time.ts'
import type { Config } from '../config.ts'
import { readInput, readJson } from '../files.ts'
import type { Log } from '../log.ts'
import { tapeFiles } from './folder.ts'
import { createTap, noTap, type Tap } from './tap.ts'
import { TapeWriter, type TapeWriterOptions } from './writer.ts'

/** The tapes a terminal fills: the black box of its configuration, and the folder of `--record`. */

const mebibyte = 2 ** 20
/** A recording is cut into files of this size, so that one can be taken away while the next grows. */
const recordPartBytes = 256 * mebibyte
/** The black box forgets one of so many files at a time. */
const blackBoxParts = 8

export type TapeSource = {
  readonly config: Config
  readonly documents: Documents
  /** Names this start of this terminal. */
  readonly session: string
  readonly notBeforeMs: number
  readonly host: HostClock
  readonly log: Log
}

export function openTapes(source: TapeSource, recordFolder: string | undefined): Tap {
  const { blackBox } = source.config
  const folders: Pick<TapeWriterOptions, 'folder' | 'capBytes' | 'partBytes'>[] = []
  if (recordFolder !== undefined)
    folders.push({ folder: recordFolder, capBytes: null, partBytes: recordPartBytes })
  if (blackBox !== undefined) {
    const capBytes = blackBox.capMiB * mebibyte
    folders.push({ folder: blackBox.dir, capBytes, partBytes: Math.floor(capBytes / blackBoxParts) })
  }
  if (folders.length === 0) return noTap
  const vehicle = source.documents.vehicle.id
  for (const { folder } of folders) refuseUnwritable(folder, vehicle)
  const header = headerOf(source)
  return createTap(
    (beginning) =>
      folders.map((folder) => new TapeWriter({ ...folder, vehicle, header, beginning, log: source.log })),
    source.host,
  )
}

function refuseUnwritable(folder: string, vehicle: string): void {
  try {
    tapeFiles(folder, vehicle)
  } catch (error) {
    throw new BadInput(
      `${folder}: no folder for tapes (${(error as NodeJS.ErrnoException).code}); name a writable folder`,
    )
  }
}

function headerOf({ config, documents, session, notBeforeMs }: TapeSource) {
  const named = namedDocuments(config)
  const dbc = dbcOf(config.ports.can)
  const { vehicle, policy, policyDigest, trips } = documents
  return (part: number, { wallMs }: { readonly wallMs: number }): TapeHeader => ({
    format: tapeFormat,
    version: tapeVersion,
    program: programVersion,
    kind: 'recording',
    origin:
      config.world === undefined
        ? 'recorded by a terminal'
        : 'synthetic: recorded by a terminal in a simulated world',
    session,
    part,
    startedAt: isoUtc(wallMs),
    zone: policy.zone,
    vehicle: vehicle.id,
    trip: tripAt(trips, wallMs)?.id ?? null,
    policyDigest,
    lines: {
      gnss: config.ports.gnss !== undefined,
      can: config.ports.can?.format ?? null,
      peripheral: config.ports.peripheral !== undefined,
    },
    peripherals: config.ports.peripheral?.devices ?? [],
    ...(dbc === null ? {} : { dbc }),
    notBeforeMs,
    documents: named,
  })
}

function dbcOf(can: Config['ports']['can']): NonNullable<TapeHeader['dbc']> | null {
  if (can?.dbc === undefined) return null
  return { text: readInput(can.dbc).toString('utf8'), signals: can.dbcSignals ?? {} }
}

/** The files of the configuration as they were written; what the gateway pushed over them follows on the tape. */
function namedDocuments({ vehicle, trip, policy, route, areas }: Config): TapeDocuments {
  const read = (file: string | undefined): unknown => (file === undefined ? null : readJson(file))
  return {
    vehicle: readJson(vehicle),
    trips: [read(trip) ?? []].flat(),
    policy: read(policy) ?? {},
    route: read(route),
    areas: areas === undefined ? [] : [areas].flat().map(readJson),
  }
}
