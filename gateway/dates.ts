import type { Envelope, Finding } from '../proto/model.ts'
import { isoUtc } from '../proto/time.ts'

/**
 * What the dates of an envelope are worth. A terminal whose receiver has no fix yet dates by its machine, and that may
 * believe any day: such a date claims nothing, so it refutes nothing either. What it tells of is journaled and told;
 * only its date is not believed beyond the moment at which it came. Pure.
 */

/** How far a terminal's clock may be ahead before a record counts as dated in the future. */
export const futureMs = 60_000

/** The newest instant that claims to be true; null when nothing here does. */
export function newestClaim({ body }: Envelope): number | null {
  switch (body.is) {
    case 'telemetry': {
      const claims = body.samples.filter(({ trusted }) => trusted).map(({ atMs }) => atMs)
      return claims.length === 0 ? null : Math.max(...claims)
    }
    case 'finding':
      return isToVerify(body.finding) ? null : Math.max(body.finding.decidedAtMs, body.finding.atMs)
    case 'driving':
      return body.interval.toMs
    // What stands behind these is the machine's clock, and whoever refused them would leave a hole for ever.
    case 'gap':
    case 'spoken':
    case 'inForce':
      return null
  }
}

/** Decided before the clock was disciplined, or to be verified for another reason: proves nothing by itself. */
const isToVerify = ({ grade }: Finding): boolean => grade === 'to-verify'

/**
 * The envelope as rules and officers are shown it: without Samples from a day that has not come, so that none of them is
 * ever the last known one, and with nothing said to have happened after it was heard.
 */
export function asHeard(envelope: Envelope, receivedAtMs: number): Envelope {
  const { body } = envelope
  const latestMs = receivedAtMs + futureMs
  switch (body.is) {
    case 'telemetry': {
      const samples = body.samples.filter(({ trusted, atMs }) => trusted || atMs <= latestMs)
      return samples.length === body.samples.length ? envelope : { ...envelope, body: { ...body, samples } }
    }
    case 'finding': {
      const { finding } = body
      const isAhead = isToVerify(finding) && Math.max(finding.atMs, finding.decidedAtMs) > latestMs
      return isAhead ? { ...envelope, body: { ...body, finding: notAfter(finding, receivedAtMs) } } : envelope
    }
    default:
      return envelope
  }
}

function notAfter(finding: Finding, receivedAtMs: number): Finding {
  const latest = (atMs: number): number => Math.min(atMs, Math.round(receivedAtMs))
  const evidence = { ...finding.evidence, saidAt: isoUtc(finding.atMs) }
  return { ...finding, atMs: latest(finding.atMs), decidedAtMs: latest(finding.decidedAtMs), evidence }
}
