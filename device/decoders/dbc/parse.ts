import type { DbcMessageShape, DbcResult, DbcSignalShape, Multiplex } from './database.ts'

/**
 * The part of the DBC format (Vector, "DBC File Format Documentation" 1.0.5) that says where signals lie:
 *
 *   BO_ id name: bytes sender             bit 31 of the id marks a 29-bit one
 *    SG_ name [M|mN] : start|bits@order sign (factor,offset) [min|max] "unit" receivers
 *                                          order 1 Intel, 0 Motorola; sign + unsigned, - signed
 *   SIG_VALTYPE_ id name : 1|2;            IEEE single or double
 *   BA_DEF_ BO_ "VFrameFormat" ENUM ...;   BA_ "VFrameFormat" BO_ id n;    "J1939PG": a parameter group
 *
 * Everything else is ignored, texts over several lines too. The first line that contradicts this is named.
 */
export function parseDbc(text: string): DbcResult {
  const draft: Draft = { messages: [], formats: [], defaultFormat: '', seen: new Set(), ignored: 0 }
  for (const { line, text: statement } of statements(text)) {
    const reason = takeStatement(draft, statement)
    if (reason !== null) return { is: 'bad', problem: { line, reason } }
  }
  return {
    is: 'dbc',
    dbc: { messages: draft.messages.map((one) => finished(one, draft)), ignored: draft.ignored },
  }
}

/** The maximum of a frame put together by the transport protocol. */
const bytesMax = 1785
const messagesMax = 10_000

type DraftMessage = Omit<DbcMessageShape, 'signals' | 'j1939'> & {
  readonly raw: number
  readonly signals: DbcSignalShape[]
  format: string | null
}
type Draft = {
  readonly messages: DraftMessage[]
  formats: readonly string[]
  defaultFormat: string
  readonly seen: Set<number>
  ignored: number
}

type Statement = { readonly line: number; readonly text: string }

