import { keyText } from '../proto/ids.ts'
import type { Documents } from '../proto/in-force.ts'
import type { Alert, Envelope, Nack } from '../proto/model.ts'
import type { AlertDraft } from './alerts/alert.ts'
import { type AlertRegister, isLate } from './alerts/register.ts'
import { chainBreaks, checkSignature } from './chain.ts'
import { type CloneWatch, createCloneWatch } from './clones.ts'
import { asHeard } from './dates.ts'
import type { Attribution } from './drivers/attributed.ts'
import type { DriverLedger, OnVehicle } from './drivers/contract.ts'
import { failPoint } from './fail-point.ts'
import type { Fleet } from './fleet.ts'
import type { Emission } from './fold/vehicle.ts'
import type { Unkept } from './journal/quarantine.ts'
import { hasSeq } from './journal/ranges.ts'
import type {
  ChainBreak,
  ClosedHole,
  Journal,
  JournalEnvelope,
  JournalGroup,
  Quarantined,
  SuspectedClone,
  TerminalKey,
} from './journal.ts'
import type { Metrics } from './metrics.ts'
import type { UnheardWatch } from './unheard.ts'

/** What waits for the next group. */
export type Job =
  | { readonly is: 'envelope'; readonly row: JournalEnvelope; readonly settle: Settle }
  | {
      readonly is: 'quarantine'
      readonly item: Quarantined
      readonly nack: Nack | null
      readonly settle: Settle
    }
  | {
      readonly is: 'emissions'
      readonly fleet: string
      readonly vehicle: string
      readonly emissions: readonly Emission[]
    }
  | { readonly is: 'closed'; readonly holes: readonly ClosedHole[] }
  | { readonly is: 'clone'; readonly clone: SuspectedClone }
  /** An officer decided who drove. */
  | { readonly is: 'attribution'; readonly attribution: Attribution }
  /** What it means that it is so late. */
  | { readonly is: 'tick'; readonly nowMs: number }
/** Called after the commit; with a nack when the envelope was not taken as one. */
export type Settle = (nack: Nack | null) => void

export type ClerkDeps = {
  readonly journal: Journal
  readonly fleet: Fleet
  readonly register: AlertRegister
  readonly documents: (fleet: string, vehicle: string) => Documents | null
  readonly world: { readonly nowMs: () => number; readonly slackMs: () => number }
  readonly metrics: Metrics
  /** Drivers' hours over all vehicles. */
  readonly drivers?: Pick<DriverLedger, 'take' | 'attribute'>
  /** Which vehicles are heard. */
  readonly unheard?: UnheardWatch
  /** What terminals say of their documents; true when it changed anything. */
  readonly reported?: (envelope: Envelope, receivedAtMs: number) => boolean
  /** There are alerts to publish: told after the commit, before any terminal hears of it, because officers wait for them. */
  readonly alerted?: () => void
  /** Told of each new envelope after its commit. */
  readonly journaled?: (envelope: Envelope) => void
}

export type Written = {
  readonly alerts: readonly Alert[]
  /** Vehicles that had something in the group. */
  readonly vehicles: readonly { readonly fleet: string; readonly vehicle: string }[]
}

/** Mutable while one group is put together, and nowhere else. */
type Draft = {
  readonly envelopes: Map<string, JournalEnvelope>
  readonly quarantined: Quarantined[]
  readonly alerts: AlertDraft[]
  readonly closed: ClosedHole[]
  readonly breaks: ChainBreak[]
  readonly clones: SuspectedClone[]
  readonly keys: TerminalKey[]
  readonly after: (() => void)[]
  readonly vehicles: Map<string, { fleet: string; vehicle: string }>
}

/** Turns jobs into one group, writes it, and only then tells anybody. */
export function createClerk(given: ClerkDeps): (jobs: readonly Job[]) => Promise<Written> {
  const { journal, fleet, metrics } = given
  const deps: Deps = { ...given, clones: createCloneWatch() }
  let unkept = journal.unkept()
  return async (jobs: readonly Job[]): Promise<Written> => {
    const draft: Draft = {
      envelopes: new Map(),
      quarantined: [],
      alerts: [],
      closed: [],
      breaks: [],
      clones: [],
      keys: [],
      after: [],
      vehicles: new Map(),
    }
    const begunMs = performance.now()
    for (const job of jobs) take(deps, draft, job)
    const foldedMs = performance.now()
    metrics.time('rule_seconds', (foldedMs - begunMs) / 1000)
    const group: JournalGroup = {
      envelopes: [...draft.envelopes.values()],
      quarantined: draft.quarantined,
      alerts: draft.alerts,
      snapshots: fleet.snapshotsDue(),
      closed: draft.closed,
      breaks: draft.breaks,
      clones: draft.clones,
      keys: draft.keys,
    }
    const alerts = isEmpty(group) ? [] : await journal.append(group)
    metrics.time('sync_seconds', (performance.now() - foldedMs) / 1000)
    unkept = countUnkept(metrics, unkept, journal.unkept())
    metrics.count('commits_total')
    metrics.count('alert_revisions_total', {}, alerts.length)
    if (alerts.length > 0) deps.alerted?.()
    for (const tell of draft.after) tell()
    if (draft.after.length > 0) failPoint('after-puback')
    return { alerts, vehicles: [...draft.vehicles.values()] }
  }
}

