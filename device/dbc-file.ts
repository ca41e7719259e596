import { BadInput } from '../proto/problem.ts'
import type { Config } from './config.ts'
import { parseDbc } from './decoders/dbc/parse.ts'
import { type DbcReader, dbcReader } from './decoders/dbc/read.ts'
import { readInput } from './files.ts'
import { canSignalNames } from './signals/can-state.ts'

/** The DBC file that a configuration names, ready to read frames; null when it names none. */
export function readDbcFile(can: Config['ports']['can'], configFile: string): DbcReader | null {
  if (can?.dbc === undefined) {
    if (can?.dbcSignals === undefined) return null
    throw new BadInput(`${configFile}: ports.can.dbcSignals: only with "dbc"; name the file they are from`)
  }
  const text = readInput(can.dbc).toString('utf8')
  const parsed = parseDbc(text)
  if (parsed.is === 'bad') {
    const { line, reason } = parsed.problem
    throw new BadInput(`${can.dbc}: line ${line}: ${reason}; correct or remove it`)
  }
  const names = can.dbcSignals ?? {}
  for (const [theirs, ours] of Object.entries(names)) {
    if (!canSignalNames.includes(ours))
      throw new BadInput(
        `${configFile}: ports.can.dbcSignals.${theirs}: "${ours}" is no signal of ours; one of ${canSignalNames.join(', ')}`,
      )
  }
  const made = dbcReader(parsed.dbc, names)
  if (made.is === 'reader') return made.reader
  throw new BadInput(`${configFile}: ports.can.dbcSignals.${made.name}: ${made.reason}; correct the name`)
}
