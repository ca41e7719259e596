import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { BadInput } from '../../proto/problem.ts'
import type { Log } from '../log.ts'
import type { Outbox, OutboxOptions } from './outbox.ts'
import { isRefusal, Room } from './room.ts'
import { openSqliteOutbox } from './sqlite.ts'
import { StandInOutbox } from './stand-in.ts'

export type OpenOptions = {
  readonly folder: string
  readonly outbox: OutboxOptions
  readonly nowMs: () => number
  readonly log: Log
  /** Takes what is worth less than the outbox from the disk, the oldest first; false when there is no more. */
  readonly giveBack?: (() => boolean) | undefined
  /** The disk took what was kept in memory till then. */
  readonly stored: () => void
}

/**
 * The outbox of this folder, whatever state the disk is in. A full disk keeps no terminal from starting: the reserve is
 * given back; one that has been used before opens and waits for room; a new one is kept in memory until there is some.
 */
export function openOutbox({ folder, outbox, nowMs, log, giveBack, stored }: OpenOptions): Outbox {
  const room = new Room(folder, nowMs, { giveBack })
  const options = { ...outbox, room }
  const file = join(folder, 'outbox.db')
  const open = (): Outbox => openSqliteOutbox(folder, options, nowMs)
  try {
    return inUse(file, () => withReserve(room, open))
  } catch (error) {
    if (!isRefusal(error) || hasBegun(file)) throw error
    const why = error instanceof Error ? error.message : String(error)
    log.error({ why }, 'the disk refuses a new outbox; it is kept in memory until there is room')
    return new StandInOutbox({ folder, options, nowMs, stored })
  }
}

function withReserve(room: Room, open: () => Outbox): Outbox {
  try {
    return open()
  } catch (error) {
    if (!isRefusal(error) || !room.release()) throw error
    return open()
  }
}

const sqliteBusy = 5

/** A file in use is a person's mistake: two terminals with one folder would seal different envelopes under one seq. */
function inUse(file: string, open: () => Outbox): Outbox {
  try {
    return open()
  } catch (error) {
    const { errcode } = error as { errcode?: number }
    if (errcode !== sqliteBusy) throw error
    throw new BadInput(`${file}: in use by another terminal; stop that one or name another dataDir`)
  }
}

/** Whether an epoch began there: another one beside it would leave what it holds behind for ever. */
function hasBegun(file: string): boolean {
  if (!existsSync(file)) return false
  try {
    const db = new DatabaseSync(file, { readOnly: true })
    try {
      return db.prepare('SELECT 1 FROM meta').get() !== undefined
    } finally {
      db.close()
    }
  } catch (error) {
    // No such table: it was never made.
    return (error as { errcode?: number }).errcode !== 1
  }
}