/** Lines, those of a quoted text that goes on put together. */
function statements(text: string): Statement[] {
  const found: Statement[] = []
  let open: { line: number; parts: string[] } | null = null
  for (const [index, raw] of text.split(/\r\n|\n|\r/).entries()) {
    const part = index === 0 ? raw.replace(/^\uFEFF/, '') : raw
    const odd = (part.match(/"/g)?.length ?? 0) % 2 === 1
    if (open !== null) {
      open.parts.push(part)
      if (!odd) continue
      found.push({ line: open.line, text: open.parts.join('\n') })
      open = null
    } else if (odd && /^\s*(CM_|BA_|VAL_|EV_|SG_|BO_)/.test(part)) open = { line: index + 1, parts: [part] }
    else found.push({ line: index + 1, text: part })
  }
  if (open !== null) found.push({ line: open.line, text: open.parts.join('\n') })
  return found
}

/** Null when it was understood or needs not be. */
function takeStatement(draft: Draft, text: string): string | null {
  const [, word = ''] = /^\s*([A-Z_]+)/.exec(text) ?? []
  switch (word) {
    case 'BO_':
      return takeMessage(draft, text)
    case 'SG_':
      return takeSignal(draft, text)
    case 'SIG_VALTYPE_':
      return takeForm(draft, text)
    case 'BA_DEF_':
    case 'BA_DEF_DEF_':
    case 'BA_':
      return takeAttribute(draft, text)
    default:
      if (text.trim() !== '') draft.ignored++
      return null
  }
}

function takeMessage(draft: Draft, text: string): string | null {
  const match = /^\s*BO_\s+(\d+)\s+(\w+)\s*:\s*(\d+)\s+\S+\s*$/.exec(text)
  // The list of symbols at the head names BO_ alone.
  if (match === null) return /^\s*BO_\s*$/.test(text) ? null : 'is no "BO_ id name: bytes sender"'
  const [, number = '', name = '', bytes = ''] = match
  const raw = Number(number)
  const extended = raw >= 2 ** 31
  const id = extended ? raw - 2 ** 31 : raw
  // Vector's file of signals that belong to no message.
  if (name === 'VECTOR__INDEPENDENT_SIG_MSG')
    return remember(draft, raw, { id: -1, name, extended, bytes: 0 })
  if (raw >= 2 ** 32 || id > (extended ? 0x1fffffff : 0x7ff)) return `${number} is no id of 11 or 29 bits`
  if (Number(bytes) > bytesMax) return `a message of ${bytes} bytes; ${bytesMax} is the longest`
  if (draft.seen.has(raw)) return `id ${number} a second time`
  if (draft.messages.length >= messagesMax) return `more than ${messagesMax} messages`
  return remember(draft, raw, { id, name, extended, bytes: Number(bytes) })
}

function remember(
  draft: Draft,
  raw: number,
  message: Pick<DraftMessage, 'id' | 'name' | 'extended' | 'bytes'>,
): null {
  draft.seen.add(raw)
  draft.messages.push({ ...message, raw, signals: [], format: null })
  return null
}

const number = '[-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?'
const signalForm = new RegExp(
  `^\\s*SG_\\s+(\\w+)\\s*(M|m\\d+M?)?\\s*:\\s*(\\d+)\\|(\\d+)@([01])([-+])\\s*` +
    `\\(\\s*(${number})\\s*,\\s*(${number})\\s*\\)\\s*\\[\\s*(${number})\\s*\\|\\s*(${number})\\s*\\]\\s*"([^"]*)"`,
)

function takeSignal(draft: Draft, text: string): string | null {
  const message = draft.messages.at(-1)
  if (/^\s*SG_\s*$/.test(text)) return null
  const match = signalForm.exec(text)
  if (match === null)
    return 'is no "SG_ name : start|bits@order sign (factor,offset) [min|max] "unit" receivers"'
  if (message === undefined) return 'a signal before the first message'
  if (message.id < 0) return null
  const [, name = '', multiplex, start, bits, order, sign, factor, offset, min, max, unit = ''] = match
  const signal: DbcSignalShape = {
    name,
    start: Number(start),
    bits: Number(bits),
    order: order === '1' ? 'intel' : 'motorola',
    form: sign === '-' ? 'signed' : 'unsigned',
    factor: Number(factor),
    offset: Number(offset),
    range: Number(min) === 0 && Number(max) === 0 ? null : { min: Number(min), max: Number(max) },
    unit,
    multiplex: multiplexOf(multiplex),
  }
  const reason = wrongWith(signal, message)
  if (reason === null) message.signals.push(signal)
  return reason
}

function multiplexOf(mark: string | undefined): Multiplex {
  if (mark === undefined) return { is: 'always' }
  if (mark === 'M') return { is: 'selector' }
  return mark.endsWith('M') ? { is: 'nested' } : { is: 'selected', by: Number(mark.slice(1)) }
}

function wrongWith(signal: DbcSignalShape, message: DraftMessage): string | null {
  const { name, bits, factor, multiplex } = signal
  if (bits < 1 || bits > 64) return `signal ${name} of ${bits} bits; 1 to 64 are possible`
  if (lastByte(signal) >= message.bytes)
    return `signal ${name} reaches beyond the ${message.bytes} bytes of ${message.name}`
  if (factor === 0) return `signal ${name} has the factor 0`
  if (message.signals.some((other) => other.name === name)) return `signal ${name} a second time`
  if (multiplex.is === 'selector' && message.signals.some((other) => other.multiplex.is === 'selector'))
    return `a second selector in ${message.name}`
  return null
}

/** Motorola bits run from the highest one of a byte down, then on in the next byte. */
function lastByte({ start, bits, order }: DbcSignalShape): number {
  if (order === 'intel') return (start + bits - 1) >> 3
  const inFirst = (start & 7) + 1
  return (start >> 3) + Math.ceil(Math.max(0, bits - inFirst) / 8)
}

function takeForm(draft: Draft, text: string): string | null {
  if (/^\s*SIG_VALTYPE_\s*$/.test(text)) return null
  const match = /^\s*SIG_VALTYPE_\s+(\d+)\s+(\w+)\s*:?\s*([0-3])\s*;/.exec(text)
  if (match === null) return 'is no "SIG_VALTYPE_ id signal : 0, 1 or 2;"'
  const signals = draft.messages.find(({ raw }) => raw === Number(match[1]))?.signals
  const at = signals?.findIndex(({ name }) => name === match[2]) ?? -1
  const signal = signals?.[at]
  if (signals === undefined || signal === undefined) return `no signal ${match[2]} in message ${match[1]}`
  const form = ({ 1: 'float', 2: 'double' } as const)[Number(match[3])]
  if (form === undefined) return null
  if (signal.bits !== (form === 'float' ? 32 : 64))
    return `signal ${signal.name}: ${signal.bits} bits are no ${form}`
  signals[at] = { ...signal, form }
  return null
}

/** Of all attributes only the one that marks J1939 groups is read; one in another form is a maker's own. */
function takeAttribute(draft: Draft, text: string): null {
  const definition = /^\s*BA_DEF_\s+BO_\s+"VFrameFormat"\s+ENUM\s+(.*);/.exec(text)
  const fallback = /^\s*BA_DEF_DEF_\s+"VFrameFormat"\s+"([^"]*)"/.exec(text)
  const value = /^\s*BA_\s+"VFrameFormat"\s+BO_\s+(\d+)\s+(\d+)\s*;/.exec(text)
  if (definition !== null)
    draft.formats = [...definition[1]!.matchAll(/"([^"]*)"/g)].map((entry) => entry[1]!)
  else if (fallback !== null) draft.defaultFormat = fallback[1]!
  else if (value === null) draft.ignored++
  else {
    const message = draft.messages.find(({ raw }) => raw === Number(value[1]))
    if (message !== undefined) message.format = draft.formats[Number(value[2])] ?? null
  }
  return null
}

/** By custom a group whose sender does not matter is written with the null address (254). */
const nullAddress = 0xfe

function finished(
  { name, id, extended, bytes, signals, format }: DraftMessage,
  draft: Draft,
): DbcMessageShape {
  const isGroup = (format ?? draft.defaultFormat) === 'J1939PG' || (id & 0xff) === nullAddress
  return { name, id, extended, bytes, signals, j1939: extended && isGroup }
}
