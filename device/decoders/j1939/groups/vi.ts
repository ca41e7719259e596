import type { Group } from '../group.ts'
import { signalNames } from '../names.ts'
import { asciiParts } from '../text.ts'

/**
 * VI, vehicle identification: PGN 65260 (FEECh), on request. SAE J1939-71, SPN 237, a text ended by `*`.
 *
 * A whole number identifies the vehicle's owner, so it is never shown: only the maker's three letters are.
 */
export const vehicleIdentificationPgn = 65260
export const vinShown = 3

export const vi: Group = {
  pgn: vehicleIdentificationPgn,
  name: 'VI',
  read: (data, length) => {
    const [part] = asciiParts(data, length)
    if (part?.error === true) return { signals: {}, errors: [signalNames[237]] }
    return { signals: { [signalNames[237]]: masked(part?.text ?? null) }, errors: [] }
  },
}

function masked(vin: string | null): string | null {
  return vin === null ? null : vin.slice(0, vinShown).padEnd(vin.length, '*')
}
