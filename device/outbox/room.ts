import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Free, freeAt, type StatFs } from '../space.ts'

/**
 * Room on the disk. A few MiB are held in reserve while there is plenty, and given back when the disk is full: then
 * there is still room for alarms, and for the terminal to start. The outbox grows only as far as others keep theirs.
 */

const mebibyte = 2 ** 20
const reserveBytes = 4 * mebibyte
/** Left free for the rest of the machine. */
const headroomBytes = 10 * mebibyte
const headroomFiles = 100
/** Below twice of both the black box gives room back, so that the outbox need not. */
const giveBackTimes = 2
/** So much the outbox may hold on the fullest disk. */
const leastBytes = mebibyte / 2
const lookEveryMs = 10_000

/** SQLITE_READONLY, SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN. */
const refusals = new Set([8, 10, 13, 14])
const refusalCodes = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EIO'])

/** The disk refused; what is on it may be as good as ever. */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { errcode, code } = error as Error & { errcode?: number; code?: string }
  return (errcode !== undefined && refusals.has(errcode & 0xff)) || refusalCodes.has(code ?? '')
}

export type RoomOptions = {
  readonly statfs?: StatFs
  /** Takes the oldest of what is worth less than the outbox from the disk; false when there is no more. */
  readonly giveBack?: (() => boolean) | undefined
}

export class Room {
  readonly #folder: string
  readonly #file: string
  readonly #nowMs: () => number
  #lookedMs = Number.NEGATIVE_INFINITY
  readonly #statfs: StatFs | undefined
  #free: Free = { bytes: Number.POSITIVE_INFINITY, files: Number.POSITIVE_INFINITY }

  readonly #giveBack: () => boolean
  #given = 0

  constructor(folder: string, nowMs: () => number, { statfs, giveBack }: RoomOptions = {}) {
    this.#statfs = statfs
    this.#giveBack = giveBack ?? (() => false)
    this.#folder = folder
    this.#file = join(folder, 'outbox.reserve')
    this.#nowMs = nowMs
  }

  /** What the outbox may hold now, of what its configuration allows. */
  capOf(bytesMax: number, heldBytes: number): number {
    this.#look()
    if (this.#free.files < headroomFiles) return Math.min(bytesMax, Math.max(leastBytes, heldBytes))
    return Math.min(bytesMax, Math.max(leastBytes, heldBytes + this.#free.bytes - headroomBytes))
  }

  /** How often something else gave room back since this was last asked. */
  takeGiven(): number {
    const given = this.#given
    this.#given = 0
    return given
  }

  /** Gives the reserve back to the disk; false when there is none any more. */
  release(): boolean {
    if (!existsSync(this.#file)) return false
    rmSync(this.#file, { force: true })
    return true
  }

  /** Puts the reserve by again when there is plenty. */
  keep(): void {
    if (!this.#look() || existsSync(this.#file)) return
    if (this.#free.bytes < headroomBytes + 2 * reserveBytes) return
    try {
      writeFileSync(this.#file, Buffer.alloc(reserveBytes))
    } catch {
      rmSync(this.#file, { force: true })
    }
  }

  /** Looks now and then; true when it did. */
  #look(): boolean {
    const nowMs = this.#nowMs()
    if (Math.abs(nowMs - this.#lookedMs) < lookEveryMs) return false
    this.#lookedMs = nowMs
    this.#measure()
    while (this.#isTight() && this.#giveBack()) {
      this.#given++
      this.#measure()
    }
    return true
  }

  #measure(): void {
    try {
      this.#free = freeAt(this.#folder, this.#statfs)
    } catch {
      // A disk that does not even say how full it is shows in what it does.
    }
  }

  #isTight(): boolean {
    const { bytes, files } = this.#free
    return bytes < giveBackTimes * headroomBytes || files < giveBackTimes * headroomFiles
  }
}
