import type { DocumentInForce, Envelope } from '../../proto/model.ts'

/**
 * What a vehicle's terminal said about its documents, and since when each of them held. Plain JSON, stored with the
 * vehicle's folds in the transaction that journals the report. Pure; whatever order reports come in, the same.
 */
export type Book = {
  /** What the vehicle was judged by before the first change that we know of; null: nothing of ours. */
  readonly base: { readonly [name in JudgedName]: string | null }
  readonly holdings: readonly Holding[]
  readonly report: Report | null
}

/** The documents that the gateway's own rules read and that hold only from a moment on. */
export type JudgedName = 'policy' | 'areas'
export const judgedNames: readonly JudgedName[] = ['policy', 'areas']

export type Holding = { readonly name: JudgedName; readonly digest: string; readonly sinceMs: number }

export type Report = {
  readonly epoch: number
  readonly seq: number
  readonly atMs: number
  readonly receivedAtMs: number
  readonly policyDigest: string
  readonly documents: readonly DocumentInForce[]
}

/** Holes are waited for so long, and late telemetry is judged by what held when it was measured. */
const keptMs = 80 * 3_600_000
const keptMax = 32

export function newBook(base: Book['base']): Book {
  return { base, holdings: [], report: null }
}

/** A report as it was journaled. */
export function withReport(book: Book, envelope: Envelope, receivedAtMs: number): Book {
  const { body, epoch, seq, policyDigest } = envelope
  if (body.is !== 'inForce') return book
  const { documents, atMs } = body
  const report: Report = { epoch, seq, atMs, receivedAtMs, policyDigest, documents }
  const held = documents.flatMap(({ name, digest, sinceMs }): Holding[] =>
    digest === null || sinceMs === null || (name !== 'policy' && name !== 'areas')
      ? []
      : [{ name, digest, sinceMs }],
  )
  const newest = book.report === null || isNewer(report, book.report) ? report : book.report
  return held.reduce(withHolding, { ...book, report: newest })
}

/** Reports of one outbox have numbers; another outbox's is newer when it came later. */
function isNewer(a: Report, b: Report): boolean {
  return a.epoch === b.epoch ? a.seq > b.seq : a.receivedAtMs >= b.receivedAtMs
}

/** From `sinceMs` on the vehicle is judged by this document. */
export function withHolding(book: Book, holding: Holding): Book {
  const { name, digest, sinceMs } = holding
  const known = book.holdings.some(
    (one) => one.name === name && one.digest === digest && one.sinceMs === sinceMs,
  )
  const first = book.holdings.every((one) => one.name !== name || one.sinceMs > sinceMs)
  // It was judged by this one before it was said to be in force.
  if (known || (first && book.base[name] === digest)) return book
  const holdings = [...book.holdings, holding].toSorted((a, b) => a.sinceMs - b.sinceMs)
  return pruned({ ...book, holdings })
}

/** What held so long ago that nothing of that time can come any more becomes the base of its name. */
function pruned(book: Book): Book {
  let { base, holdings } = book
  const newestMs = holdings.at(-1)?.sinceMs ?? 0
  for (const name of judgedNames) {
    const own = holdings.filter((one) => one.name === name)
    const past = own.filter((_, i) => {
      const next = own[i + 1]
      return own.length - i > keptMax || (next !== undefined && next.sinceMs < newestMs - keptMs)
    })
    const last = past.at(-1)
    if (last === undefined) continue
    base = { ...base, [name]: last.digest }
    holdings = holdings.filter((one) => !past.includes(one))
  }
  return { ...book, base, holdings }
}

/** Digests in force at the beginning and from each instant on, oldest first. */
export type Era = { readonly fromMs: number | null; readonly areasSinceMs: number | null } & {
  readonly [name in JudgedName]: string | null
}

export function erasOf({ base, holdings }: Book): readonly Era[] {
  const eras: Era[] = [{ fromMs: null, areasSinceMs: null, ...base }]
  for (const { name, digest, sinceMs } of holdings) {
    const last = eras.at(-1)!
    if (last[name] === digest) continue
    const areasSinceMs = name === 'areas' ? sinceMs : last.areasSinceMs
    eras.push({ ...last, fromMs: sinceMs, areasSinceMs, [name]: digest })
  }
  return eras
}

/** What the terminal said last about one of its documents. */
export function reportedOf(book: Book | null, name: DocumentInForce['name']): DocumentInForce | null {
  return book?.report?.documents.find((one) => one.name === name) ?? null
}
