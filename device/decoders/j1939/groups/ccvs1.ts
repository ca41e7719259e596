import { byte, pair, state, stateNoError, word } from '../field.ts'
import type { Group } from '../group.ts'

/**
 * CCVS1, cruise control and vehicle speed: PGN 65265 (FEF1h), every 100 ms. SAE J1939-71
 */
export const ccvs1: Group = {
  pgn: 65265,
  name: 'CCVS1',
  read: (d) => ({
    twoSpeedAxle: pair(d, 1, 1), // SPN 69
    parkingBrake: pair(d, 1, 3), // SPN 70
    cruiseControlPause: pair(d, 1, 5), // SPN 1633
    wheelSpeedKmh: word(d, 2, 1 / 256), // SPN 84, 0 to 250.996 km/h
    cruiseControlActive: pair(d, 4, 1), // SPN 595
    cruiseControlEnable: pair(d, 4, 3), // SPN 596
    brakeSwitch: pair(d, 4, 5), // SPN 597
    clutchSwitch: pair(d, 4, 7), // SPN 598
    cruiseControlSet: pair(d, 5, 1), // SPN 599
    cruiseControlCoast: pair(d, 5, 3), // SPN 600
    cruiseControlResume: pair(d, 5, 5), // SPN 601
    cruiseControlAccelerate: pair(d, 5, 7), // SPN 602
    cruiseControlSetSpeedKmh: byte(d, 6, 1), // SPN 86, km/h
    ptoState: state(d, 7, 1, 5), // SPN 976
    cruiseControlState: stateNoError(d, 7, 6, 3), // SPN 527, 6 is "accelerator override"
  }),
}
