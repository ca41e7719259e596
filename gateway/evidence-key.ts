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
import { writeSecret } from './pki/folder.ts'

/** The key with which a gateway vouches for what it keeps: day seals, tombstones, exported evidence. Ed25519. */
export type EvidenceKey = { readonly publicKey: string; readonly sign: (text: string) => string }

/** A statement and who vouches for it; the signature is over the canonical JSON of all the rest. */
export type Vouched<T> = T & { readonly key: string; readonly signature: string }

export function openEvidenceKey(dataDir: string): EvidenceKey {
  const file = path.join(dataDir, 'evidence-key.pem')
  const key = existsSync(file) ? readKey(file) : makeKey(file)
  const { x } = createPublicKey(key).export({ format: 'jwk' })
  return {
    publicKey: Buffer.from(x ?? '', 'base64url').toString('hex'),
    sign: (text) => sign(null, Buffer.from(text), key).toString('hex'),
  }
}

export function vouched<T extends object>(statement: T, key: EvidenceKey): Vouched<T> {
  const named = { ...statement, key: key.publicKey }
  return { ...named, signature: key.sign(canonicalJson(named)) }
}

export function isVouched({ signature, ...named }: Vouched<object>): boolean {
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
