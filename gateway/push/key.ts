import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { BadInput } from '../../proto/problem.ts'
import { writeDurably } from '../durable-file.ts'

/** The key with which a gateway signs what it pushes: made at its first start, kept beside the journal. */
export type SigningKey = {
  readonly sign: (text: string) => Uint8Array
  /** What terminals are configured with. */
  readonly publicPem: string
}

export const publicKeyName = 'push-key.pub.pem'

export function openSigningKey(dataDir: string): SigningKey {
  mkdirSync(dataDir, { recursive: true })
  const file = path.join(dataDir, 'push-key.pem')
  const key = existsSync(file) ? readKey(file) : makeKey(file)
  const publicPem = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString()
  const published = path.join(dataDir, publicKeyName)
  if (!existsSync(published) || readFileSync(published, 'utf8') !== publicPem)
    writeDurably(published, publicPem)
  return { sign: (text) => sign(null, Buffer.from(text), key), publicPem }
}

function readKey(file: string): KeyObject {
  try {
    const key = createPrivateKey(readFileSync(file))
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch {
    // Told below: whatever is wrong with it, the remedy is the same.
  }
  throw new BadInput(
    `${file}: not an Ed25519 private key; restore it, or remove it and give terminals the new public one`,
  )
}

/** Nobody but this user may read it: who has it can put a policy in force on every terminal. */
function makeKey(file: string): KeyObject {
  const { privateKey } = generateKeyPairSync('ed25519')
  writeDurably(file, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 0o600)
  return privateKey
}
