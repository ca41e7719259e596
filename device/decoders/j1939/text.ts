import type { GroupBytes } from './field.ts'

/**
 * The n-th text (from 0) of a group of variable texts, which `*` ends (SAE J1939-71, 5.1.3). FFh is "not available", 00h
 * "error"; other bytes outside printable ASCII are no characters of an identification and make it unusable.
 */
export function textPart(d: GroupBytes, n: number): string | null | undefined {
  let start = 0
  for (let skipped = 0; skipped < n; skipped++) {
    start = endOfText(d, start) + 1
    if (start > d.length) return null
  }
  const known = d.bytes.subarray(start, endOfText(d, start)).filter((byte) => byte !== 0xff)
  if (known.includes(0)) {
    d.failed = true
    return undefined
  }
  if (known.some((byte) => byte < 0x20 || byte > 0x7e)) return null
  const text = String.fromCharCode(...known).trim()
  return text === '' ? null : text
}

function endOfText({ bytes, length }: GroupBytes, from: number): number {
  let at = from
  while (at < length && bytes[at] !== 0x2a) at++
  return at
}
