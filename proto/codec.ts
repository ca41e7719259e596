import assert from 'node:assert/strict'
import { canonicalJson } from './canonical.ts'
import { catalog } from './catalog.ts'
import { decodeColumns, encodeColumns } from './columns.ts'
import { roadwarden } from './generated/roadwarden.js'
import type {
  Ack,
  Alert,
  DocumentInForce,
  DocumentPart,
  Envelope,
  EnvelopeBody,
  Evidence,
  Finding,
  Gap,
  Grade,
  Nack,
  Phase,
  Place,
  SeqRange,
  Severity,
  Spoken,
  SpokenOutcome,
  StreamAck,
  StreamName,
} from './model.ts'
import { decodeOutlook, encodeOutlook } from './outlook-wire.ts'
import { isoUtc } from './time.ts'
import { idPattern, pushedDocuments } from './topics.ts'

/**
 * Bytes <-> messages: the only door to protobufjs. Encoding asserts (a wrong message is our own error); decoding
 * takes anything and answers with a value or with a reason, never with an exception.
 */

const v1 = roadwarden.v1

/** No envelope is larger, sealed or received. */
export const envelopeBytesMax = 16 * 1024
/** No batch holds more samples. */
export const batchSamplesMax = 60

export type Decoded<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: string }

const streams = ['', 'alarm', 'telemetry'] as const
const phases = ['', 'started', 'updated', 'ended'] as const
const severities = ['', 'info', 'minor', 'major', 'critical'] as const
const spokenOutcomes = ['', 'said', 'again', 'failed', 'received'] as const
const grades = ['', 'sufficient', 'to-verify'] as const

/** A whole number the wire can carry without losing a bit. */
function whole(value: number, name: string): number {
  assert(Number.isSafeInteger(value), `${name} must be a whole number below 2^53, got ${value}`)
  return value
}

export function encodeEnvelope(envelope: Envelope): Uint8Array {
  assert(envelope.prevHash.length === 32, 'prevHash is 32 bytes')
  const bytes = v1.Envelope.encode({
    epoch: whole(envelope.epoch, 'epoch'),
    stream: streams.indexOf(envelope.stream),
    seq: whole(envelope.seq, 'seq'),
    prevHash: envelope.prevHash,
    bootCount: whole(envelope.bootCount, 'bootCount'),
    fleet: envelope.fleet,
    vehicle: envelope.vehicle,
    policyDigest: envelope.policyDigest,
    sealedAtMs: whole(envelope.sealedAtMs, 'sealedAtMs'),
    ...encodeBody(envelope.body),
  }).finish()
  assert(bytes.length <= envelopeBytesMax, `an envelope of ${bytes.length} bytes is over ${envelopeBytesMax}`)
  return bytes
}

function encodeBody(body: EnvelopeBody): roadwarden.v1.Envelope.$Properties {
  switch (body.is) {
    case 'finding':
      return { finding: encodeFinding(body.finding, body.findingId) }
    case 'telemetry':
      assert(
        body.samples.length > 0 && body.samples.length <= batchSamplesMax,
        `a batch of ${body.samples.length} samples`,
      )
      return {
        telemetry: {
          ...encodeColumns(body.samples),
          ...(body.outlook === undefined ? {} : { outlook: encodeOutlook(body.outlook) }),
        },
      }
    case 'gap':
      return { gap: encodeGap(body.gap) }
    case 'driving':
      return {
        driving: {
          driver: body.interval.driver ?? '',
          fromMs: whole(body.interval.fromMs, 'fromMs'),
          toMs: whole(body.interval.toMs, 'toMs'),
          proven: body.interval.proven,
        },
      }
    case 'spoken':
      return {
        spoken: {
          version: whole(body.spoken.version, 'version'),
          digest: body.spoken.digest,
          atMs: whole(body.spoken.atMs, 'spoken.atMs'),
          outcome: spokenOutcomes.indexOf(body.spoken.outcome),
        },
      }
    case 'inForce':
      return {
        inForce: { documents: body.documents.map(encodeInForce), atMs: whole(body.atMs, 'inForce.atMs') },
      }
  }
}

