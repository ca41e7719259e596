import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { DatabaseSync, StatementSync } from 'node:sqlite'

/**
 * Makes the k-th call to the disk fail, whoever makes it: the calls of node:sqlite and of node:fs are wrapped for
 * as long as a run lasts. The product is not asked; it holds the very functions that are wrapped.
 */

export const diskErrors = ['EIO', 'ENOSPC', 'EROFS', 'EMFILE', 'EINTR', 'short write'] as const
export type DiskError = (typeof diskErrors)[number]

/** What SQLite makes of them. It repeats what was interrupted by itself, and calls a short write a full disk. */
const codes: { readonly [error in DiskError]: number } = {
  EIO: 10,
  ENOSPC: 13,
  EROFS: 8,
  EMFILE: 14,
  EINTR: 10,
  'short write': 13,
}

export type Failing = {
  /** The call that fails, from 1; 0 for none. */
  readonly call: number
  readonly error: DiskError
  /** Whether every later call fails too, as on a disk that is gone. */
  readonly forGood: boolean
}

export type FailingIo = {
  readonly calls: () => number
  /** Closes every database that is open, as the system does for a process that has ended. */
  readonly endProcess: () => void
  readonly restore: () => void
}

const statementCalls = ['run', 'get', 'all'] as const
const fileCalls = ['openSync', 'writeSync', 'writeFileSync', 'fsyncSync', 'renameSync', 'mkdirSync'] as const
type Call = (...args: unknown[]) => unknown

export function failIo(failing: Failing): FailingIo {
  let count = 0
  const databases = new Set<DatabaseSync>()
  const undo: (() => void)[] = []
  const fails = (): boolean => {
    count++
    return count === failing.call || (failing.forGood && failing.call > 0 && count > failing.call)
  }
  const wrap = (
    holder: object,
    name: string,
    instead: (real: Call, self: unknown, args: unknown[]) => unknown,
  ) => {
    const slots = holder as Record<string, Call>
    const real = slots[name]!
    slots[name] = function (this: unknown, ...args: unknown[]) {
      if (this instanceof DatabaseSync) databases.add(this)
      return fails() ? instead(real, this, args) : real.apply(this, args)
    }
    undo.push(() => {
      slots[name] = real
    })
  }
  const sqlError = (): never => {
    throw Object.assign(new Error(`disk: ${failing.error}`), { errcode: codes[failing.error] })
  }
  wrap(DatabaseSync.prototype, 'exec', sqlError)
  for (const name of statementCalls) wrap(StatementSync.prototype, name, sqlError)
  for (const name of fileCalls)
    wrap(fs, name, (real, self, args) => fileFailure(failing.error, name, real, self, args))
  syncBuiltinESMExports()
  return {
    calls: () => count,
    endProcess: () => {
      for (const database of databases) if (database.isOpen) database.close()
      databases.clear()
    },
    restore: () => {
      for (const step of undo.reverse()) step()
      syncBuiltinESMExports()
    },
  }
}

/** A short write is no error: it says how much was written, and that is less than was given. */
function fileFailure(error: DiskError, name: string, real: Call, self: unknown, args: unknown[]): unknown {
  if (error !== 'short write') throw Object.assign(new Error(`${error}: ${name}`), { code: error })
  const [fd, given, ...rest] = args
  if (name !== 'writeSync') return real.apply(self, args)
  const bytes = typeof given === 'string' ? Buffer.from(given) : (given as Uint8Array)
  const [offset = 0, length = bytes.length - Number(offset)] = rest as number[]
  return real.call(self, fd, bytes, offset, Math.floor(length / 2))
}
