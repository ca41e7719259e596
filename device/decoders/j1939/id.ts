/**
 * The 29-bit identifier (SAE J1939-21, 5.2): bits 28-26 priority, 25 extended data page, 24 data page, 23-16 PDU format,
 * 15-8 PDU specific, 7-0 source address. Below format 240 (PDU1) the specific byte is the destination and no part of
 * the group number; from 240 on (PDU2) it is, and the group goes to everybody.
 */
export type J1939Id = {
  readonly priority: number
  readonly pgn: number
  readonly sa: number
  readonly da: number
}

export const everybody = 255

export function pgnOf(id: number): number {
  const group = (id >>> 8) & 0x3ffff
  return (group & 0xff00) < 0xf000 ? group & 0x3ff00 : group
}

export function destinationOf(id: number): number {
  return (id & 0xff0000) < 0xf00000 ? (id >>> 8) & 0xff : everybody
}

export const sourceOf = (id: number): number => id & 0xff

export function splitId(id: number): J1939Id {
  return { priority: (id >>> 26) & 7, pgn: pgnOf(id), sa: sourceOf(id), da: destinationOf(id) }
}
