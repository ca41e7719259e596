import { type Decoded, type Field, tableReader } from './field.ts'

/** A parameter group: its number, the name the standard gives it, and how its bytes are read. */
export type Group = {
  readonly pgn: number
  readonly name: string
  /** Only the first `length` bytes of `data` belong to the group. */
  readonly read: (data: Uint8Array, length: number) => Decoded
}

export function group(pgn: number, name: string, fields: readonly Field[]): Group {
  return { pgn, name, read: tableReader(fields) }
}
