import { byte } from '../field.ts'
import type { Group } from '../group.ts'

/**
 * TD, time and date: PGN 65254 (FEE6h), on request. SAE J1939-71
 */
export const td: Group = {
  pgn: 65254,
  name: 'TD',
  read: (d) => ({
    utcSecond: byte(d, 1, 0.25), // SPN 959, s
    utcMinute: byte(d, 2, 1), // SPN 960
    utcHour: byte(d, 3, 1), // SPN 961
    utcMonth: byte(d, 4, 1), // SPN 963, the month stands before the day
    utcDay: byte(d, 5, 0.25), // SPN 962, quarters of days: 0.25 to 1 is the first day
    utcYear: byte(d, 6, 1, 1985), // SPN 964
    localMinuteOffset: byte(d, 7, 1, -125), // SPN 1601, min
    localHourOffset: byte(d, 8, 1, -125), // SPN 1602, h
  }),
}
