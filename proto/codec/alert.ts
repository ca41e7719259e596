import { canonicalJson } from '../canonical.ts'
import { roadwarden } from '../generated/roadwarden.js'
import type { Alert, Grade, Phase, Severity } from '../model.ts'
import { isoUtc } from '../time.ts'
import { decodeEvidence, decodePlace, encodePlace } from './finding.ts'
import { type Decoded, guarded, instant, int, oneOf, whole } from './wire.ts'
import { grades, phases, severities } from './words.ts'

const v1 = roadwarden.v1

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
