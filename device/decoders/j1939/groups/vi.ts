import type { Group } from '../group.ts'
import { textPart } from '../text.ts'

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
  read: (d) => ({ vin: masked(textPart(d, 0)) }), // SPN 237
}

function masked(vin: string | null | undefined): string | null | undefined {
  return vin === null || vin === undefined ? vin : vin.slice(0, vinShown).padEnd(vin.length, '*')
}
