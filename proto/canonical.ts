import { createHash } from 'node:crypto'

/**
 * Canonical JSON (RFC 8785) and SHA-256. The only file of the shelf that uses a Node module: hashing is a pure
 * function that we do not write ourselves.
 */

/** RFC 8785: keys sorted by UTF-16 code units, no white space, numbers and strings as ECMAScript prints them. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`canonical JSON has no ${value}`)
    return JSON.stringify(value)
  }
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`
  if (typeof value !== 'object') throw new TypeError(`canonical JSON has no ${typeof value}`)
  const object = value as Record<string, unknown>
  const members = Object.keys(object)
    .filter((key) => object[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(object[key])}`)
  return `{${members.join(',')}}`
}

export function sha256(data: Uint8Array | string): Uint8Array {
  return createHash('sha256').update(data).digest()
}

export function sha256Hex(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex')
}

/** Hex SHA-256 of the canonical JSON of a value: the digest of a policy, a route, a set of areas. */
export function digestOf(value: unknown): string {
  return sha256Hex(canonicalJson(value))
}
