import { pgnOf } from '../j1939/id.ts'
import type { CanFrame, CanMessage, DbcMessage, SignalValue } from '../messages.ts'
import type { Dbc, DbcMessageShape, DbcSignalShape } from './database.ts'

/** Names of theirs (`Signal`, or `Message.Signal` where several messages have it) to names of ours. */
export type DbcNames = { readonly [theirs: string]: string }

type Wanted = {
  readonly message: DbcMessageShape
  readonly selector: DbcSignalShape | null
  readonly signals: readonly { readonly signal: DbcSignalShape; readonly as: string }[]
}

/** Ready to read frames: only messages somebody wants, found by what a frame says of itself. */
export type DbcReader = {
  readonly standard: ReadonlyMap<number, Wanted>
  readonly extended: ReadonlyMap<number, Wanted>
  readonly groups: ReadonlyMap<number, Wanted>
}
export type DbcReaderResult =
  | { readonly is: 'reader'; readonly reader: DbcReader }
  /** The first name that cannot be used, and why. */
  | { readonly is: 'bad'; readonly name: string; readonly reason: string }

export function dbcReader(dbc: Dbc, names: DbcNames): DbcReaderResult {
  const wanted = new Map<DbcMessageShape, { signal: DbcSignalShape; as: string }[]>()
  for (const [theirs, ours] of Object.entries(names)) {
    const found = find(dbc, theirs)
    if (typeof found === 'string') return { is: 'bad', name: theirs, reason: found }
    wanted.set(found.message, [...(wanted.get(found.message) ?? []), { signal: found.signal, as: ours }])
  }
  const standard = new Map<number, Wanted>()
  const extended = new Map<number, Wanted>()
  const groups = new Map<number, Wanted>()
  for (const [message, signals] of wanted) {
    const selector = message.signals.find(({ multiplex }) => multiplex.is === 'selector') ?? null
    const entry: Wanted = { message, selector, signals }
    if (!message.extended) standard.set(message.id, entry)
    else if (message.j1939) groups.set(pgnOf(message.id), entry)
    else extended.set(message.id, entry)
  }
  return { is: 'reader', reader: { standard, extended, groups } }
}

function find(dbc: Dbc, name: string): { message: DbcMessageShape; signal: DbcSignalShape } | string {
  const dot = name.indexOf('.')
  const own = dot < 0 ? name : name.slice(dot + 1)
  const places = dbc.messages.flatMap((message) =>
    dot >= 0 && message.name !== name.slice(0, dot)
      ? []
      : message.signals.filter((signal) => signal.name === own).map((signal) => ({ message, signal })),
  )
  const [place, second] = places
  if (place === undefined) return 'no such signal in the file'
  if (second !== undefined) return `in several messages; write ${place.message.name}.${own}`
  if (place.signal.multiplex.is === 'nested') return 'a selector inside a selection is not read'
  const needsSelector = place.signal.multiplex.is === 'selected'
  if (needsSelector && !place.message.signals.some(({ multiplex }) => multiplex.is === 'selector'))
    return 'it is selected by a signal that its message does not have'
  return place
}

export type DbcSignals = { readonly [name: string]: SignalValue }

/** The wanted signals of a frame; null when it has none of them. */
export function readDbcFrame(
  reader: DbcReader,
  id: number,
  extended: boolean,
  data: Uint8Array,
  length: number,
): DbcSignals | null {
  const wanted = extended
    ? (reader.extended.get(id) ?? reader.groups.get(pgnOf(id)))
    : reader.standard.get(id)
  return wanted === undefined ? null : readWanted(wanted, data, length)
}

/** The wanted signals of a group that the transport protocol put together. */
export function readDbcGroup(reader: DbcReader, pgn: number, data: Uint8Array): DbcSignals | null {
  const wanted = reader.groups.get(pgn)
  return wanted === undefined ? null : readWanted(wanted, data, data.length)
}

/** What the file says of a whole frame, and of the groups that it completed. */
export function dbcBeside(
  reader: DbcReader,
  { id, extended, data, t, special }: CanFrame,
  messages: readonly CanMessage[],
): readonly DbcMessage[] {
  if (special !== undefined) return []
  const own = readDbcFrame(reader, id, extended, data, data.length)
  const groups = messages.map((message) =>
    message.kind === 'transport' ? readDbcGroup(reader, message.pgn, message.payload) : null,
  )
  return [own, ...groups].flatMap((signals) => (signals === null ? [] : [{ kind: 'dbc', t, id, signals }]))
}

function readWanted({ selector, signals }: Wanted, data: Uint8Array, length: number): DbcSignals | null {
  const selected = selector === null ? null : rawOf(selector, data, length)
  const values: { [name: string]: SignalValue } = {}
  let any = false
  for (const { signal, as } of signals) {
    if (signal.multiplex.is === 'selected' && signal.multiplex.by !== selected) continue
    values[as] = physicalValue(signal, data, length)
    any = true
  }
  return any ? values : null
}

/** The physical value; null where the frame is too short for it or says something outside its range. */
export function physicalValue(signal: DbcSignalShape, data: Uint8Array, length: number): number | null {
  const raw = rawOf(signal, data, length)
  if (raw === null || !Number.isFinite(raw)) return null
  const value = raw * signal.factor + signal.offset
  const { range } = signal
  return range !== null && (value < range.min - slack(signal) || value > range.max + slack(signal))
    ? null
    : value
}

/** Ranges are written with few digits; half a step beyond them is still inside. */
const slack = ({ factor }: DbcSignalShape): number => Math.abs(factor) / 2

function rawOf(signal: DbcSignalShape, data: Uint8Array, length: number): number | null {
  const { start, bits, order, form } = signal
  let high = 0
  let low = 0
  // From the highest bit to the lowest.
  let at = order === 'intel' ? start + bits - 1 : start
  for (let left = bits; left > 0; left--) {
    const byte = at >> 3
    if (byte >= length) return null
    const bit = (data[byte]! >> (at & 7)) & 1
    if (left > 32) high = ((high << 1) | bit) >>> 0
    else low = ((low << 1) | bit) >>> 0
    if (order === 'intel') at--
    else at = (at & 7) === 0 ? at + 15 : at - 1
  }
  if (form === 'float' || form === 'double') return floatOf(form, high, low)
  return form === 'signed' ? signedOf(high, low, bits) : high * 2 ** 32 + low
}

function signedOf(high: number, low: number, bits: number): number {
  if (bits <= 32) return low >= 2 ** (bits - 1) ? low - 2 ** bits : low
  const upper = bits - 32
  return (high >= 2 ** (upper - 1) ? high - 2 ** upper : high) * 2 ** 32 + low
}

function floatOf(form: 'float' | 'double', high: number, low: number): number {
  const view = new DataView(new ArrayBuffer(8))
  view.setUint32(0, high)
  view.setUint32(4, low)
  return form === 'float' ? view.getFloat32(4) : view.getFloat64(0)
}
