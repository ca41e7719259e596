import { sha256Hex } from './canonical.ts'
import type { EnvelopeKey, Finding } from './model.ts'

/** Identities (design 5 and 8). Nothing here depends on a clock. */

/** `fleet/vehicle/epoch/stream/seq`, unique in every journal for ever. */
export function keyText(key: EnvelopeKey): string {
  return `${key.fleet}/${key.vehicle}/${key.epoch}/${key.stream}/${key.seq}`
}

/** Id of a finding that the gateway made: the deciding envelope, the kind, the reason and the subject. */
export function gatewayFindingId(
  deciding: EnvelopeKey,
  finding: Pick<Finding, 'kind' | 'reason' | 'subject'>,
): string {
  return `${keyText(deciding)}/${finding.kind}/${finding.reason ?? ''}/${finding.subject}`
}

/** Kinds with one episode at a time whose reason may change under way: a curfew run turns out to end in a safe stop. */
const reasonMayChange: ReadonlySet<string> = new Set(['curfew'])

/** What joins the phases of one episode. */
export function episodeKey(finding: Pick<Finding, 'kind' | 'reason' | 'subject'>): string {
  const reason = reasonMayChange.has(finding.kind) ? '' : (finding.reason ?? '')
  return `${finding.kind}|${reason}|${finding.subject}`
}

/** First 128 bits of SHA-256(ruleId, ruleVersion, findingId), as hex. */
export function alertId(rule: { id: string; version: number }, findingId: string): string {
  return sha256Hex(JSON.stringify([rule.id, rule.version, findingId])).slice(0, 32)
}
