import type { CanFrame } from '../../device/decoders/messages.ts'

/** The columns of a text log of frames, made into a frame. Whatever does not fit exactly is none. */
export type FrameText = {
  /** Seconds. */
  readonly t: number
  readonly id: number
  readonly extended: boolean
  readonly remote: boolean
  readonly length: number
  /** The data bytes in that base, as many as there are; what follows them is not looked at. */
  readonly bytes: readonly string[]
  readonly base: 10 | 16
}

const standardIdMax = 0x7ff
const extendedIdMax = 0x1fffffff
const dataBytesMax = 8

export function frameFromText({ t, id, extended, remote, length, bytes, base }: FrameText): CanFrame | null {
  if (!(t >= 0) || !Number.isInteger(id) || id < 0 || id > (extended ? extendedIdMax : standardIdMax))
    return null
  if (!(length >= 0) || length > dataBytesMax) return null
  if (remote) return { t, id, extended, data: new Uint8Array(0), special: 'remote' }
  if (bytes.length < length) return null
  const pattern = base === 16 ? /^[0-9A-Fa-f]{2}$/ : /^\d{1,3}$/
  const data = new Uint8Array(length)
  for (let at = 0; at < length; at++) {
    const value = pattern.test(bytes[at]!) ? Number.parseInt(bytes[at]!, base) : 256
    if (value > 255) return null
    data[at] = value
  }
  return { t, id, extended, data }
}
