import type { Dice } from '../../sim/swarm/dice.ts'

/** Bytes gone wrong: flipped, cut, doubled, swapped, overwritten with what hurts. */

const nasty = [0x00, 0x01, 0x7f, 0x80, 0xff, 0x0a, 0x22, 0x7b, 0x7d]

export function mutated(dice: Dice, bytes: Uint8Array, others: readonly Uint8Array[]): Buffer {
  let out: Buffer = Buffer.from(bytes)
  const times = dice.whole('mutate/times', 1, 4)
  for (let n = 0; n < times; n++) out = once(dice, out, others)
  return out
}

function once(dice: Dice, bytes: Buffer, others: readonly Uint8Array[]): Buffer {
  const at = dice.whole('mutate/at', 0, Math.max(0, bytes.length - 1))
  const how = dice.pick('mutate/how', [
    'flip',
    'nasty',
    'cut',
    'drop',
    'double',
    'splice',
    'insert',
    'noise',
  ] as const)
  if (bytes.length === 0) return noise(dice, 1 + dice.whole('mutate/length', 0, 40))
  switch (how) {
    case 'flip':
      bytes[at]! ^= 1 << dice.whole('mutate/bit', 0, 7)
      return bytes
    case 'nasty':
      bytes[at] = dice.pick('mutate/nasty', nasty)
      return bytes
    case 'cut':
      return bytes.subarray(0, at)
    case 'drop':
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + dice.whole('mutate/length', 1, 8))])
    case 'double':
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at, at + 16), bytes.subarray(at)])
    case 'splice': {
      const other = Buffer.from(dice.pick('mutate/other', others))
      return Buffer.concat([
        bytes.subarray(0, at),
        other.subarray(dice.whole('mutate/from', 0, other.length)),
      ])
    }
    case 'insert':
      return Buffer.concat([
        bytes.subarray(0, at),
        noise(dice, dice.whole('mutate/length', 1, 8)),
        bytes.subarray(at),
      ])
    case 'noise':
      return noise(dice, dice.whole('mutate/length', 1, 64))
  }
}

function noise(dice: Dice, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => dice.whole('mutate/noise', 0, 255)))
}
