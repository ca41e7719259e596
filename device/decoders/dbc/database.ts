/** What a DBC file says of a bus: messages and where their signals lie. */
export type Dbc = {
  readonly messages: readonly DbcMessageShape[]
  /** Lines that say nothing a reader needs (comments, attributes, value tables). */
  readonly ignored: number
}

export type DbcMessageShape = {
  readonly name: string
  readonly id: number
  readonly extended: boolean
  /** A J1939 group: whoever sends it and with whatever priority. */
  readonly j1939: boolean
  readonly bytes: number
  readonly signals: readonly DbcSignalShape[]
}

export type DbcSignalShape = {
  readonly name: string
  /** Intel: the lowest bit. Motorola: the highest; bits are counted from the lowest one of byte 0 in both. */
  readonly start: number
  readonly bits: number
  readonly order: 'intel' | 'motorola'
  readonly form: 'unsigned' | 'signed' | 'float' | 'double'
  readonly factor: number
  readonly offset: number
  /** Outside of it the sender says "unknown"; null where the file gives no range (0 to 0). */
  readonly range: { readonly min: number; readonly max: number } | null
  readonly unit: string
  readonly multiplex: Multiplex
}

export type Multiplex =
  | { readonly is: 'always' }
  /** The signal whose value selects. */
  | { readonly is: 'selector' }
  | { readonly is: 'selected'; readonly by: number }
  /** A selected selector (extended multiplexing): known by name, never read. */
  | { readonly is: 'nested' }

/** What is wrong with a file, and where. */
export type DbcProblem = { readonly line: number; readonly reason: string }
export type DbcResult =
  | { readonly is: 'dbc'; readonly dbc: Dbc }
  | { readonly is: 'bad'; readonly problem: DbcProblem }
