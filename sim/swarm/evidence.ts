import { becomesAlert } from '../../gateway/alerts/alert.ts'
import { asHeard } from '../../gateway/dates.ts'
import { arrive, emptyFold, type VehicleFold } from '../../gateway/fold/vehicle.ts'
import type { JournalEnvelope } from '../../gateway/journal.ts'
import { rules } from '../../gateway/rules/index.ts'
import { alertId, keyText } from '../../proto/ids.ts'
import type { Documents } from '../../proto/in-force.ts'
import type { Alert, Envelope, Finding } from '../../proto/model.ts'
import type { JournalLine } from '../invariants.ts'

/** What the checker is told of a simulated world, made from the disks and not from what the programs say. */

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

export function journalLine({ envelope, hash }: JournalEnvelope): JournalLine {
  const { fleet, vehicle, epoch, stream, seq, prevHash, body } = envelope
  const line = { fleet, vehicle, epoch, stream, seq, hash: hex(hash), prevHash: hex(prevHash) }
  if (body.is !== 'gap') return line
  return {
    ...line,
    gap: { ...body.gap, firstHash: hex(body.gap.firstHash), lastHash: hex(body.gap.lastHash) },
  }
}

/**
 * The alerts as a function of the journal: the findings of terminals by their ids, and what the rules find when
 * every stream is folded once, in order, without a hole.
 */
export function recomputedIds(
  rows: readonly JournalEnvelope[],
  stored: readonly Alert[],
  documents: (fleet: string, vehicle: string) => Documents | null,
): string[] {
  const envelopes = rows.map(({ envelope, receivedAtMs }) => asHeard(envelope, receivedAtMs))
  const reported = envelopes.flatMap((envelope) => {
    const { body } = envelope
    if (body.is !== 'finding' || !becomesAlert(body.finding.kind)) return []
    return [alertId(body.finding.rule, body.findingId ?? keyText(envelope))]
  })
  return [...new Set([...reported, ...idsOfRules(foldedInOrder(envelopes, documents), stored)])]
}

/**
 * The ids under which what the rules found stands among the alerts. One that was raised live, ahead of a hole, may bear
 * another id: it stands for the same when kind and subject are, and the start is within a minute. What was taken back
 * stands for nothing any more, be it withdrawn or superseded by the one that says it better, and was rightly there. What
 * supersedes stands for all of an episode, although only its end was told anew.
 */
export function idsOfRules(found: readonly Found[], stored: readonly Alert[]): string[] {
  const last = new Map(stored.map((alert) => [alert.id, alert]))
  const superseded = new Set(stored.flatMap(({ supersedes }) => supersedes ?? []))
  const isOver = ({ id, withdrawn }: Alert): boolean => withdrawn === true || superseded.has(id)
  const standing = [...last.values()].filter((alert) => !isOver(alert))
  const over = [...last.values()].filter(isOver).map(({ id }) => id)
  const revisions = Map.groupBy(stored, ({ id }) => id)
  const ruled = found.map(({ finding, findingId }) => {
    const id = alertId(finding.rule, findingId)
    const stands = (alert: Alert): boolean =>
      alert.id === id ||
      (isOfSameMatter(alert, finding) &&
        before(alert, last).some((one) => saidBy(one.id, revisions, finding)))
    return standing.find(stands)?.id ?? id
  })
  return [...over, ...ruled]
}

/** An alert and those that it took the place of, one by way of another. */
function before(alert: Alert, last: ReadonlyMap<string, Alert>): Alert[] {
  const line: Alert[] = []
  for (let one: Alert | undefined = alert; one !== undefined && !line.includes(one); ) {
    line.push(one)
    one = last.get(one.supersedes ?? '')
  }
  return line
}

/** In any of its revisions: the last one is dated by the end. */
const saidBy = (id: string, revisions: ReadonlyMap<string, readonly Alert[]>, finding: Finding): boolean =>
  (revisions.get(id) ?? []).some((alert) => saysTheSame(alert, finding))

const sameWithinMs = 60_000

const isOfSameMatter = (alert: Alert, finding: Finding): boolean =>
  alert.kind === finding.kind && alert.subject === finding.subject

function saysTheSame(alert: Alert, finding: Finding): boolean {
  return isOfSameMatter(alert, finding) && Math.abs(Date.parse(alert.at) - finding.atMs) <= sameWithinMs
}

export type Found = { readonly finding: Finding; readonly findingId: string }

function foldedInOrder(
  envelopes: readonly Envelope[],
  documents: (fleet: string, vehicle: string) => Documents | null,
): Found[] {
  const telemetry = envelopes.filter(({ stream }) => stream === 'telemetry').sort((a, b) => a.seq - b.seq)
  const folds = new Map<string, VehicleFold>()
  const found: Found[] = []
  for (const envelope of telemetry) {
    const vehicle = `${envelope.fleet}/${envelope.vehicle}`
    const inForce = documents(envelope.fleet, envelope.vehicle)
    if (inForce === null) continue
    const step = arrive(folds.get(vehicle) ?? emptyFold, envelope, rules, inForce)
    folds.set(vehicle, step.fold)
    for (const emission of step.emissions)
      if (emission.do === 'find' && becomesAlert(emission.finding.kind)) found.push(emission)
  }
  return found
}