/** Told from the first group on, so that a board shows a nought. */
function countUnkept(metrics: Metrics, before: Unkept, now: Unkept): Unkept {
  for (const cap of ['vehicle', 'day'] as const)
    metrics.count('quarantine_unkept_total', { cap }, now[cap] - before[cap])
  return now
}

type Deps = ClerkDeps & { readonly clones: CloneWatch }

function takeEnvelope(deps: Deps, draft: Draft, row: JournalEnvelope, settle: Settle): void {
  const { journal, metrics } = deps
  const { envelope } = row
  const key = keyText(envelope)
  draft.vehicles.set(`${envelope.fleet}/${envelope.vehicle}`, envelope)
  const known = draft.envelopes.get(key)?.hash ?? knownHash(journal, envelope)
  if (known !== null) {
    takeKnown(deps, draft, row, known, settle)
    return
  }
  draft.envelopes.set(key, row)
  noteIntegrity(deps, draft, row)
  if (deps.clones.shows(envelope)) noteClone(deps, draft, envelope)
  draft.after.push(() => {
    deps.journaled?.(envelope)
    settle(null)
  })
  draft.alerts.push(...heard(deps, row), ...alertsOf(deps, row), ...hoursOf(deps, draft, row))
  metrics.count('envelopes_total', { stream: envelope.stream })
  metrics.time('event_lag_seconds', lagMs(row) / 1000, { stream: envelope.stream })
  if (envelope.body.is === 'gap') metrics.count('gap_records_total')
}

/** Kept where officers read of gaps: whoever holds a copy can say anything. */
function noteClone({ metrics }: ClerkDeps, draft: Draft, { fleet, vehicle, epoch }: Envelope): void {
  const why = 'envelopes of two outboxes come by turns: a copied key or a copied disk'
  draft.clones.push({ fleet, vehicle, epoch, why })
  metrics.count('clones_suspected_total', { door: 'ingest' })
}

/** How long ago what it tells of was, when it came. */
function lagMs({ envelope: { body, sealedAtMs }, receivedAtMs }: JournalEnvelope): number {
  const eventMs =
    body.is === 'telemetry'
      ? body.samples.at(-1)?.atMs
      : body.is === 'finding'
        ? body.finding.decidedAtMs
        : sealedAtMs
  return Math.max(0, receivedAtMs - (eventMs ?? sealedAtMs))
}

/** Whether it continues the chain and is signed by the one who signed before. */
function noteIntegrity({ journal, metrics }: ClerkDeps, draft: Draft, row: JournalEnvelope): void {
  const { fleet, vehicle } = row.envelope
  const breaks = chainBreaks(row, (one) => draft.envelopes.get(keyText(one)) ?? null, journal)
  const inGroup = draft.keys.filter((one) => one.fleet === fleet && one.vehicle === vehicle)
  const known = [...journal.keysOf(fleet, vehicle), ...inGroup.map(({ key }) => key)]
  const { learnt, broken } = checkSignature(row, known)
  if (learnt !== null) draft.keys.push(learnt)
  draft.breaks.push(...breaks, ...(broken === null ? [] : [broken]))
  if (breaks.length > 0) metrics.count('chain_breaks_total', {}, breaks.length)
  if (broken !== null) metrics.count('signature_breaks_total')
}

function takeKnown(
  { metrics }: ClerkDeps,
  draft: Draft,
  row: JournalEnvelope,
  known: Uint8Array,
  settle: Settle,
): void {
  const { envelope, bytes, receivedAtMs } = row
  if (Buffer.compare(known, row.hash) === 0) {
    metrics.count('duplicates_total')
    draft.after.push(() => settle(null))
    return
  }
  const { fleet: fleetId, vehicle, stream, seq } = envelope
  const reason = 'another envelope is journaled under this key'
  draft.quarantined.push({ fleet: fleetId, vehicle, reason, kind: 'conflict', bytes, receivedAtMs })
  metrics.count('quarantined_total', { kind: 'conflict' })
  draft.after.push(() => settle({ stream, seq, reason: 'conflict' }))
}

