/** A signal read the slow way: all bits of the frame as one text, in the order the format counts them. */
export type PlainSignal = {
  readonly start: number
  readonly bits: number
  readonly order: 'intel' | 'motorola'
  readonly signed: boolean
}

export function plainRaw({ start, bits, order, signed }: PlainSignal, data: Uint8Array): bigint | null {
  const places: number[] = []
  if (order === 'intel') for (let i = bits - 1; i >= 0; i--) places.push(start + i)
  else {
    // Bytes one after the other, each from its highest bit: in that row a Motorola signal lies in one piece.
    const row = (bit: number): number => Math.floor(bit / 8) * 8 + (7 - (bit % 8))
    for (let i = 0; i < bits; i++) {
      const at = row(start) + i
      places.push(Math.floor(at / 8) * 8 + (7 - (at % 8)))
    }
  }
  if (places.some((bit) => Math.floor(bit / 8) >= data.length)) return null
  const text = places.map((bit) => (data[Math.floor(bit / 8)]! >> (bit % 8)) & 1).join('')
  const value = BigInt(`0b${text}`)
  return signed && text[0] === '1' ? value - 2n ** BigInt(bits) : value
}
