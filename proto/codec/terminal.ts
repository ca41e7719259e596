import type { roadwarden } from '../generated/roadwarden.js'
import type { DocumentInForce, Gap, Spoken, SpokenOutcome } from '../model.ts'
import { pushedDocuments } from '../topics.ts'
import { check, instant, int, oneOf, sha256Pattern, text, whole } from './wire.ts'
import { spokenOutcomes } from './words.ts'

/** What a terminal says of itself: what holds on it, what it dropped, what it said aloud. */

export function encodeInForce(document: DocumentInForce): roadwarden.v1.DocumentInForce.$Properties {
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

export function decodeInForce({ documents }: roadwarden.v1.InForce.$Properties): DocumentInForce[] {
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

export function encodeGap(gap: Gap): roadwarden.v1.Gap.$Properties {
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

export function decodeGap(gap: roadwarden.v1.Gap): Gap {
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

export function encodeSpoken(spoken: Spoken): roadwarden.v1.Spoken.$Properties {
  return {
    version: whole(spoken.version, 'version'),
    digest: spoken.digest,
    atMs: whole(spoken.atMs, 'spoken.atMs'),
    outcome: spokenOutcomes.indexOf(spoken.outcome),
  }
}

export function decodeSpoken(spoken: roadwarden.v1.Spoken.$Properties): Spoken {
  const digest = spoken.digest ?? ''
  check(sha256Pattern.test(digest), 'digest is not a SHA-256')
  return {
    version: int(spoken.version ?? 0, 'spoken.version'),
    digest,
    atMs: instant(spoken.atMs ?? 0, 'spoken.atMs'),
    outcome: oneOf<SpokenOutcome>(spokenOutcomes, spoken.outcome ?? 0, 'outcome'),
  }
}
