import type { Dbc } from '../../device/decoders/dbc/database.ts'
import { parseDbc } from '../../device/decoders/dbc/parse.ts'
import { type DbcNames, type DbcReader, dbcReader } from '../../device/decoders/dbc/read.ts'
import { canSignalNames } from '../../device/signals/can-state.ts'
import { BadInput, parseJsonText } from '../../proto/problem.ts'
import type { TapeHeader } from '../../proto/tape-header.ts'

/**
 * `--dbc FILE` and `--dbc-signals`: a bus that is not J1939, in a recording. The mapping is the one that the terminal's
 * configuration has (`ports.can.dbcSignals`): that file itself, a file with the mapping alone, or `Theirs=ours,...`.
 */
export type DbcFiles = { readonly dbc?: string | undefined; readonly 'dbc-signals'?: string | undefined }

/** As a tape carries it, and ready to read frames. */
export type DbcGiven = NonNullable<TapeHeader['dbc']> & { readonly reader: DbcReader }

/**
 * `wanted`: what is read where no mapping is given. `ours`: signals that bear one of our names; `all`: every signal by its
 * own name, for a person who looks at a bus.
 */
export async function loadDbc(
  files: DbcFiles,
  read: (file: string) => Promise<string>,
  wanted: 'ours' | 'all',
): Promise<DbcGiven | null> {
  const { dbc: file, 'dbc-signals': mapping } = files
  if (file === undefined) {
    if (mapping === undefined) return null
    throw new BadInput(`--dbc-signals ${mapping}: only with --dbc; name the file they are from`)
  }
  const text = await read(file)
  const parsed = parseDbc(text)
  if (parsed.is === 'bad')
    throw new BadInput(`${file}: line ${parsed.problem.line}: ${parsed.problem.reason}; correct or remove it`)
  const signals =
    mapping === undefined ? namesIn(parsed.dbc, file, wanted) : await namesOf(mapping, read, wanted)
  const made = dbcReader(parsed.dbc, signals)
  if (made.is === 'reader') return { text, signals, reader: made.reader }
  throw new BadInput(`${mapping ?? file}: ${made.name}: ${made.reason}; correct the name`)
}

async function namesOf(
  mapping: string,
  read: (file: string) => Promise<string>,
  wanted: 'ours' | 'all',
): Promise<DbcNames> {
  const names = mapping.includes('=') ? pairsOf(mapping) : mapIn(parseJsonText(await read(mapping), mapping))
  if (names === null)
    throw new BadInput(
      `${mapping}: no mapping of signals; a terminal's configuration with ports.can.dbcSignals, or {"Theirs": "ours"}`,
    )
  const wrong = Object.entries(names).find(([, ours]) => !canSignalNames.includes(ours))
  if (wanted === 'ours' && wrong !== undefined)
    throw new BadInput(
      `${mapping}: ${wrong[0]}: "${wrong[1]}" is no signal of ours; one of ${canSignalNames.join(', ')}`,
    )
  return names
}

function pairsOf(mapping: string): DbcNames | null {
  const pairs = mapping.split(',').map((pair) => pair.split('=').map((name) => name.trim()))
  const good = pairs.every((pair) => pair.length === 2 && pair.every((name) => name !== ''))
  return good ? Object.fromEntries(pairs as [string, string][]) : null
}

type Loose = { readonly ports?: { readonly can?: { readonly dbcSignals?: unknown } | undefined } | undefined }

function mapIn(value: unknown): DbcNames | null {
  const names = (value as Loose | null)?.ports?.can?.dbcSignals ?? value
  const isMap =
    typeof names === 'object' &&
    names !== null &&
    !Array.isArray(names) &&
    Object.values(names).every((ours) => typeof ours === 'string')
  return isMap ? (names as DbcNames) : null
}

/** Every signal that can be read, by its own name; with its message's where several have it. */
function namesIn({ messages }: Dbc, file: string, wanted: 'ours' | 'all'): DbcNames {
  const readable = messages.flatMap((message) => {
    const selects = message.signals.some(({ multiplex }) => multiplex.is === 'selector')
    return message.signals
      .filter(({ multiplex: { is } }) => is !== 'nested' && (is !== 'selected' || selects))
      .map(({ name }) => ({ name, full: `${message.name}.${name}` }))
  })
  const times = (name: string): number => readable.filter((one) => one.name === name).length
  const names = readable.map(({ name, full }) => [full, times(name) === 1 ? name : full] as const)
  const chosen = wanted === 'all' ? names : names.filter(([, name]) => canSignalNames.includes(name))
  if (chosen.length === 0)
    throw new BadInput(
      `${file}: ${wanted === 'all' ? 'no signal that can be read' : 'no signal bears a name of ours; say with --dbc-signals which is which'}`,
    )
  return Object.fromEntries(chosen)
}

/** What the tape's DBC file says of the bus. It was good when it was recorded; one that is not reads nothing. */
export function dbcOf({ dbc }: TapeHeader): DbcReader | null {
  if (dbc === undefined) return null
  const parsed = parseDbc(dbc.text)
  if (parsed.is === 'bad') return null
  const made = dbcReader(parsed.dbc, dbc.signals)
  return made.is === 'reader' ? made.reader : null
}
