/**
 * The signature of a terminal on an envelope: the last field of it (31), over every byte before it; the public key
 * (30) stands in front. Because an envelope names the hash of the one before, one signature vouches for all of its
 * stream up to it. Pure: bytes in, bytes out; who signs and who checks brings the key.
 */

/** Protobuf: (30 << 3 | 2), 32 bytes; (31 << 3 | 2), 64 bytes. */
const keyTag = Uint8Array.of(0xf2, 0x01, 0x20)
const signatureTag = Uint8Array.of(0xfa, 0x01, 0x40)
const keyBytes = 32
const signatureBytes = 64
const signatureAt = signatureTag.length + signatureBytes
/** What a signature adds to an envelope. */
export const signedExtra = keyTag.length + keyBytes + signatureAt

export type Signer = {
  /** Ed25519, raw. */
  readonly publicKey: Uint8Array
  readonly sign: (bytes: Uint8Array) => Uint8Array
}
export type Signed = {
  readonly publicKey: Uint8Array
  readonly signature: Uint8Array
  /** What was signed. */
  readonly over: Uint8Array
}

export function withSignature(bytes: Uint8Array, signer: Signer): Uint8Array {
  const over = joined(bytes, keyTag, signer.publicKey)
  return joined(over, signatureTag, signer.sign(over))
}

/** Null when these bytes do not end in a key and a signature. */
export function signatureOf(bytes: Uint8Array): Signed | null {
  const over = bytes.subarray(0, Math.max(0, bytes.length - signatureAt))
  const keyStart = over.length - keyBytes
  if (keyStart < keyTag.length) return null
  if (!begins(bytes, over.length, signatureTag) || !begins(bytes, keyStart - keyTag.length, keyTag))
    return null
  return {
    publicKey: bytes.slice(keyStart, over.length),
    signature: bytes.slice(over.length + signatureTag.length),
    over,
  }
}

const begins = (bytes: Uint8Array, at: number, tag: Uint8Array): boolean =>
  tag.every((byte, index) => bytes[at + index] === byte)

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
