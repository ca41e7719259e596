import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync, rmSync } from 'node:fs'
import path from 'node:path'
import type { Alert } from '../../proto/model.ts'
import { writeDurably } from '../durable-file.ts'
import { type EvidenceKey, type Vouched, vouched } from '../evidence-key.ts'
import { failPoint } from '../fail-point.ts'
import { json } from '../pki/folder.ts'
import type { Head } from './seal.ts'

/**
 * What a journal does to itself once a day: seals the days that are over, and lets go whole days that nothing and
 * nobody needs any more. A day that went leaves a signed tombstone, so that it can be told from one that was taken.
 */
export type Upkeep = {
  /** Told when a new day begins, so that the one before is over. */
  readonly onDayOver: (told: () => void) => void
  /** Seals what is over and not sealed yet; the names of the days. */
  readonly sealPast: (key: EvidenceKey) => Promise<readonly string[]>
  /** Lets go the days before `before` all of whose alerts may go. */
  readonly removePast: (
    before: string,
    mayGo: (alert: Alert) => boolean,
    key: EvidenceKey,
  ) => readonly Removal[]
}
export type Removal = { readonly day: string; readonly removed: boolean; readonly heldBy: number }

export type Tombstone = Vouched<{
  readonly is: 'tombstone'
  readonly day: string
  readonly removedAt: string
  /** Of the file that went. */
  readonly sha256: string
  readonly rows: { readonly [table: string]: number }
  readonly heads: readonly Head[]
}>

const fileOf = (folder: string, day: string): string => path.join(folder, `journal-${day}.db`)

/** Before anything is removed: a crash in between leaves both, never neither. */
export function writeTombstone(
  folder: string,
  day: string,
  summary: Pick<Tombstone, 'rows' | 'heads'>,
  key: EvidenceKey,
  removedAt: string,
): void {
  const sha256 = fileDigest(fileOf(folder, day))
  const tombstone = vouched({ is: 'tombstone' as const, day, removedAt, sha256, ...summary }, key)
  // Its name is on the disk before the day's is taken off: a power cut must not leave a day that seems to be stolen.
  writeDurably(path.join(folder, `journal-${day}.tombstone.json`), json(tombstone))
}

export function unlinkDay(folder: string, day: string): void {
  for (const suffix of ['', '-wal', '-shm']) {
    rmSync(`${fileOf(folder, day)}${suffix}`, { force: true })
    failPoint('day-unlinked')
  }
}

export function fileDigest(file: string): string {
  const hash = createHash('sha256')
  const buffer = Buffer.alloc(1 << 20)
  const fd = openSync(file, 'r')
  try {
    for (let read = -1; read !== 0; ) {
      read = readSync(fd, buffer)
      hash.update(buffer.subarray(0, read))
    }
  } finally {
    closeSync(fd)
  }
  return hash.digest('hex')
}
