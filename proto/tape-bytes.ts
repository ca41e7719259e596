/** The bytes of a tape: little-endian numbers, varints of up to 53 bits (52 and a sign), CRC-32 (IEEE 802.3, as in zlib). */

const crcTable: Int32Array = new Int32Array(256).map((_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})

export function crc32(bytes: Uint8Array): number {
  let crc = -1
  for (let at = 0; at < bytes.length; at++) crc = crcTable[(crc ^ bytes[at]!) & 0xff]! ^ (crc >>> 8)
  return (crc ^ -1) >>> 0
}

/** Bytes of exactly that length, filled by the caller. */
export function bytesOf(fill: (out: Cursor) => void, length: number): Uint8Array {
  const out = new Cursor(new Uint8Array(length))
  fill(out)
  return out.written()
}

/** A place in some bytes at which is read or written. Reading past the end gives zeros; `readRaw` and `isAtEnd` tell. */
export class Cursor {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #from: number
  #at: number

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#from = at
    this.#at = at
  }

  written(): Uint8Array {
    return this.#bytes.subarray(this.#from, this.#at)
  }

  isAtEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  u8(value: number): void {
    this.#bytes[this.#at++] = value
  }

  u32(value: number): void {
    this.#view.setUint32(this.#at, value, true)
    this.#at += 4
  }

  f64(value: number): void {
    this.#view.setFloat64(this.#at, value, true)
    this.#at += 8
  }

  raw(bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.#at)
    this.#at += bytes.length
  }

  /** Seven bits a byte, the least first. Arithmetic instead of shifts, because microseconds need 53 bits. */
  unsigned(value: number): void {
    let rest = value
    while (rest >= 0x80) {
      this.u8((rest % 0x80) + 0x80)
      rest = Math.floor(rest / 0x80)
    }
    this.u8(rest)
  }

  /** Zigzag: 0, -1, 1, -2 ... become 0, 1, 2, 3. */
  signed(value: number): void {
    this.unsigned(value >= 0 ? value * 2 : -value * 2 - 1)
  }

  readU8(): number {
    return this.#bytes[this.#at++] ?? 0
  }

  readU32(): number {
    const at = this.#at
    this.#at += 4
    return this.#at <= this.#bytes.length ? this.#view.getUint32(at, true) : 0
  }

  readF64(): number {
    const at = this.#at
    this.#at += 8
    return this.#at <= this.#bytes.length ? this.#view.getFloat64(at, true) : 0
  }

  /** The next bytes where they lie; null when there are not so many. */
  readRaw(length: number): Uint8Array | null {
    const at = this.#at
    this.#at += length
    return this.#at <= this.#bytes.length ? this.#bytes.subarray(at, this.#at) : null
  }

  readUnsigned(): number {
    let value = 0
    let scale = 1
    for (let count = 0; count < 8; count++) {
      const byte = this.readU8()
      value += (byte & 0x7f) * scale
      if (byte < 0x80) break
      scale *= 0x80
    }
    return value
  }

  readSigned(): number {
    const value = this.readUnsigned()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }
}
