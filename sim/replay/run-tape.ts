import {
  type CanLineState,
  canLine,
  type GnssLineState,
  gnssLine,
  peripheralLine,
} from '../../device/decoders/index.ts'
import type { TapeRecord } from '../../proto/tape.ts'
import type { TapeHeader } from '../../proto/tape-header.ts'
import { fromPlain } from '../tapes/plain.ts'
import type { TapePart } from '../tapes/read.ts'
import { dbcOf } from './dbc.ts'
import type { Engine, EngineStates } from './engine.ts'

/**
 * A tape through the engine: the bytes as they came, at the times they came, with the terminal's own ticks. What the
 * terminal knew when the tape began is on the tape too, so the findings are the terminal's own.
 */
export type Checkpoint = Partial<EngineStates> & {
  readonly lines?: {
    readonly gnss: GnssLineState
    readonly can: CanLineState
    readonly cameras?: typeof peripheralLine.initial
  }
}

export type TapeRun = {
  readonly take: (part: TapePart) => void
  /** What a checkpoint at this moment would hold. */
  readonly checkpoint: () => Checkpoint
}

export type TapeRunDeps = {
  readonly engine: Engine
  /** A document that came into force on the way. */
  readonly document: (value: unknown) => void
  readonly tell: (line: string) => void
  /** Each record, before it is folded. */
  readonly before?: (record: TapeRecord) => void
}

export function createTapeRun(first: TapeHeader, { engine, document, tell, before }: TapeRunDeps): TapeRun {
  let header = first
  const bus = canLine(first.lines.can ?? 'slcan', dbcOf(first))
  let gnss: GnssLineState = gnssLine.initial
  let can: CanLineState = bus.initial
  let cameras = peripheralLine.initial
  let slackMs = 0
  /** Whether the next checkpoint says something new: it begins the tape, or another start of the terminal. */
  let begins = true

  const bytes = (record: TapeRecord & { readonly is: 'bytes' }): void => {
    const arrivedMs = record.wallMs
    if (record.line === 'gnss') {
      const step = gnssLine.step(gnss, record.bytes, arrivedMs)
      gnss = step.state
      for (const message of step.messages) engine.input({ is: 'gnss', message, arrivedMs }, slackMs)
    } else if (record.line === 'can') {
      const step = bus.step(can, record.bytes, arrivedMs)
      can = step.state
      for (const message of step.messages) engine.input({ is: 'can', message, arrivedMs }, slackMs)
    } else {
      const step = peripheralLine.step(cameras, record.bytes, arrivedMs)
      cameras = step.state
      for (const message of step.messages) engine.input({ is: 'peripheral', message, arrivedMs }, slackMs)
    }
  }

  /** Something is missing: what stood half read is not what goes on. */
  const cutLines = (): void => {
    gnss = gnssLine.initial
    can = bus.initial
    cameras = peripheralLine.initial
  }

  const turned = (record: TapeRecord & { readonly is: 'line' }): void => {
    const { line, up, wallMs } = record
    if (!up && line === 'peripheral') cameras = peripheralLine.initial
    if (!up && line === 'gnss') gnss = gnssLine.initial
    if (!up && line === 'can') can = bus.initial
    engine.input({ is: 'line', line, up, arrivedMs: wallMs }, slackMs)
  }

  const resume = (value: unknown): void => {
    if (!begins) return
    begins = false
    const from = fromPlain(value) as Checkpoint
    gnss = from.lines?.gnss ?? gnss
    can = from.lines?.can ?? can
    cameras = from.lines?.cameras ?? cameras
    engine.resume(from)
  }

  const record = (one: TapeRecord): void => {
    before?.(one)
    if (one.is === 'bytes') bytes(one)
    else if (one.is === 'line') turned(one)
    else if (one.is === 'tick') engine.input({ is: 'tick', arrivedMs: one.wallMs }, slackMs)
    else if (one.is === 'slack') slackMs = one.slackMs
    else if (one.is === 'input')
      engine.input({ is: 'input', name: one.name, on: one.on, arrivedMs: one.wallMs }, slackMs)
    else if (one.is === 'document') document(one.value)
    else resume(one.value)
  }

  const restart = (next: TapeHeader): void => {
    const goesOn = next.session === header.session && next.part === header.part + 1
    if (next !== first && !goesOn) {
      begins = true
      cutLines()
      if (next.vehicle !== first.vehicle)
        tell(`a tape of vehicle ${next.vehicle} follows one of ${first.vehicle}; taken for the same vehicle`)
    }
    header = next
  }

  return {
    take: (part) => {
      if (part.is === 'header') restart(part.header)
      else if (part.is === 'records') part.records.forEach(record)
      else {
        tell(part.told)
        cutLines()
      }
    },
    checkpoint: () => ({ ...engine.states(), lines: { gnss, can, cameras } }),
  }
}
