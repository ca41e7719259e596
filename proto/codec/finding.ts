import { canonicalJson } from '../canonical.ts'
import { catalog } from '../catalog.ts'
import type { roadwarden } from '../generated/roadwarden.js'
import type { Evidence, Finding, Grade, Phase, Place, Severity } from '../model.ts'
import { check, instant, oneOf, text, whole } from './wire.ts'
import { grades, phases, severities } from './words.ts'

/** A finding on the wire, with its place and evidence, which an alert carries as well. */

export function encodeFinding(finding: Finding, findingId: string | null): roadwarden.v1.Finding.$Properties {
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

export const encodePlace = (place: Place | null): { place?: roadwarden.v1.Place.$Properties } =>
  place === null ? {} : { place: { latE7: Math.round(place.lat * 1e7), lonE7: Math.round(place.lon * 1e7) } }

export const decodePlace = (place: roadwarden.v1.Place | null): Place | null =>
  place === null ? null : { lat: place.latE7 / 1e7, lon: place.lonE7 / 1e7 }

export function decodeFinding(finding: roadwarden.v1.Finding): Finding {
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

export function decodeEvidence(json: string): Evidence {
  check(json.length <= 8192, 'evidence is longer than 8192')
  const value: unknown = JSON.parse(json)
  check(typeof value === 'object' && value !== null && !Array.isArray(value), 'evidence is not an object')
  return value as Evidence
}
