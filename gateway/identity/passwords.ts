import { createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { idPattern } from '../../proto/topics.ts'
import { officerName, roles } from './identity.ts'

/** Officers by name and password: scrypt (RFC 7914), a salt each, the cost beside the hash so that it can grow. */

const hashPattern = /^scrypt:(\d+):(\d+):(\d+):([A-Za-z0-9+/=]+):([A-Za-z0-9+/=]+)$/
export const usersSchema = z.strictObject({
  users: z
    .array(
      z.strictObject({
        name: z.string().regex(officerName, 'letters, digits, _ . @ and -, at most 64'),
        hash: z.string().regex(hashPattern, 'a line of "npm run gateway -- enroll password"'),
        fleets: z.record(z.string().regex(idPattern, 'an id'), z.enum(roles)),
      }),
    )
    .max(10_000),
})
export type Users = z.infer<typeof usersSchema>
export type User = Users['users'][number]

/** 64 MiB and about a tenth of a second each. */
const cost = { N: 2 ** 16, r: 8, p: 1 }
/** What a users file may ask of this machine. */
const costMax = { N: 2 ** 18, r: 16, p: 4 }
const saltBytes = 16
const hashBytes = 32
export const passwordMin = 12
const passwordMax = 256

export async function hashOf(password: string, { N, r, p } = cost): Promise<string> {
  const salt = randomBytes(saltBytes)
  const hash = await derive(password, salt, { N, r, p })
  return `scrypt:${N}:${r}:${p}:${salt.toString('base64')}:${hash.toString('base64')}`
}

/** A name nobody has costs as much as one that somebody has. */
const nobody = `scrypt:${cost.N}:${cost.r}:${cost.p}:${Buffer.alloc(saltBytes).toString('base64')}:${Buffer.alloc(hashBytes).toString('base64')}`

async function matches(password: string, stored: string): Promise<boolean> {
  const [, N, r, p, salt, hash] = hashPattern.exec(stored) ?? []
  const asked = { N: Number(N), r: Number(r), p: Number(p) }
  const wanted = Buffer.from(hash ?? '', 'base64')
  if (asked.N > costMax.N || asked.r > costMax.r || asked.p > costMax.p || wanted.length !== hashBytes)
    return false
  try {
    return timingSafeEqual(await derive(password, Buffer.from(salt ?? '', 'base64'), asked), wanted)
  } catch {
    // A cost that scrypt itself refuses (N not a power of two): nobody's password.
    return false
  }
}

function derive(password: string, salt: Buffer, { N, r, p }: typeof cost): Promise<Buffer> {
  const maxmem = 256 * N * r
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, hashBytes, { N, r, p, maxmem }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    )
  })
}

export type Passwords = {
  /** The user when name and password are one's; null otherwise, also when too many are being asked. */
  readonly check: (name: string, password: string) => Promise<User | null>
  /** Answers that wait for their turn. */
  readonly waiting: () => number
}

/** Answers that need a derivation at the same time, because each costs 64 MiB; the others wait their turn. */
const atOnceMax = 4
/** A shift that begins waits a second or two; more than that is nobody's shift. */
export const passwordsWaitingMax = 40
const rememberedMs = 60_000
const rememberedMax = 1000

/**
 * A right answer is remembered for a minute under a keyed digest, so that a program that asks over HTTP every
 * second does not cost a derivation each time; a changed hash or a removed user forgets it at once.
 */
export function createPasswords(find: (name: string) => User | null, nowMs: () => number): Passwords {
  const key = randomBytes(32)
  const remembered = new Map<string, number>()
  let running = 0
  const waiting: (() => void)[] = []
  /** False when too many wait already. */
  const turn = async (): Promise<boolean> => {
    if (running < atOnceMax) running++
    else if (waiting.length >= passwordsWaitingMax) return false
    // Who ends hands the own place over, so the count stays.
    else await new Promise<void>((resolve) => waiting.push(resolve))
    return true
  }
  const done = (): void => {
    const next = waiting.shift()
    if (next === undefined) running--
    else next()
  }
  return {
    waiting: () => waiting.length,
    check: async (name, password) => {
      const user = find(name)
      if (password.length === 0 || password.length > passwordMax) return null
      const digest = createHmac('sha256', key)
        .update(JSON.stringify([name, password, user?.hash ?? '']))
        .digest('base64')
      if (user !== null && (remembered.get(digest) ?? 0) > nowMs()) return user
      if (!(await turn())) return null
      try {
        if (!(await matches(password, user?.hash ?? nobody)) || user === null) return null
      } finally {
        done()
      }
      if (remembered.size >= rememberedMax) remembered.clear()
      remembered.set(digest, nowMs() + rememberedMs)
      return user
    },
  }
}
