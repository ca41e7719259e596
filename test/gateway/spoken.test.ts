import { describe, expect, it } from 'vitest'
import { createSpokenBoard } from '../../gateway/spoken.ts'
import type { Envelope } from '../../proto/model.ts'
import { envelopeOf, startMs } from './help/envelopes.ts'

const digest = 'cd'.repeat(32)
const spoken = (seq: number, s = seq): Envelope =>
  envelopeOf(seq, {
    is: 'spoken',
    spoken: { version: seq, digest, atMs: startMs + s * 1000, outcome: 'said' },
  })

/** A journal of which only one stream can be read. */
function journalOf(envelopes: readonly Envelope[]) {
  const reads: [number, number][] = []
  return {
    reads,
    state: () => ({ upto: envelopes.length, ranges: [] }),
    read: async (_key: unknown, fromSeq: number, limit: number) => {
      reads.push([fromSeq, limit])
      return envelopes
        .filter(({ seq }) => seq >= fromSeq)
        .slice(0, limit)
        .map((envelope) => ({ envelope, bytes: new Uint8Array(), hash: new Uint8Array(), receivedAtMs: 0 }))
    },
  }
}
const soon = () => new Promise((resolve) => setImmediate(resolve))

describe('words said in the cab', () => {
  it('are shown after the commit, the last twenty lines, oldest first: ten words that came and were said', async () => {
    const board = createSpokenBoard(
      journalOf([]),
      () => 7,
      () => {},
    )
    for (const seq of [2, 1, 3]) board.note(spoken(seq))
    expect(board.of('f1', 'v1').map(({ version }) => version)).toEqual([1, 2, 3])
    for (let seq = 4; seq <= 30; seq++) board.note(spoken(seq))
    expect(board.of('f1', 'v1').map(({ version }) => version)).toEqual(
      Array.from({ length: 20 }, (_, n) => 11 + n),
    )
    expect(board.of('f1', 'v1')[0]).toEqual({
      version: 11,
      digest,
      at: '2025-11-22T17:50:11.000Z',
      outcome: 'said',
    })
    await soon()
  })

  it('are read back after a start, once, and nothing is shown of another vehicle or fleet', async () => {
    const journal = journalOf([spoken(1), spoken(2)])
    const told: string[] = []
    const board = createSpokenBoard(
      journal,
      (fleet) => (fleet === 'f1' ? 7 : null),
      (fleet, vehicle) => told.push(`${fleet}/${vehicle}`),
    )
    expect(board.of('f1', 'v1')).toEqual([])
    await soon()
    board.note(spoken(2))
    expect(board.of('f1', 'v1').map(({ version }) => version)).toEqual([1, 2])
    expect([journal.reads, told]).toEqual([[[1, 500]], ['f1/v1']])
    expect(board.of('f2', 'v1')).toEqual([])
  })

  it('a journal that cannot be read is asked again', async () => {
    let fails = true
    const journal = journalOf([spoken(1)])
    const board = createSpokenBoard(
      { ...journal, read: (...args) => (fails ? Promise.reject(new Error('disk')) : journal.read(...args)) },
      () => 7,
      () => {},
    )
    board.of('f1', 'v1')
    await soon()
    fails = false
    board.of('f1', 'v1')
    await soon()
    expect(board.of('f1', 'v1')).toHaveLength(1)
  })
})
