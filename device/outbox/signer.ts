import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { BadInput } from '../../proto/problem.ts'
import type { Signer } from '../../proto/signature.ts'

/** The key of this terminal: made at its first start, never leaving its folder. The gateway learns the public half. */
export function openSigner(dataDir: string): Signer {
  const file = join(dataDir, 'terminal-key.pem')
  const key = existsSync(file) ? readKey(file) : makeKey(file)
  const { x } = createPublicKey(key).export({ format: 'jwk' })
  return { publicKey: Buffer.from(x ?? '', 'base64url'), sign: (bytes) => sign(null, bytes, key) }
}

function readKey(file: string): KeyObject {
  try {
    const key = createPrivateKey(readFileSync(file))
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch {
    // Told below: whatever is wrong with it, the remedy is the same.
  }
  throw new BadInput(`${file}: not an Ed25519 private key; restore it, or remove it and a new one is made`)
}

function makeKey(file: string): KeyObject {
  const { privateKey } = generateKeyPairSync('ed25519')
  const part = `${file}.part`
  const fd = openSync(part, 'w', 0o600)
  writeSync(fd, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
  fsyncSync(fd)
  closeSync(fd)
  renameSync(part, file)
  return privateKey
}
