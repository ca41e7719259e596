import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { BadInput } from '../../proto/problem.ts'
import type { Signer } from '../../proto/signature.ts'
import { writeDurably } from '../durable-file.ts'
import { syncFolder } from '../make-folder.ts'
import { isRefusal } from './room.ts'

/** The key of this terminal: made at its first start, never leaving its folder. The gateway learns the public half. */
export function openSigner(dataDir: string): KeptSigner {
  const file = join(dataDir, 'terminal-key.pem')
  const isThere = existsSync(file)
  const key = isThere ? readKey(file) : generateKeyPairSync('ed25519').privateKey
  const { x } = createPublicKey(key).export({ format: 'jwk' })
  let isKept = isThere
  const keep = (): void => {
    if (!isKept) writeDurably(file, key.export({ type: 'pkcs8', format: 'pem' }).toString(), 0o600)
    isKept = true
  }
  try {
    // One that was found may have been written by a start that was killed before its name was synced.
    if (isThere) syncFolder(dataDir)
    else keep()
  } catch (error) {
    if (!isRefusal(error)) throw error
  }
  return { publicKey: Buffer.from(x ?? '', 'base64url'), sign: (bytes) => sign(null, bytes, key), keep }
}

/** `keep` stores a key for which the disk had no room; the next start would make another. */
export type KeptSigner = Signer & { readonly keep: () => void }

function readKey(file: string): KeyObject {
  try {
    const key = createPrivateKey(readFileSync(file))
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch {
    // Told below: whatever is wrong with it, the remedy is the same.
  }
  throw new BadInput(`${file}: not an Ed25519 private key; restore it, or remove it and a new one is made`)
}
