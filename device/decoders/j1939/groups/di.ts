import type { Signals } from '../field.ts'
import type { Group } from '../group.ts'
import { signalNames } from '../names.ts'
import { asciiParts } from '../text.ts'

/**
 * DI, driver's identification: PGN 65131 (FE6Bh), on request or every 10 s, longer than a frame. SAE J1939-71, SPN 1625
 * and 1626; the FMS standard sends both drivers in one text, each ended by `*`.
 */
export const di: Group = {
  pgn: 65131,
  name: 'DI',
  read: (data, length) => {
    const [first, second] = asciiParts(data, length)
    const signals: Signals = {
      [signalNames[1625]]: first?.text ?? null,
      [signalNames[1626]]: second?.text ?? null,
    }
    const errors: string[] = []
    if (first?.error === true) errors.push(signalNames[1625])
    if (second?.error === true) errors.push(signalNames[1626])
    for (const name of errors) delete signals[name]
    return { signals, errors }
  },
}
