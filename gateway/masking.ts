import { maskDriver } from '../proto/catalog/entry.ts'
import { decodeAlert, encodeAlert } from '../proto/codec.ts'
import type { Alert } from '../proto/model.ts'

/** Names of drivers and escorts for those who do not speak with them: 张** (personal information). Sentences are masked for everybody. */

const personal = new Set([
  'driver',
  'coDriver',
  'lastDriver',
  'from',
  'to',
  'relieved',
  'before',
  'drivers',
  'escort',
])

/** Names wherever they stand under a key that holds drivers: a Chinese word is a name there, an id stays one. */
export function masked(value: unknown, isPerson = false): unknown {
  if (typeof value === 'string') return isPerson && value !== '' ? maskDriver(value).zh : value
  if (Array.isArray(value)) return value.map((one) => masked(one, isPerson))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, masked(one, personal.has(key))]))
}

/** A message of the alert broker; one made for many hearers is masked once. */
const made = new WeakMap<Uint8Array, Buffer>()

export function maskedPayload(topic: string, payload: Buffer): Buffer {
  let found = made.get(payload)
  if (found === undefined) made.set(payload, (found = maskedMessage(topic, payload)))
  return found
}

function maskedMessage(topic: string, payload: Buffer): Buffer {
  // What takes a retained message back is empty.
  if (payload.length === 0) return payload
  if (!topic.startsWith('alerts/'))
    return Buffer.from(JSON.stringify(masked(JSON.parse(payload.toString('utf8')) as unknown)))
  const decoded = decodeAlert(payload)
  return decoded.ok ? Buffer.from(encodeAlert(masked(decoded.value) as Alert)) : Buffer.alloc(0)
}
