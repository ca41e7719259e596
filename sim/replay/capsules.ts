import type { TapeEntry, TapeRecord } from '../../proto/tape.ts'
import type { TapeHeader } from '../../proto/tape-header.ts'
import { isoUtc } from '../../proto/time.ts'
import type { TapeInForce } from '../tapes/documents.ts'
import { toPlain } from '../tapes/plain.ts'
import type { Line } from './engine.ts'
import type { Checkpoint, TapeRun } from './run-tape.ts'

/**
 * Evidence capsules: from 30 s before a finding was decided to 30 s after it, the raw bytes, the states that all
 * decoders, detectors and rules had at the beginning, and the documents in force. A capsule is a tape.
 */
export type Capsule = { readonly header: TapeHeader; readonly records: readonly TapeRecord[] }

export type Capsules = {
  readonly began: (run: TapeRun) => void
  readonly before: (record: TapeRecord) => void
  /** Told of each line that replay prints. */
  readonly printed: (line: Line) => void
  readonly end: () => void
}

export type CapsulesDeps = {
  readonly header: TapeHeader
  readonly inForce: TapeInForce
  readonly wanted: (line: Line) => boolean
  readonly done: (capsule: Capsule, line: Line) => void
}

const aroundMs = 30_000
/** How often a state is remembered. Steps never alter a state, so that costs one reference. */
const rememberMs = 5000
/** Lines are printed when no earlier one can come any more, a little after they were decided. */
const printedLateMs = 60_000

type Moment = {
  readonly wallMs: number
  readonly index: number
  readonly checkpoint: Checkpoint
  readonly pushed: readonly unknown[]
  readonly slackMs: number
}
type Open = {
  readonly line: Line
  readonly from: Moment
  readonly untilMs: number
  readonly records: TapeRecord[]
}

export function createCapsules({ header, inForce, wanted, done }: CapsulesDeps): Capsules {
  let run: TapeRun | null = null
  let slackMs = 0
  let moments: Moment[] = []
  let recent: TapeRecord[] = []
  /** Index on the tape of the first of `recent`. */
  let recentFrom = 0
  let open: Open[] = []

  const remember = (wallMs: number): void => {
    const last = moments.at(-1)
    if (run === null || (last !== undefined && Math.abs(wallMs - last.wallMs) < rememberMs)) return
    const index = recentFrom + recent.length
    moments.push({ wallMs, index, checkpoint: run.checkpoint(), pushed: inForce.pushed(), slackMs })
    const needed = moments.findLastIndex((moment) => moment.wallMs <= wallMs - aroundMs - printedLateMs)
    if (needed <= 0) return
    moments = moments.slice(needed)
    recent = recent.slice(moments[0]!.index - recentFrom)
    recentFrom = moments[0]!.index
  }

  const finish = (capsule: Open): void => done(capsuleOf(capsule, header, inForce), capsule.line)

  return {
    began: (started) => {
      run = started
    },
    before: (record) => {
      // States in the middle of a session are as a record finds them; before the first checkpoint there are none.
      if (record.is !== 'checkpoint') remember(record.wallMs)
      if (record.is === 'slack') slackMs = record.slackMs
      recent.push(record)
      for (const capsule of open) if (record.wallMs <= capsule.untilMs) capsule.records.push(record)
      const over = open.filter(({ untilMs }) => record.wallMs > untilMs)
      if (over.length === 0) return
      open = open.filter(({ untilMs }) => record.wallMs <= untilMs)
      over.forEach(finish)
    },
    printed: (line) => {
      if (run === null || !wanted(line)) return
      // Event time is the terminal's corrected clock; the tape counts by the uncorrected one.
      const wallMs = Date.parse(line.decidedAt) - (run.checkpoint().signals?.time.offsetMs ?? 0)
      const from = moments.findLast((moment) => moment.wallMs <= wallMs - aroundMs) ?? moments[0]
      if (from === undefined) return
      const untilMs = wallMs + aroundMs
      const records = recent.slice(from.index - recentFrom).filter((record) => record.wallMs <= untilMs)
      open.push({ line, from, untilMs, records })
    },
    end: () => {
      open.forEach(finish)
      open = []
    },
  }
}

function capsuleOf({ line, from, records }: Open, header: TapeHeader, inForce: TapeInForce): Capsule {
  const documents = inForce.documents()
  const at = { wallMs: from.wallMs, monoMs: records[0]?.monoMs ?? 0 }
  const beginning: TapeEntry[] = [
    { is: 'checkpoint', value: toPlain(from.checkpoint) },
    ...from.pushed.map((value): TapeEntry => ({ is: 'document', value })),
    { is: 'slack', slackMs: from.slackMs },
  ]
  return {
    header: {
      ...header,
      kind: 'capsule',
      session: `${header.session}/${line.kind}/${line.decidedAt}`,
      part: 1,
      startedAt: isoUtc(from.wallMs),
      policyDigest: documents.policyDigest,
      documents: inForce.raw,
      about: line,
    },
    records: [
      ...beginning.map((entry): TapeRecord => ({ ...at, ...entry })),
      ...records.filter(({ is }) => is !== 'checkpoint'),
    ],
  }
}
