import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify as verifySignature,
} from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { canonicalJson } from '../proto/canonical.ts'
import { BadInput } from '../proto/problem.ts'
import { syncFolder } from './durable-file.ts'
import { readText } from './files.ts'
import { writeSecret } from './pki/folder.ts'

/** The key with which a gateway vouches for what it keeps: day seals, tombstones, exported evidence. Ed25519. */
export type EvidenceKey = { readonly publicKey: string; readonly sign: (text: string) => string }

/** A statement and who vouches for it; the signature is over the canonical JSON of all the rest. */
export type Vouched<T> = T & { readonly key: string; readonly signature: string }

export const evidenceKeyName = 'evidence-key.pem'

export function openEvidenceKey(dataDir: string): EvidenceKey {
  const file = path.join(dataDir, evidenceKeyName)
  const isThere = existsSync(file)
  const key = isThere ? readKey(file) : makeKey(file)
  // One that was found may have been written by a start that was killed before its name was synced.
  if (isThere) syncFolder(dataDir)
  return {
    publicKey: hexOf(createPublicKey(key)),
    sign: (text) => sign(null, Buffer.from(text), key).toString('hex'),
  }
}

/** The public half, in hex, from a file that holds either half as PEM, or the hex itself. */
export function publicKeyIn(file: string): string {
  const text = readText(file).trim()
  if (isPublicKey(text)) return text.toLowerCase()
  try {
    const key = createPublicKey(text)
    if (key.asymmetricKeyType === 'ed25519') return hexOf(key)
  } catch {
    // Told below: whatever is wrong with it, the remedy is the same.
  }
  throw new BadInput(`${file}: no Ed25519 key; name a file with one as PEM, or its public half in hex`)
}

export const isPublicKey = (text: string): boolean => /^[0-9a-f]{64}$/i.test(text)

function hexOf(key: KeyObject): string {
  const { x } = key.export({ format: 'jwk' })
  return Buffer.from(x ?? '', 'base64url').toString('hex')
}

export function vouched<T extends object>(statement: T, key: EvidenceKey): Vouched<T> {
  const named = { ...statement, key: key.publicKey }
  return { ...named, signature: key.sign(canonicalJson(named)) }
}

/**
 * Why nobody who trusts `key` (hex) should believe it; null when nothing speaks against it. Without a key the one inside is
 * believed, which says no more than that the file was not changed since somebody signed it.
 */
export function voucherTrouble(statement: Vouched<object>, key: string | null): string | null {
  if (!isVouched(statement)) return 'its signature does not fit'
  if (key === null || statement.key === key) return null
  return `is signed by key ${short(statement.key)}, not by the trusted one, ${short(key)}`
}
const short = (key: string): string => key.slice(0, 16)

function isVouched({ signature, ...named }: Vouched<object>): boolean {
  if (typeof signature !== 'string' || typeof named.key !== 'string') return false
  return isSigned(
    Buffer.from(canonicalJson(named)),
    Buffer.from(signature, 'hex'),
    Buffer.from(named.key, 'hex'),
  )
}

/** Ed25519 over bytes, with a raw public key. */
export function isSigned(over: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean {
  try {
    const x = Buffer.from(publicKey).toString('base64url')
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
    return verifySignature(null, over, key, signature)
  } catch {
    return false
  }
}

function readKey(file: string): KeyObject {
  try {
    const key = createPrivateKey(readFileSync(file))
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch {
    // Told below: whatever is wrong with it, the remedy is the same.
  }
  throw new BadInput(`${file}: not an Ed25519 private key; restore it from a copy`)
}

function makeKey(file: string): KeyObject {
  const { privateKey } = generateKeyPairSync('ed25519')
  writeSecret(file, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
  return privateKey
}