function encodeInForce(document: DocumentInForce): roadwarden.v1.DocumentInForce.$Properties {
  const { name, version, digest, sinceMs, refused } = document
  return {
    name,
    version: whole(version, 'version'),
    digest: digest ?? '',
    ...(sinceMs === null ? {} : { sinceMs: whole(sinceMs, 'sinceMs') }),
    ...(refused === null
      ? {}
      : {
          refused: {
            ...refused,
            version: whole(refused.version, 'version'),
            atMs: whole(refused.atMs, 'atMs'),
          },
        }),
  }
}

function encodeGap(gap: Gap): roadwarden.v1.Gap.$Properties {
  return {
    class: gap.class,
    firstSeq: whole(gap.firstSeq, 'firstSeq'),
    lastSeq: whole(gap.lastSeq, 'lastSeq'),
    count: whole(gap.count, 'count'),
    fromMs: whole(gap.fromMs, 'fromMs'),
    toMs: whole(gap.toMs, 'toMs'),
    reason: gap.reason,
    firstHash: gap.firstHash,
    lastHash: gap.lastHash,
  }
}

function encodeFinding(finding: Finding, findingId: string | null): roadwarden.v1.Finding.$Properties {
  return {
    findingId: findingId ?? '',
    kind: finding.kind,
    reason: finding.reason ?? '',
    phase: phases.indexOf(finding.phase),
    subject: finding.subject,
    severity: severities.indexOf(finding.severity),
    grade: grades.indexOf(finding.grade),
    atMs: whole(finding.atMs, 'atMs'),
    decidedAtMs: whole(finding.decidedAtMs, 'decidedAtMs'),
    ...encodePlace(finding.place),
    driver: finding.driver ?? '',
    trip: finding.trip ?? '',
    ruleId: finding.rule.id,
    ruleVersion: finding.rule.version,
    evidenceJson: canonicalJson(finding.evidence),
  }
}

const encodePlace = (place: Place | null): { place?: roadwarden.v1.Place.$Properties } =>
  place === null ? {} : { place: { latE7: Math.round(place.lat * 1e7), lonE7: Math.round(place.lon * 1e7) } }

const decodePlace = (place: roadwarden.v1.Place | null): Place | null =>
  place === null ? null : { lat: place.latE7 / 1e7, lon: place.lonE7 / 1e7 }

/** Runs a decoder over foreign bytes: whatever goes wrong becomes a reason. */
function guarded<T>(bytes: Uint8Array, bytesMax: number, decode: () => T): Decoded<T> {
  if (bytes.length > bytesMax)
    return { ok: false, reason: `${bytes.length} bytes, at most ${bytesMax} allowed` }
  try {
    return { ok: true, value: decode() }
  } catch (error) {
    const message = error instanceof Error ? error.message : 'not decodable'
    return { ok: false, reason: message.replace(/\s+/g, ' ').slice(0, 200) }
  }
}

class Malformed extends Error {}

function check(condition: boolean, reason: string): asserts condition {
  if (!condition) throw new Malformed(reason)
}

/** A decoded int64: a number, or protobufjs' Long when it came as one. */
function int(value: unknown, name: string): number {
  const number = typeof value === 'number' ? value : Number(String(value))
  check(Number.isSafeInteger(number), `${name} is not a whole number below 2^53`)
  return number
}

function instant(value: unknown, name: string): number {
  const ms = int(value, name)
  // Years 1970 to 2200: everything outside is a broken clock or a broken sender.
  check(ms >= 0 && ms < 7_258_118_400_000, `${name} is not an instant between 1970 and 2200`)
  return ms
}

function oneOf<T extends string>(names: readonly ('' | T)[], index: number, what: string): T {
  const name = names[index]
  check(name !== undefined && name !== '', `unknown ${what} ${index}`)
  return name as T
}

function text(value: string, max: number, name: string): string {
  check(value.length <= max, `${name} is longer than ${max}`)
  return value
}

