import { byte, code, state, stateNoError, word } from '../field.ts'
import type { Group } from '../group.ts'

/**
 * EEC1, electronic engine controller 1: PGN 61444 (F004h), every 10 to 100 ms, by engine speed. SAE J1939-71
 */
export const eec1: Group = {
  pgn: 61444,
  name: 'EEC1',
  read: (d) => ({
    torqueMode: stateNoError(d, 1, 1, 4), // SPN 899, 14 is "other"
    demandTorquePct: byte(d, 2, 1, -125), // SPN 512, %
    actualTorquePct: byte(d, 3, 1, -125), // SPN 513, %
    engineSpeedRpm: word(d, 4, 0.125), // SPN 190, 0 to 8031.875 rpm
    engineControlSource: code(d, 6), // SPN 1483
    engineStarterMode: state(d, 7, 1, 4), // SPN 1675
    engineDemandTorquePct: byte(d, 8, 1, -125), // SPN 2432, %
  }),
}
