import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { BadInput } from '../../proto/problem.ts'
import { writeDurably } from '../durable-file.ts'

/**
 * Who informed on somebody is nobody's business: the identity is encrypted on disk (AES-256-GCM), bound to the complaint
 * it belongs to, with a key in a file of its own, which a copy of the register does not hold.
 */
export type Sealer = {
  readonly seal: (text: string, of: string) => string
  /** Null: sealed with another key, or not as it was sealed. */
  readonly unseal: (sealed: string, of: string) => string | null
}

const keyBytes = 32
const algorithm = 'aes-256-gcm'

export function openSealer(dataDir: string): Sealer {
  mkdirSync(dataDir, { recursive: true })
  const file = path.join(dataDir, 'informer-key')
  const key = existsSync(file) ? readKey(file) : makeKey(file)
  // By its beginning one tells which key was lost.
  const name = createHash('sha256').update(key).digest('hex').slice(0, 8)
  return {
    seal: (text, of) => {
      const iv = randomBytes(12)
      const cipher = createCipheriv(algorithm, key, iv).setAAD(Buffer.from(of))
      const hidden = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      const parts = [iv, cipher.getAuthTag(), hidden].map((part) => part.toString('base64url'))
      return [name, ...parts].join('.')
    },
    unseal: (sealed, of) => {
      const [by, ...parts] = sealed.split('.')
      const [iv, tag, hidden] = parts.map((part) => Buffer.from(part, 'base64url'))
      if (by !== name || iv === undefined || tag === undefined || hidden === undefined) return null
      try {
        const decipher = createDecipheriv(algorithm, key, iv).setAAD(Buffer.from(of)).setAuthTag(tag)
        return Buffer.concat([decipher.update(hidden), decipher.final()]).toString('utf8')
      } catch {
        // Somebody changed it on disk, or moved it to another complaint.
        return null
      }
    },
  }
}

function readKey(file: string): Buffer {
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64')
  if (key.length === keyBytes) return key
  throw new BadInput(
    `${file}: not a key of ${keyBytes} bytes; restore it, or identities of informers are lost`,
  )
}

function makeKey(file: string): Buffer {
  const key = randomBytes(keyBytes)
  writeDurably(file, `${key.toString('base64')}\n`, 0o600)
  return key
}