/** Decodes and checks one envelope. */
export function decodeEnvelope(bytes: Uint8Array): Decoded<Envelope> {
  return guarded(bytes, envelopeBytesMax, () => {
    const message = v1.Envelope.decode(bytes)
    const stream = oneOf<StreamName>(streams, message.stream, 'stream')
    check(idPattern.test(message.fleet), 'fleet is not an id')
    check(idPattern.test(message.vehicle), 'vehicle is not an id')
    check(message.prevHash.length === 32, 'prevHash is not 32 bytes')
    check(/^[0-9a-f]{64}$/.test(message.policyDigest), 'policyDigest is not a SHA-256')
    const seq = int(message.seq, 'seq')
    check(seq >= 1, 'seq begins at 1')
    const epoch = int(message.epoch, 'epoch')
    check(epoch >= 1 && epoch < 2 ** 48, 'epoch is not a 48-bit number')
    const body = decodeBody(message)
    check(
      body.is === 'gap' || (body.is === 'telemetry') === (stream === 'telemetry'),
      `a ${body.is} does not travel in stream ${stream}`,
    )
    return {
      fleet: message.fleet,
      vehicle: message.vehicle,
      epoch,
      stream,
      seq,
      prevHash: message.prevHash.slice(),
      bootCount: message.bootCount,
      policyDigest: message.policyDigest,
      sealedAtMs: instant(message.sealedAtMs, 'sealedAtMs'),
      body,
    }
  })
}

/** Which envelope these bytes claim to be, when the rest of them cannot be used: what a nack can name. */
export function peekEnvelope(bytes: Uint8Array): { epoch: number; stream: StreamName; seq: number } | null {
  const peeked = guarded(bytes, envelopeBytesMax, () => {
    const message = v1.Envelope.decode(bytes)
    const epoch = int(message.epoch, 'epoch')
    const seq = int(message.seq, 'seq')
    check(epoch >= 1 && seq >= 1, 'not numbered')
    return { epoch, stream: oneOf<StreamName>(streams, message.stream, 'stream'), seq }
  })
  return peeked.ok ? peeked.value : null
}

function decodeBody(message: roadwarden.v1.Envelope): EnvelopeBody {
  const present = [
    message.finding,
    message.telemetry,
    message.gap,
    message.driving,
    message.inForce,
    message.spoken,
  ].filter((part) => part !== null && part !== undefined)
  check(present.length === 1, 'an envelope has exactly one body')
  if (message.finding) {
    const { findingId } = message.finding
    return {
      is: 'finding',
      finding: decodeFinding(message.finding),
      findingId: findingId === '' ? null : text(findingId, 512, 'findingId'),
    }
  }
  if (message.telemetry) {
    const samples = decodeColumns(message.telemetry, batchSamplesMax)
    for (const sample of samples) instant(sample.atMs, 'telemetry.atMs')
    const { outlook } = message.telemetry
    return { is: 'telemetry', samples, ...(outlook ? { outlook: decodeOutlook(outlook) } : {}) }
  }
  if (message.gap) return { is: 'gap', gap: decodeGap(message.gap) }
  if (message.spoken) return { is: 'spoken', spoken: decodeSpoken(message.spoken) }
  if (message.inForce) {
    const atMs = instant(message.inForce.atMs ?? 0, 'inForce.atMs')
    return { is: 'inForce', atMs, documents: decodeInForce(message.inForce) }
  }
  check(message.driving !== null && message.driving !== undefined, 'an envelope has exactly one body')
  const fromMs = instant(message.driving.fromMs, 'driving.fromMs')
  const toMs = instant(message.driving.toMs, 'driving.toMs')
  check(toMs >= fromMs, 'a driving interval ends before it begins')
  return {
    is: 'driving',
    interval: { driver: message.driving.driver || null, fromMs, toMs, proven: message.driving.proven },
  }
}

const sha256Pattern = /^[0-9a-f]{64}$/

function decodeSpoken(spoken: roadwarden.v1.Spoken.$Properties): Spoken {
  const digest = spoken.digest ?? ''
  check(sha256Pattern.test(digest), 'digest is not a SHA-256')
  return {
    version: int(spoken.version ?? 0, 'spoken.version'),
    digest,
    atMs: instant(spoken.atMs ?? 0, 'spoken.atMs'),
    outcome: oneOf<SpokenOutcome>(spokenOutcomes, spoken.outcome ?? 0, 'outcome'),
  }
}

function decodeInForce({ documents }: roadwarden.v1.InForce.$Properties): DocumentInForce[] {
  const named = (documents ?? []).map(decodeDocumentInForce)
  check(new Set(named.map(({ name }) => name)).size === named.length, 'a document is named twice')
  return named
}

