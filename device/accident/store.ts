import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { canonicalJson, sha256Hex } from '../../proto/canonical.ts'
import type { Json } from '../../proto/model.ts'
import type { AccidentCause } from '../detectors/accident-id.ts'
import { makeFolder, writeDurably } from '../durable-file.ts'
import type { Point } from './ring.ts'

/**
 * Accident records on the disk: one file each, its checksum inside, the oldest dropped beyond a hundred (GB/T 19056). A
 * record that is there is never written again: the first evidence counts.
 */
export type AccidentRecord = {
  readonly id: string
  readonly cause: AccidentCause
  readonly fleet: string
  readonly vehicle: string
  readonly plate: string | null
  readonly driver: string | null
  /** The stop, the cut or the blow; the points lie around it. */
  readonly atMs: number
  readonly points: readonly Point[]
}

export type Listed = {
  readonly file: string
  /** False when the bytes are not what they were written as. */
  readonly intact: boolean
  readonly record: AccidentRecord | null
}

export const recordsMax = 100
const named = /^(\d{8}T\d{9}Z-[a-z-]+)\.json$/

export class AccidentStore {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
    makeFolder(folder)
  }

  /** Durable when it returns; throws when the disk refuses. */
  keep(record: AccidentRecord): void {
    makeFolder(this.#folder)
    const files = this.#files()
    const file = `${record.id}.json`
    if (files.includes(file)) return
    const text = canonicalJson(record as unknown as Json)
    writeDurably(join(this.#folder, file), `{"sha256":"${sha256Hex(text)}","record":${text}}\n`)
    for (const old of [...files, file].sort().slice(0, -recordsMax)) rmSync(join(this.#folder, old))
  }

  /** Oldest first. */
  list(): Listed[] {
    return this.#files().map((file) => ({ file, ...read(join(this.#folder, file)) }))
  }

  #files(): string[] {
    return readdirSync(this.#folder)
      .filter((name) => named.test(name))
      .sort()
  }
}

function read(path: string): Pick<Listed, 'intact' | 'record'> {
  try {
    const { sha256, record } = JSON.parse(readFileSync(path, 'utf8')) as {
      sha256: unknown
      record: AccidentRecord
    }
    const intact = sha256 === sha256Hex(canonicalJson(record as unknown as Json))
    return { intact, record: intact ? record : null }
  } catch {
    return { intact: false, record: null }
  }
}
