import type { HostClock } from '../../proto/clocks.ts'
import type { TapeEntry, TapeRecord } from '../../proto/tape.ts'
import type { Pushed } from '../documents.ts'

/** When something came: by the world's clock, and how far that can be believed (see `SignalConfig.slackMs`). */
export type Moment = { readonly arrivedMs: number; readonly slackMs: number }

/** Where the terminal lays down what its lines bring, byte for byte with its time: enough to live the drive again. */
export type Tap = {
  /** How to ask for the states of signals and detectors, which begin each file. */
  readonly begin: (checkpoint: () => unknown) => void
  readonly take: (entry: TapeEntry, moment: Moment) => void
  /** A document that the gateway put in force. */
  readonly document: (name: Pushed, value: unknown, sinceMs: number | null) => void
  readonly close: () => void
}

/** What a tap fills. */
export type Tape = { readonly add: (record: TapeRecord) => void; readonly close: () => void }

/** For a terminal without a recorder. */
export const noTap: Tap = { begin: () => {}, take: () => {}, document: () => {}, close: () => {} }

/** One tap for all tapes. `open` is given what each file of a tape must begin with. */
export function createTap(
  open: (beginning: () => readonly TapeEntry[]) => readonly Tape[],
  host: HostClock,
): Tap {
  const documents = new Map<Pushed, TapeEntry>()
  let checkpoint: (() => unknown) | null = null
  let slackMs = 0
  const beginning = (): TapeEntry[] => [
    ...(checkpoint === null ? [] : [{ is: 'checkpoint', value: checkpoint() } as const]),
    ...documents.values(),
    { is: 'slack', slackMs },
  ]
  const tapes = open(beginning)
  const add = (entry: TapeEntry, arrivedMs: number): void => {
    const record = { wallMs: arrivedMs, monoMs: host.monoMs(), ...entry }
    for (const tape of tapes) tape.add(record)
  }
  return {
    begin: (ask) => {
      checkpoint = ask
    },
    take: (entry, moment) => {
      if (moment.slackMs !== slackMs) {
        slackMs = moment.slackMs
        add({ is: 'slack', slackMs }, moment.arrivedMs)
      }
      add(entry, moment.arrivedMs)
    },
    document: (name, value, sinceMs) => {
      const entry: TapeEntry = { is: 'document', value: { name, value, sinceMs } }
      documents.set(name, entry)
      // Before the first file there is nothing yet to add it to: that file begins with it.
      if (checkpoint !== null) add(entry, sinceMs ?? 0)
    },
    close: () => {
      for (const tape of tapes) tape.close()
    },
  }
}