function decodeDocumentInForce(document: roadwarden.v1.DocumentInForce.$Properties): DocumentInForce {
  const name = pushedDocuments.find((known) => known === document.name)
  check(name !== undefined, 'a document nobody pushes')
  const digest = document.digest || null
  check(digest === null || sha256Pattern.test(digest), 'digest is not a SHA-256')
  const { refused } = document
  return {
    name,
    version: int(document.version ?? 0, 'version'),
    digest,
    sinceMs: digest === null ? null : instant(document.sinceMs ?? 0, 'sinceMs'),
    refused: refused
      ? {
          version: int(refused.version ?? 0, 'refused.version'),
          digest: text(refused.digest ?? '', 64, 'refused.digest'),
          reason: text(refused.reason ?? '', 200, 'refused.reason'),
          atMs: instant(refused.atMs ?? 0, 'refused.atMs'),
        }
      : null,
  }
}

function decodeGap(gap: roadwarden.v1.Gap): Gap {
  const firstSeq = int(gap.firstSeq, 'gap.firstSeq')
  const lastSeq = int(gap.lastSeq, 'gap.lastSeq')
  check(firstSeq >= 1 && lastSeq >= firstSeq, 'a gap ends before it begins')
  return {
    class: text(gap.class, 32, 'gap.class'),
    firstSeq,
    lastSeq,
    count: int(gap.count, 'gap.count'),
    fromMs: instant(gap.fromMs, 'gap.fromMs'),
    toMs: instant(gap.toMs, 'gap.toMs'),
    reason: text(gap.reason, 200, 'gap.reason'),
    firstHash: gap.firstHash.slice(),
    lastHash: gap.lastHash.slice(),
  }
}

function decodeFinding(finding: roadwarden.v1.Finding): Finding {
  check(catalog[finding.kind] !== undefined, `unknown kind ${finding.kind.slice(0, 40)}`)
  return {
    kind: finding.kind,
    reason: finding.reason === '' ? null : text(finding.reason, 64, 'reason'),
    phase: oneOf<Phase>(phases, finding.phase, 'phase'),
    subject: text(finding.subject, 128, 'subject'),
    severity: oneOf<Severity>(severities, finding.severity, 'severity'),
    grade: oneOf<Grade>(grades, finding.grade, 'grade'),
    atMs: instant(finding.atMs, 'atMs'),
    decidedAtMs: instant(finding.decidedAtMs, 'decidedAtMs'),
    place: checkPlace(decodePlace(finding.place)),
    driver: finding.driver === '' ? null : text(finding.driver, 128, 'driver'),
    trip: finding.trip === '' ? null : text(finding.trip, 128, 'trip'),
    rule: { id: text(finding.ruleId, 64, 'ruleId'), version: finding.ruleVersion },
    evidence: decodeEvidence(finding.evidenceJson),
  }
}

function checkPlace(place: Place | null): Place | null {
  check(
    place === null || (Math.abs(place.lat) <= 90 && Math.abs(place.lon) <= 180),
    'place is not on the earth',
  )
  return place
}

function decodeEvidence(json: string): Evidence {
  check(json.length <= 8192, 'evidence is longer than 8192')
  const value: unknown = JSON.parse(json)
  check(typeof value === 'object' && value !== null && !Array.isArray(value), 'evidence is not an object')
  return value as Evidence
}

export function encodeAck(ack: Ack): Uint8Array {
  const stream = ({ upto, ranges }: StreamAck) => ({
    upto: whole(upto, 'upto'),
    ranges: ranges.map(({ first, last }) => ({ first: whole(first, 'first'), last: whole(last, 'last') })),
  })
  return v1.Ack.encode({
    epoch: whole(ack.epoch, 'epoch'),
    alarm: stream(ack.streams.alarm),
    telemetry: stream(ack.streams.telemetry),
    nacks: ack.nacks.map((nack) => ({
      stream: streams.indexOf(nack.stream),
      seq: whole(nack.seq, 'seq'),
      reason: nack.reason,
    })),
    rate: ack.rate,
  }).finish()
}

export function decodeAck(bytes: Uint8Array): Decoded<Ack> {
  return guarded(bytes, 64 * 1024, () => {
    const message = v1.Ack.decode(bytes)
    const stream = (part: roadwarden.v1.StreamAck | null | undefined): StreamAck => ({
      upto: int(part?.upto ?? 0, 'upto'),
      ranges: (part?.ranges ?? []).map(decodeRange),
    })
    const nacks: Nack[] = message.nacks.map((nack) => ({
      stream: oneOf<StreamName>(streams, nack.stream ?? 0, 'stream'),
      seq: int(nack.seq ?? 0, 'seq'),
      reason: text(nack.reason ?? '', 200, 'reason'),
    }))
    check(Number.isFinite(message.rate) && message.rate >= 0, 'rate is not a rate')
    return {
      epoch: int(message.epoch, 'epoch'),
      streams: { alarm: stream(message.alarm), telemetry: stream(message.telemetry) },
      nacks,
      rate: message.rate,
    }
  })
}

