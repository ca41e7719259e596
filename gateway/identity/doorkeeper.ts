import { statSync } from 'node:fs'
import type { TLSSocket } from 'node:tls'
import { parseDocument } from '../../proto/problem.ts'
import { readJson } from '../files.ts'
import { type Identity, identityOf, nameOf, type Officer, serialOf } from './identity.ts'
import { createPasswords, type User, type Users, usersSchema } from './passwords.ts'
import { type Revoked, revokedSchema } from './revoked.ts'

/** Who is let in and who may stay. Both files are read again when they change, so an answer is never old. */
export type Doorkeeper = {
  /** Who is behind a TLS connection; null: nobody we let in. */
  readonly identify: (socket: TLSSocket) => Identity | null
  readonly login: (name: string, password: string) => Promise<Officer | null>
  readonly mayStay: (identity: Identity) => boolean
  /** Passwords that wait for their turn. */
  readonly passwordsWaiting: () => number
  /** Looks at the files again; true when somebody may have lost the right to be here. Throws BadInput, keeping what it knew. */
  readonly refresh: () => boolean
}

export type DoorkeeperFiles = { readonly users?: string | undefined; readonly revoked?: string | undefined }

export function createDoorkeeper(files: DoorkeeperFiles, nowMs: () => number): Doorkeeper {
  const users = watched<Users>(files.users, { users: [] }, (file) =>
    parseDocument(usersSchema, readJson(file), file),
  )
  const revoked = watched<Revoked>(files.revoked, { serials: [], names: [] }, (file) =>
    parseDocument(revokedSchema, readJson(file), file),
  )
  const find = (name: string): User | null => users.value().users.find((user) => user.name === name) ?? null
  const passwords = createPasswords(find, nowMs)
  const held: unknown[] = []
  const mayStay = (identity: Identity): boolean => {
    const { serials, names } = revoked.value()
    const serial = serialOf(identity)
    const name = nameOf(identity)
    if (serial !== null && serials.includes(serial)) return false
    if (name !== null && names.includes(name)) return false
    if ('untilMs' in identity && identity.untilMs !== null && identity.untilMs <= nowMs()) return false
    return identity.is !== 'officer' || identity.serial !== null || isStill(identity, find)
  }
  return {
    identify: (socket) => {
      const certificate = socket.getPeerCertificate()
      const shown = Object.keys(certificate ?? {}).length > 0
      if (!shown) return { is: 'unnamed', address: socket.remoteAddress ?? '' }
      const identity = socket.authorized ? identityOf(certificate) : null
      return identity !== null && mayStay(identity) ? identity : null
    },
    login: async (name, password) => {
      const user = await passwords.check(name, password)
      if (user === null) return null
      const officer = officerOf(user)
      return mayStay(officer) ? officer : null
    },
    mayStay,
    passwordsWaiting: passwords.waiting,
    refresh: () => refreshAll([users, revoked], held),
  }
}

function officerOf({ name, fleets, hash }: User): Officer {
  return { is: 'officer', name, grants: new Map(Object.entries(fleets)), serial: null, untilMs: null, hash }
}

/** By password: as long as the users file says the same as when the officer came in. */
function isStill(officer: Officer, find: (name: string) => User | null): boolean {
  if (officer.hash === undefined) return true
  const user = find(officer.name)
  if (user === null || user.hash !== officer.hash) return false
  const grants = officer.grants ?? new Map()
  const now = Object.entries(user.fleets)
  return now.length === grants.size && now.every(([fleet, role]) => grants.get(fleet) === role)
}

type Watched<T> = { readonly value: () => T; readonly refresh: () => boolean }

/**
 * Each list by itself: one that is broken must not keep a revocation in the other from being read. What is wrong is thrown
 * once, and after what changed was told.
 */
function refreshAll(lists: readonly Pick<Watched<unknown>, 'refresh'>[], held: unknown[]): boolean {
  let changed = false
  for (const list of lists)
    try {
      changed = list.refresh() || changed
    } catch (error) {
      held.push(error)
    }
  if (!changed && held.length > 0) throw held.shift()
  return changed
}

/** A file that is looked at again; what was read last holds while it cannot be read. */
function watched<T>(file: string | undefined, absent: T, read: (file: string) => T): Watched<T> {
  if (file === undefined) return { value: () => absent, refresh: () => false }
  let stamp = stampOf(file)
  let value = read(file)
  return {
    value: () => value,
    refresh: () => {
      const seen = stampOf(file)
      if (seen === stamp) return false
      // What cannot be read is not read again and again: it is complained of once.
      stamp = seen
      value = read(file)
      return true
    },
  }
}

export function stampOf(file: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(file)
    return `${mtimeMs}/${size}/${ino}`
  } catch {
    return 'absent'
  }
}
