/**
 * The independent checker of what "nothing lost, nothing doubled, nobody in" means. It reads three logs (what the
 * terminal said was durable, what the gateway journaled, what officers received) and knows nothing of how any of
 * them was made. Invariants I1 to I8; I8 (bounds) is told to it as figures. What a run does not bring it does not judge.
 */

/** `intent` is written before the outbox commits, `durable` after: between the two a kill may fall. */
export type OracleLine = {
  readonly is: 'intent' | 'durable'
  readonly fleet: string
  readonly vehicle: string
  readonly epoch: number
  readonly stream: string
  readonly seq: number
  /** Hex SHA-256 of the sealed bytes. */
  readonly hash: string
}

export type GapLine = {
  readonly class: string
  readonly firstSeq: number
  readonly lastSeq: number
  readonly count: number
  /** Hex, of the first and the last that it stands for. */
  readonly firstHash: string
  readonly lastHash: string
}

export type JournalLine = Omit<OracleLine, 'is'> & {
  /** Hex SHA-256 the envelope says its predecessor has. */
  readonly prevHash: string
  /** Set on gap envelopes: the seqs they stand for. */
  readonly gap?: GapLine
}

export type AlertLine = {
  readonly id: string
  readonly revision: number
  readonly fleet: string
  /** For whoever reads of it. */
  readonly kind?: string
  readonly at?: string
}
export type Receipt = AlertLine & { readonly officer: string; readonly officerFleets: readonly string[] }

export type Evidence = {
  readonly oracle: readonly OracleLine[]
  readonly journal: readonly JournalLine[]
  /** Alert revisions the journal holds. */
  readonly alerts: readonly AlertLine[]
  /** Alert ids recomputed offline from the journal and the rules; absent when a run does not recompute. */
  readonly recomputed?: readonly string[]
  readonly receipts: readonly Receipt[]
  /** Each step of the rules: which seq was folded, and on top of which of the same epoch; absent when a run does not record it. */
  readonly folded?: readonly FoldStep[]
  /** Figures against their caps: RSS, queue lengths, disk. */
  readonly bounds?: readonly { readonly name: string; readonly value: number; readonly cap: number }[]
}

export type FoldStep = Omit<OracleLine, 'is' | 'hash'> & {
  /** 0: nothing of this epoch before it. */
  readonly after: number
}

export type Verdict = {
  readonly lost: readonly string[]
  readonly phantom: readonly string[]
  readonly doubled: readonly string[]
  readonly foreign: readonly string[]
  readonly brokenChain: readonly string[]
  readonly wrongGaps: readonly string[]
  readonly unheard: readonly string[]
  readonly wrongAlerts: readonly string[]
  readonly disordered: readonly string[]
  readonly unbounded: readonly string[]
}

type Stream = Pick<OracleLine, 'fleet' | 'vehicle' | 'epoch' | 'stream'>
type Key = Stream & Pick<OracleLine, 'seq'>
const keyOf = ({ fleet, vehicle, epoch, stream, seq }: Key): string =>
  `${fleet}/${vehicle}/${epoch}/${stream}/${seq}`
const revisionOf = ({ id, revision }: AlertLine): string => `${id}#${revision}`

/** Every list of the verdict is empty when all invariants hold. */
export function checkInvariants(evidence: Evidence): Verdict {
  return {
    lost: lost(evidence),
    phantom: phantom(evidence),
    doubled: doubled(evidence),
    foreign: evidence.receipts
      .filter(({ fleet, officerFleets }) => !officerFleets.includes(fleet))
      .map((r) => `${r.officer} received ${r.id} of fleet ${r.fleet}`),
    brokenChain: brokenChain(evidence.journal),
    wrongGaps: wrongGaps(evidence),
    unheard: unheard(evidence),
    wrongAlerts: wrongAlerts(evidence),
    disordered: disordered(evidence),
    unbounded: (evidence.bounds ?? [])
      .filter(({ value, cap }) => value > cap)
      .map(({ name, value, cap }) => `${name} is ${value}, over ${cap}`),
  }
}

/** I1: what was durable is in the journal, or under a gap record that does not cover alarms. */
function lost({ oracle, journal }: Evidence): string[] {
  const journaled = new Set(journal.map(keyOf))
  const gaps = journal.filter((line) => line.gap !== undefined)
  return oracle
    .filter((line) => line.is === 'durable' && !journaled.has(keyOf(line)))
    .filter((line) => !gaps.some((gap) => covers(gap, line)))
    .map((line) => `${keyOf(line)} was durable and never came`)
}

