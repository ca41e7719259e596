import { pair, state, word } from '../field.ts'
import type { Group } from '../group.ts'

/**
 * TCO1, tachograph: PGN 65132 (FE6Ch), every 50 ms. SAE J1939-71
 */
export const tco1: Group = {
  pgn: 65132,
  name: 'TCO1',
  read: (d) => ({
    driver1State: state(d, 1, 1, 3), // SPN 1612, 0 rest, 1 available or short break, 2 work, 3 driving
    driver2State: state(d, 1, 4, 3), // SPN 1613
    vehicleMotion: pair(d, 1, 7), // SPN 1611
    driver1TimeState: state(d, 2, 1, 4), // SPN 1617, limits of the European rules: never used for the Chinese ones
    driver1CardPresent: pair(d, 2, 5), // SPN 1615
    overspeed: pair(d, 2, 7), // SPN 1614
    driver2TimeState: state(d, 3, 1, 4), // SPN 1618
    driver2CardPresent: pair(d, 3, 5), // SPN 1616
    tachographEvent: pair(d, 4, 1), // SPN 1622
    handlingInformation: pair(d, 4, 3), // SPN 1621
    tachographPerformance: pair(d, 4, 5), // SPN 1620
    directionReverse: pair(d, 4, 7), // SPN 1619
    outputShaftSpeedRpm: word(d, 5, 0.125), // SPN 1623, rpm
    tachographSpeedKmh: word(d, 7, 1 / 256), // SPN 1624, km/h
  }),
}
