/**
 * Bytes -> MQTT control packets, incrementally and with bounded memory. Pure: state in, state out is kept in one
 * small object because a gateway does this for every byte it receives.
 */

/** One whole control packet. */
export type Frame = {
  readonly type: number
  /** Low four bits of the first byte. */
  readonly flags: number
  /** The packet from its first byte on. */
  readonly bytes: Buffer
  /** Where the variable header begins. */
  readonly start: number
}

export type Cut =
  | { readonly is: 'frame'; readonly frame: Frame }
  | { readonly is: 'more' }
  | { readonly is: 'refused'; readonly reason: 'too-large' | 'bad-length' }

export type FrameCutter = {
  readonly push: (chunk: Buffer) => void
  /** The next whole packet, if there is one. A packet larger than `bytesMax` is refused at its header. */
  readonly next: (bytesMax: number) => Cut
  /** Bytes held back. */
  readonly held: () => number
}

const more: Cut = { is: 'more' }

export function createFrameCutter(): FrameCutter {
  let held: Buffer[] = []
  let size = 0

  const head = (): Buffer => {
    const whole = held.length === 1 ? held[0]! : Buffer.concat(held, size)
    if (held.length > 1) held = [whole]
    return whole
  }

  return {
    push: (chunk) => {
      if (chunk.length === 0) return
      held.push(chunk)
      size += chunk.length
    },
    next: (bytesMax) => {
      if (size < 2) return more
      const first = held[0]!.length >= 5 ? held[0]! : head()
      const length = readLength(first)
      if (length === null) return size >= 5 ? { is: 'refused', reason: 'bad-length' } : more
      const total = length.start + length.value
      if (total > bytesMax) return { is: 'refused', reason: 'too-large' }
      if (size < total) return more
      const whole = head()
      const bytes = whole.subarray(0, total)
      held = whole.length > total ? [whole.subarray(total)] : []
      size -= total
      const [byte] = bytes
      return { is: 'frame', frame: { type: byte! >> 4, flags: byte! & 15, bytes, start: length.start } }
    },
    held: () => size,
  }
}

/** The remaining length, at most four bytes; null when it is not there whole (or is longer than four). */
function readLength(bytes: Buffer): { value: number; start: number } | null {
  let value = 0
  for (let index = 1; index <= 4; index++) {
    const byte = bytes[index]
    if (byte === undefined) return null
    value += (byte & 127) * 128 ** (index - 1)
    if (byte < 128) return { value, start: index + 1 }
  }
  return null
}
