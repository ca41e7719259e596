/** A text of a group: null when it is empty or not available. */
export type TextPart = { readonly text: string | null; readonly error: boolean }

/**
 * Splits the bytes at `*`, the delimiter of variable texts (SAE J1939-71, 5.1.3). FFh is "not available", 00h "error"; other
 * bytes outside printable ASCII are no characters of an identification and make the part unusable.
 */
export function asciiParts(data: Uint8Array, length: number): readonly TextPart[] {
  const parts: TextPart[] = []
  let start = 0
  for (let at = 0; at <= length; at++) {
    if (at < length && data[at] !== 0x2a) continue
    if (at < length || at > start) parts.push(partOf(data.subarray(start, at)))
    start = at + 1
  }
  return parts
}

function partOf(bytes: Uint8Array): TextPart {
  const known = bytes.filter((byte) => byte !== 0xff)
  if (known.length === 0) return { text: null, error: false }
  if (known.includes(0)) return { text: null, error: true }
  if (known.some((byte) => byte < 0x20 || byte > 0x7e)) return { text: null, error: false }
  const text = String.fromCharCode(...known).trim()
  return { text: text === '' ? null : text, error: false }
}
