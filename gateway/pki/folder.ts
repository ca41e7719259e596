import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { BadInput, parseDocument } from '../../proto/problem.ts'
import { syncFolder } from '../durable-file.ts'
import { readJson, readText } from '../files.ts'
import { type Revoked, revokedSchema } from '../identity/revoked.ts'
import { makeFolders } from '../make-folder.ts'
import type { KeyPair } from './authority.ts'

/** The folder of an authority: its key and certificate, a register of what it issued, the list of what it revoked. */

const issuedSchema = z.array(
  z.strictObject({
    serial: z.string(),
    name: z.string(),
    role: z.string(),
    fleets: z.array(z.string()),
    notAfter: z.string(),
  }),
)
export type Entry = z.infer<typeof issuedSchema>[number]

const names = {
  key: 'authority.key',
  cert: 'authority.crt',
  issued: 'issued.json',
  revoked: 'revoked.json',
} as const

export async function openFolder(folder: string, make: () => Promise<KeyPair>): Promise<KeyPair> {
  const at = (name: string): string => path.join(folder, name)
  if (existsSync(at(names.key))) {
    syncFolder(folder)
    return { key: readText(at(names.key)), cert: readText(at(names.cert)) }
  }
  try {
    makeFolders(folder, 0o700)
  } catch {
    throw new BadInput(`${folder}: cannot be made a folder; name one this user may write to`)
  }
  const pair = await make()
  // The key last: where it is the authority is whole, and a power cut before leaves none, not half of one.
  writeWhole(at(names.cert), pair.cert)
  if (!existsSync(at(names.revoked))) writeRevoked(folder, { serials: [], names: [] })
  writeSecret(at(names.key), pair.key)
  return pair
}

export function issuedIn(folder: string): Entry[] {
  const file = path.join(folder, names.issued)
  return existsSync(file) ? parseDocument(issuedSchema, readJson(file), file) : []
}

export function noteIssued(folder: string, entry: Entry): void {
  writeWhole(path.join(folder, names.issued), json([...issuedIn(folder), entry]))
}

export const revokedFile = (folder: string): string => path.join(folder, names.revoked)

export function revokedIn(folder: string): Revoked {
  const file = revokedFile(folder)
  return existsSync(file) ? parseDocument(revokedSchema, readJson(file), file) : { serials: [], names: [] }
}

export function writeRevoked(folder: string, revoked: Revoked): void {
  writeWhole(revokedFile(folder), json(revoked))
}

export const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

/** For its owner alone, from the first byte on. */
export const writeSecret = (file: string, text: string): void => writeWhole(file, text, 0o600)

/** Replaced whole or not at all: a gateway may be reading it. */
export function writeWhole(file: string, text: string, mode = 0o644): void {
  const part = `${file}.${randomBytes(4).toString('hex')}.part`
  try {
    const fd = openSync(part, 'wx', mode)
    try {
      writeFileSync(fd, text)
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
    renameSync(part, file)
    syncFolder(path.dirname(file))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new BadInput(`${file}: cannot be written (${code}); name a folder this user may write to`)
  }
}
