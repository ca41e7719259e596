import { type AnyDetector, type States, stepAll } from '../../proto/detector.ts'
import { episodeKey, gatewayFindingId } from '../../proto/ids.ts'
import { type Documents, settingsAt } from '../../proto/in-force.ts'
import type { Envelope, Finding, Sample } from '../../proto/model.ts'
import { showing } from '../../proto/telemetry.ts'

/** A fold of telemetry through the rules, up to some envelope. Plain JSON, never altered in place. */
export type Track = {
  readonly epoch: number
  /** Seq of the last envelope folded; 0 before the first of the epoch. */
  readonly seq: number
  readonly states: States
  /** Episodes that have begun and not ended, by episode key. */
  readonly open: { readonly [episode: string]: OpenEpisode }
  readonly last: Sample | null
}

export type OpenEpisode = { readonly findingId: string; readonly last: Finding }

/** A finding with the identity that joins its phases, and the policy that was in force. */
export type Found = {
  readonly finding: Finding
  readonly findingId: string
  readonly policyDigest: string
}

export const emptyTrack: Track = { epoch: 0, seq: 0, states: {}, open: {}, last: null }

/** Steps a track over one envelope. Samples that are not later than what was folded are passed over. */
export function foldEnvelope(
  track: Track,
  envelope: Envelope,
  rules: readonly AnyDetector[],
  documents: Documents,
): { readonly track: Track; readonly found: readonly Found[] } {
  let { states, open, last } = track
  const found: Found[] = []
  const samples = envelope.body.is === 'telemetry' ? envelope.body.samples : []
  for (const sample of samples) {
    const how = showing(last, sample)
    if (how === 'passed') continue
    last = sample
    if (how === 'noted') continue
    const settings = settingsAt(documents, sample.atMs)
    const step = stepAll(rules, states, sample, settings)
    states = step.state
    for (const finding of step.findings) {
      const named = name(open, finding, envelope, found)
      open = named.open
      found.push({ finding, findingId: named.findingId, policyDigest: settings.policyDigest })
    }
  }
  return { track: { epoch: envelope.epoch, seq: envelope.seq, states, open, last }, found }
}

function name(
  open: Track['open'],
  finding: Finding,
  envelope: Envelope,
  before: readonly Found[],
): { open: Track['open']; findingId: string } {
  const episode = episodeKey(finding)
  const known = finding.phase === 'started' ? undefined : open[episode]?.findingId
  const findingId = known ?? freshId(finding, envelope, before)
  const { [episode]: _was, ...others } = open
  return {
    open: finding.phase === 'ended' ? others : { ...others, [episode]: { findingId, last: finding } },
    findingId,
  }
}

/** Two episodes of one subject may begin inside one envelope: the later one's instant tells them apart. */
export function freshId(finding: Finding, envelope: Envelope, before: readonly Found[]): string {
  const id = gatewayFindingId(envelope, finding)
  return before.some(({ findingId }) => findingId === id) ? `${id}/${finding.atMs}` : id
}
