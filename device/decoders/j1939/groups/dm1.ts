import type { TroubleCode } from '../../messages.ts'
import { pair } from '../field.ts'
import type { Group } from '../group.ts'

/**
 * DM1, active diagnostic trouble codes: PGN 65226 (FECAh), every second while there are any. SAE J1939-73, 5.7.1.
 *
 *   byte 1   lamps, two bits each: protect, amber warning, red stop, malfunction indicator
 *   byte 2   how they flash (not read)
 *   then four bytes for each code: SPN bits 1-8, 9-16, then SPN bits 17-19 (high three bits) with FMI (low five),
 *   then the conversion method (high bit) with the occurrence count (127 = not available)
 *
 * One all-zero code means "none". Two bytes remain of a single frame with one code: they are padding.
 */
export const dm1: Group = {
  pgn: 65226,
  name: 'DM1',
  read: (d) => ({
    protectLamp: pair(d, 1, 1), // SPN 987
    amberWarningLamp: pair(d, 1, 3), // SPN 624
    redStopLamp: pair(d, 1, 5), // SPN 623
    malfunctionLamp: pair(d, 1, 7), // SPN 1213
    troubleCodes: d.length < 6 ? null : troubleCodes(d.bytes, d.length), // SPN 1214 to 1216
  }),
}

function troubleCodes(data: Uint8Array, length: number): readonly TroubleCode[] {
  const codes: TroubleCode[] = []
  for (let at = 2; at + 4 <= length; at += 4) {
    const spn = data[at]! | (data[at + 1]! << 8) | ((data[at + 2]! >> 5) << 16)
    const fmi = data[at + 2]! & 0x1f
    const count = data[at + 3]! & 0x7f
    if ((spn === 0 && fmi === 0) || spn === spnNotAvailable) continue
    codes.push({ spn, fmi, count: count === 127 ? null : count })
  }
  return codes
}

/** Nineteen ones: filler, not a code. */
const spnNotAvailable = 0x7ffff