function covers({ gap, ...at }: JournalLine, line: OracleLine): boolean {
  if (gap === undefined || line.stream === 'alarm') return false
  return isSameStream(at, line) && gap.firstSeq <= line.seq && line.seq <= gap.lastSeq
}

const isSameStream = (one: Stream, other: Stream): boolean =>
  one.fleet === other.fleet &&
  one.vehicle === other.vehicle &&
  one.epoch === other.epoch &&
  one.stream === other.stream

/** I1: a gap record names the very envelopes that are gone: as many as it says, the first and the last by their hashes. */
function wrongGaps({ oracle, journal }: Evidence): string[] {
  const sealed = hashesOf(oracle)
  return journal.flatMap(({ gap, ...at }) => {
    if (gap === undefined) return []
    const known = (seq: number, hash: string): boolean => {
      const hashes = sealed.get(keyOf({ ...at, seq }))
      return hashes?.has(hash) === true
    }
    const isRight =
      gap.count === gap.lastSeq - gap.firstSeq + 1 &&
      known(gap.firstSeq, gap.firstHash) &&
      known(gap.lastSeq, gap.lastHash)
    return isRight ? [] : [`${keyOf(at)} stands for ${gap.firstSeq} to ${gap.lastSeq}, which were others`]
  })
}

/** I2: what is journaled was sealed by a terminal, byte for byte. */
function phantom({ oracle, journal }: Evidence): string[] {
  const sealed = hashesOf(oracle)
  return journal.flatMap((line) => {
    const hashes = sealed.get(keyOf(line))
    if (hashes === undefined) return [`${keyOf(line)} was journaled and never sealed`]
    return hashes.has(line.hash) ? [] : [`${keyOf(line)} was journaled with other bytes than were sealed`]
  })
}

function hashesOf(oracle: Evidence['oracle']): ReadonlyMap<string, ReadonlySet<string>> {
  const sealed = new Map<string, Set<string>>()
  for (const line of oracle) {
    const hashes = sealed.get(keyOf(line)) ?? new Set()
    sealed.set(keyOf(line), hashes.add(line.hash))
  }
  return sealed
}

/** I3: a key is journaled once, an alert revision exists once. */
function doubled({ journal, alerts }: Evidence): string[] {
  return [...repeated(journal.map(keyOf)), ...repeated(alerts.map(revisionOf))].map(
    (name) => `${name} is there twice`,
  )
}

function repeated(names: readonly string[]): string[] {
  const seen = new Set<string>()
  return names.filter((name) => seen.has(name) || !seen.add(name))
}

/** I2 and I4: each envelope names the hash of the one before it; a missing one shows at its successor. */
function brokenChain(journal: readonly JournalLine[]): string[] {
  const hashes = new Map(journal.map((line) => [keyOf(line), line.hash]))
  return journal.flatMap((line) => {
    const expected = line.seq === 1 ? '0'.repeat(64) : hashes.get(keyOf({ ...line, seq: line.seq - 1 }))
    return expected === undefined || expected === line.prevHash
      ? []
      : [`${keyOf(line)} does not follow its predecessor`]
  })
}

/** I5: each alert revision was offered to an entitled officer. */
function unheard({ alerts, receipts }: Evidence): string[] {
  const heard = new Set(receipts.map(revisionOf))
  return alerts
    .filter((alert) => !heard.has(revisionOf(alert)))
    .map((alert) => `${revisionOf(alert)} reached nobody`)
}

/** I5: the alerts are a function of the journal. */
function wrongAlerts({ alerts, recomputed }: Evidence): string[] {
  if (recomputed === undefined) return []
  const stored = new Map(
    alerts.map((alert) => [alert.id, `${alert.kind ?? 'a kind unknown'} at ${alert.at ?? 'no time'}`]),
  )
  const expected = new Set(recomputed)
  return [
    ...[...expected].filter((id) => !stored.has(id)).map((id) => `${id} should have been raised`),
    ...[...stored]
      .filter(([id]) => !expected.has(id))
      .map(([id, what]) => `${id} (${what}) should not have been raised`),
  ]
}

/** I7: rules see each stream in order of seq. */
function disordered({ folded = [] }: Evidence): string[] {
  return folded
    .filter(({ after, seq }) => seq <= after)
    .map((line) => `${keyOf(line)} was folded on top of ${line.after}`)
}

/** The lists that are not empty, as one message for a failing test. */
export function complaints(verdict: Verdict): string[] {
  return Object.entries(verdict).flatMap(([name, lines]) => lines.map((line: string) => `${name}: ${line}`))
}
