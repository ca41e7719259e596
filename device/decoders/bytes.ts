/** A copy of a part. (`slice` of a Buffer is a view on bytes that their owner may change.) */
export function copyOf(bytes: Uint8Array, from: number, end: number): Uint8Array {
  const copy = new Uint8Array(end - from)
  for (let at = from, to = 0; at < end; at++, to++) copy[to] = bytes[at]!
  return copy
}
