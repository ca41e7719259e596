import assert from 'node:assert/strict'

/** What all messages share: a decoder never throws, numbers and words are checked one by one. */

export type Decoded<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: string }

/** A whole number the wire can carry without losing a bit. */
export function whole(value: number, name: string): number {
  assert(Number.isSafeInteger(value), `${name} must be a whole number below 2^53, got ${value}`)
  return value
}

/** Runs a decoder over foreign bytes: whatever goes wrong becomes a reason. */
export function guarded<T>(bytes: Uint8Array, bytesMax: number, decode: () => T): Decoded<T> {
  if (bytes.length > bytesMax)
    return { ok: false, reason: `${bytes.length} bytes, at most ${bytesMax} allowed` }
  try {
    return { ok: true, value: decode() }
  } catch (error) {
    const message = error instanceof Error ? error.message : 'not decodable'
    return { ok: false, reason: message.replace(/\s+/g, ' ').slice(0, 200) }
  }
}

class Malformed extends Error {}

export function check(condition: boolean, reason: string): asserts condition {
  if (!condition) throw new Malformed(reason)
}

/** A decoded int64: a number, or protobufjs' Long when it came as one. */
export function int(value: unknown, name: string): number {
  const number = typeof value === 'number' ? value : Number(String(value))
  check(Number.isSafeInteger(number), `${name} is not a whole number below 2^53`)
  return number
}

export function instant(value: unknown, name: string): number {
  const ms = int(value, name)
  // Years 1970 to 2200: everything outside is a broken clock or a broken sender.
  check(ms >= 0 && ms < 7_258_118_400_000, `${name} is not an instant between 1970 and 2200`)
  return ms
}

export function oneOf<T extends string>(names: readonly ('' | T)[], index: number, what: string): T {
  const name = names[index]
  check(name !== undefined && name !== '', `unknown ${what} ${index}`)
  return name as T
}

export function text(value: string, max: number, name: string): string {
  check(value.length <= max, `${name} is longer than ${max}`)
  return value
}

export const sha256Pattern = /^[0-9a-f]{64}$/