function take(deps: Deps, draft: Draft, job: Job): void {
  const { metrics } = deps
  switch (job.is) {
    case 'envelope':
      takeEnvelope(deps, draft, job.row, job.settle)
      return
    case 'quarantine':
      draft.quarantined.push(job.item)
      metrics.count('quarantined_total', { kind: job.item.kind })
      draft.after.push(() => job.settle(job.nack))
      return
    case 'emissions':
      draft.vehicles.set(`${job.fleet}/${job.vehicle}`, job)
      draft.alerts.push(...emitted(deps, job.fleet, job.vehicle, job.emissions, deps.world.nowMs()))
      return
    case 'closed':
      draft.closed.push(...job.holes)
      for (const hole of job.holes) draft.vehicles.set(`${hole.fleet}/${hole.vehicle}`, hole)
      metrics.count('holes_given_up_total', {}, job.holes.length)
      return
    case 'clone':
      draft.clones.push(job.clone)
      return
    case 'attribution': {
      const nowMs = deps.world.nowMs()
      draft.alerts.push(...ofVehicles(deps, draft, deps.drivers?.attribute(job.attribution, nowMs), nowMs))
      draft.vehicles.set(`${job.attribution.fleet}/${job.attribution.vehicle}`, job.attribution)
      return
    }
    case 'tick':
      for (const { fleet, vehicle, emissions } of deps.unheard?.tick(job.nowMs) ?? []) {
        deps.fleet.remember(fleet, vehicle)
        draft.vehicles.set(`${fleet}/${vehicle}`, { fleet, vehicle })
        draft.alerts.push(...emitted(deps, fleet, vehicle, emissions, job.nowMs))
      }
  }
}

const isEmpty = (group: JournalGroup): boolean =>
  group.envelopes.length + group.quarantined.length + group.alerts.length === 0 &&
  group.snapshots.length + group.closed.length + (group.clones?.length ?? 0) === 0

function knownHash(journal: Journal, envelope: Envelope): Uint8Array | null {
  return hasSeq(journal.state(envelope), envelope.seq) ? journal.hashOf(envelope) : null
}

/** What an envelope has to say to officers: a finished finding of the terminal, or what the rules make of telemetry. */
function alertsOf(deps: ClerkDeps, { envelope: said, receivedAtMs }: JournalEnvelope): AlertDraft[] {
  const envelope = asHeard(said, receivedAtMs)
  const { fleet, vehicle, body } = envelope
  if (envelope.stream === 'telemetry')
    return emitted(deps, fleet, vehicle, deps.fleet.arrive(envelope, receivedAtMs), receivedAtMs)
  if (body.is === 'inForce' && deps.reported?.(envelope, receivedAtMs) === true)
    deps.fleet.remember(fleet, vehicle)
  if (body.is !== 'finding') return []
  const documents = deps.documents(fleet, vehicle)
  if (documents === null) return []
  const revision = deps.register.find({
    documents,
    finding: body.finding,
    findingId: body.findingId ?? keyText(envelope),
    policyDigest: envelope.policyDigest,
    receivedAtMs,
    late: isLate(body.finding.decidedAtMs, receivedAtMs, deps.world.slackMs()),
    supersedes: null,
  })
  return revision === null ? [] : [revision]
}

/** What hours on several vehicles decide: it may be about another vehicle than the one that was heard. */
function hoursOf(deps: ClerkDeps, draft: Draft, { envelope, receivedAtMs }: JournalEnvelope): AlertDraft[] {
  return ofVehicles(deps, draft, deps.drivers?.take(envelope, receivedAtMs), receivedAtMs)
}

function ofVehicles(
  deps: ClerkDeps,
  draft: Draft,
  found: readonly OnVehicle[] | undefined,
  receivedAtMs: number,
): AlertDraft[] {
  return (found ?? []).flatMap(({ fleet, vehicle, emissions }) => {
    draft.vehicles.set(`${fleet}/${vehicle}`, { fleet, vehicle })
    return emitted(deps, fleet, vehicle, emissions, receivedAtMs)
  })
}

/** A vehicle that was silent is heard again, in the very group that holds what it said. */
function heard(deps: ClerkDeps, { envelope, receivedAtMs }: JournalEnvelope): AlertDraft[] {
  const { fleet, vehicle } = envelope
  const emissions = deps.unheard?.heard(asHeard(envelope, receivedAtMs), receivedAtMs) ?? []
  if (emissions.length > 0) deps.fleet.remember(fleet, vehicle)
  return emitted(deps, fleet, vehicle, emissions, receivedAtMs)
}

function emitted(
  deps: ClerkDeps,
  fleet: string,
  vehicle: string,
  emissions: readonly Emission[],
  receivedAtMs: number,
): AlertDraft[] {
  const documents = deps.documents(fleet, vehicle)
  if (documents === null) return []
  return emissions.flatMap((emission) => {
    const revision =
      emission.do === 'withdraw'
        ? deps.register.withdraw(emission.rule, emission.findingId, receivedAtMs)
        : deps.register.find({ documents, receivedAtMs, ...emission })
    return revision ?? []
  })
}