function decodeRange(range: roadwarden.v1.Range.$Properties): SeqRange {
  const first = int(range.first ?? 0, 'first')
  const last = int(range.last ?? 0, 'last')
  check(first >= 1 && last >= first, 'a range ends before it begins')
  return { first, last }
}

export function encodeDocumentPart(part: DocumentPart): Uint8Array {
  return v1.DocumentPart.encode({ ...part, version: whole(part.version, 'version') }).finish()
}

export function decodeDocumentPart(bytes: Uint8Array): Decoded<DocumentPart> {
  return guarded(bytes, 70 * 1024, () => {
    const message = v1.DocumentPart.decode(bytes)
    check(sha256Pattern.test(message.digest), 'digest is not a SHA-256')
    check(
      message.parts >= 1 && message.parts <= 4096 && message.part < message.parts,
      'part is not one of parts',
    )
    return {
      version: int(message.version, 'version'),
      digest: message.digest,
      part: message.part,
      parts: message.parts,
      content: message.content.slice(),
      signature: message.signature.slice(),
    }
  })
}

export function encodeAlert(alert: Alert): Uint8Array {
  return v1.Alert.encode({
    id: alert.id,
    revision: alert.revision,
    cursor: whole(alert.cursor, 'cursor'),
    kind: alert.kind,
    reason: alert.reason ?? '',
    phase: phases.indexOf(alert.phase),
    subject: alert.subject,
    severity: severities.indexOf(alert.severity),
    grade: grades.indexOf(alert.grade),
    fleet: alert.fleet,
    vehicle: alert.vehicle,
    plate: alert.plate ?? '',
    driver: alert.driver ?? '',
    trip: alert.trip ?? '',
    atMs: Date.parse(alert.at),
    decidedAtMs: Date.parse(alert.decidedAt),
    receivedAtMs: Date.parse(alert.receivedAt),
    late: alert.late,
    supersedes: alert.supersedes ?? '',
    ...encodePlace(alert.place),
    ruleId: alert.rule.id,
    ruleVersion: alert.rule.version,
    policyDigest: alert.policyDigest,
    article: alert.article ?? '',
    evidenceJson: canonicalJson(alert.evidence),
    explainZh: alert.explain.zh,
    explainEn: alert.explain.en,
    movedTo: alert.movedTo === undefined ? 0 : severities.indexOf(alert.movedTo),
    withdrawn: alert.withdrawn ?? false,
  }).finish()
}

export function decodeAlert(bytes: Uint8Array): Decoded<Alert> {
  return guarded(bytes, 64 * 1024, () => {
    const message = v1.Alert.decode(bytes)
    return {
      id: message.id,
      revision: message.revision,
      cursor: int(message.cursor, 'cursor'),
      kind: message.kind,
      reason: message.reason || null,
      phase: oneOf<Phase>(phases, message.phase, 'phase'),
      subject: message.subject,
      severity: oneOf<Severity>(severities, message.severity, 'severity'),
      grade: oneOf<Grade>(grades, message.grade, 'grade'),
      fleet: message.fleet,
      vehicle: message.vehicle,
      plate: message.plate || null,
      driver: message.driver || null,
      trip: message.trip || null,
      at: isoUtc(instant(message.atMs, 'atMs')),
      decidedAt: isoUtc(instant(message.decidedAtMs, 'decidedAtMs')),
      receivedAt: isoUtc(instant(message.receivedAtMs, 'receivedAtMs')),
      late: message.late,
      supersedes: message.supersedes || null,
      place: decodePlace(message.place),
      rule: { id: message.ruleId, version: message.ruleVersion },
      policyDigest: message.policyDigest,
      article: message.article || null,
      evidence: decodeEvidence(message.evidenceJson),
      explain: { zh: message.explainZh, en: message.explainEn },
      ...(message.movedTo === 0 ? {} : { movedTo: oneOf<Severity>(severities, message.movedTo, 'movedTo') }),
      ...(message.withdrawn ? { withdrawn: true } : {}),
    }
  })
}
