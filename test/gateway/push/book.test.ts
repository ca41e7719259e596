import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Book, erasOf, newBook, withReport } from '../../../gateway/push/book.ts'
import { createBooks } from '../../../gateway/push/books.ts'
import { memoryContents } from '../../../gateway/push/contents.ts'
import { sha256Hex } from '../../../proto/canonical.ts'
import { settingsAt } from '../../../proto/in-force.ts'
import type { DocumentInForce, Envelope } from '../../../proto/model.ts'
import { defaultPolicy, mergePolicy, policyDigest } from '../../../proto/policy.ts'
import { documentsOf, envelopeOf, startMs } from '../help/world.ts'

const digests = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(64))
const none: DocumentInForce = { name: 'policy', version: 0, digest: null, sinceMs: null, refused: null }

function report(
  seq: number,
  policy: [string, number] | null,
  areas: [string, number] | null = null,
): Envelope {
  const held = (name: 'policy' | 'areas', one: [string, number] | null): DocumentInForce =>
    one === null ? { ...none, name } : { ...none, name, version: seq, digest: one[0], sinceMs: one[1] }
  const documents = [held('policy', policy), held('areas', areas)]
  return envelopeOf(seq, { is: 'inForce', atMs: startMs, documents })
}
const base = { policy: digests[0]!, areas: null }
const bookAfter = (envelopes: readonly Envelope[]): Book =>
  envelopes.reduce((book, envelope) => withReport(book, envelope, startMs + envelope.seq), newBook(base))

describe('the book of a vehicle', () => {
  it('has one era until something other than the base is in force', () => {
    expect(erasOf(bookAfter([report(1, [digests[0]!, startMs])]))).toHaveLength(1)
    expect(erasOf(bookAfter([report(1, null), report(2, [digests[1]!, startMs])]))).toEqual([
      { fromMs: null, areasSinceMs: null, ...base },
      { fromMs: startMs, areasSinceMs: null, policy: digests[1], areas: null },
    ])
  })

  it('says since when areas hold, whatever happens to the policy', () => {
    const book = bookAfter([
      report(1, [digests[0]!, startMs], [digests[2]!, startMs + 10]),
      report(2, [digests[1]!, startMs + 20], [digests[2]!, startMs + 10]),
    ])
    expect(erasOf(book).at(-1)).toEqual({
      ...{ fromMs: startMs + 20, areasSinceMs: startMs + 10 },
      ...{ policy: digests[1], areas: digests[2] },
    })
  })

  it('is the same whatever order reports come in, and however often', () => {
    const reports = fc
      .array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 50 })), {
        minLength: 1,
        maxLength: 12,
      })
      .map((steps) => {
        let atMs = startMs
        return steps.map(([digest, laterMs], i) => report(i + 1, [digests[digest]!, (atMs += laterMs)]))
      })
    const shuffled = reports.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray([...list, ...list], { minLength: list.length * 2 })),
    )
    fc.assert(
      fc.property(shuffled, ([list, mixed]) => {
        expect(bookAfter(mixed)).toMatchObject({
          holdings: bookAfter(list).holdings,
          report: { seq: list.length },
        })
      }),
    )
  })

  it('forgets what no late telemetry can concern any more', () => {
    const week = 7 * 86_400_000
    const many = Array.from({ length: 60 }, (_, i) =>
      report(i + 1, [digests[1 + (i % 2)]!, startMs + i * week]),
    )
    const book = bookAfter(many)
    expect(book.holdings).toHaveLength(2)
    expect(erasOf(book).at(-1)?.policy).toBe(digests[1 + (59 % 2)])
    const quick = Array.from({ length: 60 }, (_, i) => report(i + 1, [digests[1 + (i % 2)]!, startMs + i]))
    expect(bookAfter(quick).holdings).toHaveLength(32)
  })
})

describe('by which documents a moment is judged', () => {
  const text = (holdS: number) => JSON.stringify({ speeding: { holdS } })
  const wantedOf = (holdS: number) => ({
    value: { speeding: { holdS } },
    text: text(holdS),
    digest: sha256Hex(text(holdS)),
  })

  it('those that were in force then, also for what comes late', () => {
    let holdS = 11
    const contents = memoryContents()
    const judged = (value: unknown) => {
      const policy = value === null ? defaultPolicy('coach') : mergePolicy('coach', value as never)
      return { ...documentsOf('f1', 'v1'), policy, policyDigest: policyDigest(policy) }
    }
    const books = createBooks({
      documents: () => judged(wantedOf(holdS).value),
      store: {
        wanted: (_fleet, _vehicle, name) => (name === 'policy' ? wantedOf(holdS) : null),
        judged: (_fleet, _vehicle, policy) => judged(policy),
      },
      contents,
    })
    const holdAt = (ms: number) =>
      settingsAt(books.documents('f1', 'v1')!, startMs + ms).policy.speeding.holdS
    expect(books.meet('f1', 'v1')).toBe(true)
    books.take(report(1, [wantedOf(11).digest, startMs - 1000]), startMs)
    holdS = 22
    // Wanted, but not in force: nothing is judged by it.
    expect([holdAt(-5000), holdAt(0), holdAt(99_999)]).toEqual([11, 11, 11])
    contents.put(wantedOf(22).digest, wantedOf(22).text)
    books.take(report(2, [wantedOf(22).digest, startMs + 5000]), startMs)
    expect([holdAt(4999), holdAt(5000)]).toEqual([11, 22])
    holdS = 33
    expect([holdAt(4999), holdAt(5000), holdAt(1e9)]).toEqual([11, 22, 22])
    // What another gateway pushed is not known here: it is judged by what is wanted.
    books.take(report(3, [digests[3]!, startMs + 6000]), startMs)
    expect([holdAt(5999), holdAt(6000)]).toEqual([22, 33])
    expect(books.follow(startMs + 7000)).toEqual([])
  })
})
