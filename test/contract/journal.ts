import { describe, expect, test } from 'vitest'
import { emptyGroup, type Journal, type Quarantined, type StreamKey } from '../../gateway/journal.ts'
import type { Alert, Envelope } from '../../proto/model.ts'
import { alarm, rowOf, startMs, telemetry } from '../gateway/help/world.ts'
import { sampleAt } from '../help/drive.ts'

/** What every journal promises. `reopen` closes it and opens it again on the same storage. */
export type JournalUnderTest = {
  readonly name: string
  readonly open: () => { readonly journal: Journal; readonly reopen?: () => Promise<Journal> }
}

const telemetryKey: StreamKey = { fleet: 'f1', vehicle: 'v1', epoch: 7, stream: 'telemetry' }
const batch = (seq: number, epoch = 7): Envelope =>
  telemetry(seq, [sampleAt(startMs + seq * 1000, { speedKmh: 50 })], { epoch })
const rows = (...seqs: number[]) => seqs.map((seq) => rowOf(batch(seq)))
const gapOver = (seq: number, firstSeq: number, lastSeq: number): Envelope => ({
  ...batch(seq),
  body: {
    is: 'gap',
    gap: {
      class: 'telemetry',
      firstSeq,
      lastSeq,
      count: lastSeq - firstSeq + 1,
      fromMs: startMs,
      toMs: startMs,
      reason: 'cap',
      firstHash: new Uint8Array(32),
      lastHash: new Uint8Array(32),
    },
  },
})

export function alertDraft(id: string, revision: number, known: Partial<Alert> = {}): Omit<Alert, 'cursor'> {
  return {
    id,
    revision,
    kind: 'speeding',
    reason: null,
    phase: 'started',
    subject: 'v1',
    severity: 'major',
    grade: 'sufficient',
    fleet: 'f1',
    vehicle: 'v1',
    plate: null,
    driver: null,
    trip: null,
    at: '2026-11-22T18:00:00.000Z',
    decidedAt: '2026-11-22T18:00:10.000Z',
    receivedAt: '2026-11-22T18:00:11.000Z',
    late: false,
    supersedes: null,
    place: null,
    rule: { id: 'speeding', version: 1 },
    policyDigest: '0'.repeat(64),
    article: null,
    evidence: {},
    explain: { zh: '超速', en: 'speeding' },
    ...known,
  }
}

export function journalContract({ name, open }: JournalUnderTest): void {
  describe(`journal: ${name}`, () => {
    test('what was appended is read back in seq order, byte for byte', async () => {
      const { journal } = open()
      await journal.append({ ...emptyGroup, envelopes: rows(3, 1) })
      await journal.append({ ...emptyGroup, envelopes: rows(2, 9) })
      const read = await journal.read(telemetryKey, 1, 10)
      expect(read.map(({ envelope }) => envelope.seq)).toEqual([1, 2, 3, 9])
      expect(read.map(({ bytes }) => Buffer.from(bytes).toString('hex'))).toEqual(
        rows(1, 2, 3, 9).map(({ bytes }) => Buffer.from(bytes).toString('hex')),
      )
      expect((await journal.read(telemetryKey, 2, 2)).map(({ envelope }) => envelope.seq)).toEqual([2, 3])
      expect(await journal.read({ ...telemetryKey, vehicle: 'v2' }, 1, 10)).toEqual([])
    })

    test('watermarks count what is there, holes included, and what a gap record covers', async () => {
      const { journal } = open()
      expect(journal.state(telemetryKey)).toEqual({ upto: 0, ranges: [] })
      await journal.append({ ...emptyGroup, envelopes: rows(1, 2, 6) })
      expect(journal.state(telemetryKey)).toEqual({ upto: 2, ranges: [{ first: 6, last: 6 }] })
      await journal.append({ ...emptyGroup, envelopes: [rowOf(gapOver(7, 3, 4))] })
      expect(journal.state(telemetryKey)).toEqual({ upto: 4, ranges: [{ first: 6, last: 7 }] })
      await journal.append({ ...emptyGroup, closed: [{ ...telemetryKey, first: 5, last: 5 }] })
      expect(journal.state(telemetryKey)).toEqual({ upto: 7, ranges: [] })
    })

    test('streams are listed in the order of first receipt', async () => {
      const { journal } = open()
      await journal.append({ ...emptyGroup, envelopes: [rowOf(batch(1, 99)), rowOf(batch(1, 3))] })
      await journal.append({ ...emptyGroup, envelopes: [rowOf(batch(2, 99)), rowOf(alarm(1, {}, null))] })
      expect(journal.watermarks().map(({ epoch, stream }) => `${epoch} ${stream}`)).toEqual([
        '99 telemetry',
        '3 telemetry',
        '7 alarm',
      ])
    })

    test('a key has one hash, and none before', async () => {
      const { journal } = open()
      const [row] = rows(1)
      expect(journal.hashOf(batch(1))).toBeNull()
      await journal.append({ ...emptyGroup, envelopes: [row!] })
      expect(Buffer.from(journal.hashOf(batch(1))!)).toEqual(Buffer.from(row!.hash))
      expect(journal.hashOf(batch(2))).toBeNull()
    })

    test('a group that cannot be stored leaves nothing of it', async () => {
      const { journal } = open()
      await journal.append({ ...emptyGroup, envelopes: rows(1) })
      const group = { ...emptyGroup, envelopes: rows(2, 1), alerts: [alertDraft('a', 1)] }
      await expect(journal.append(group)).rejects.toThrow(/journaled twice|UNIQUE/)
      expect(await journal.read(telemetryKey, 1, 10)).toHaveLength(1)
      expect(journal.state(telemetryKey)).toEqual({ upto: 1, ranges: [] })
      expect(await journal.alertsAfter(0, 10, null)).toEqual([])
      await journal.append({ ...emptyGroup, envelopes: rows(2), alerts: [alertDraft('b', 1)] })
      expect((await journal.alertsAfter(0, 10, null)).map(({ id, cursor }) => [id, cursor])).toEqual([
        ['b', 1],
      ])
    })

    test('alert revisions get cursors that only rise, are found by id and by fleet', async () => {
      const { journal } = open()
      const first = await journal.append({
        ...emptyGroup,
        alerts: [alertDraft('a', 1), alertDraft('b', 1, { fleet: 'f2' })],
      })
      await journal.append({ ...emptyGroup, alerts: [alertDraft('a', 2, { phase: 'ended' })] })
      expect(first.map(({ cursor }) => cursor)).toEqual([1, 2])
      expect((await journal.alertsAfter(0, 2, null)).map(({ cursor }) => cursor)).toEqual([1, 2])
      expect((await journal.alertsAfter(1, 9, null)).map(({ cursor }) => cursor)).toEqual([2, 3])
      expect((await journal.alertsAfter(0, 9, 'f2')).map(({ id }) => id)).toEqual(['b'])
      expect(journal.alert('a')).toMatchObject({ revision: 2, cursor: 3 })
      expect(journal.revision('a', 1)).toMatchObject({ revision: 1, phase: 'started' })
      expect(journal.alert('c')).toBeNull()
      expect(journal.openAlerts().map(({ id }) => id)).toEqual(['b'])
    })

    test('unpublished alerts are those above the mark, and the mark never falls', async () => {
      const { journal } = open()
      await journal.append({ ...emptyGroup, alerts: ['a', 'b', 'c'].map((id) => alertDraft(id, 1)) })
      journal.markPublished(2)
      journal.markPublished(1)
      expect(journal.unpublished(10).map(({ id }) => id)).toEqual(['c'])
    })

    test('the last snapshot of a vehicle is kept, and only its own', async () => {
      const { journal } = open()
      const snapshot = (vehicle: string, n: number) => ({ fleet: 'f1', vehicle, state: { n } })
      await journal.append({ ...emptyGroup, snapshots: [snapshot('v1', 1), snapshot('v2', 5)] })
      await journal.append({ ...emptyGroup, snapshots: [snapshot('v1', 2)] })
      expect(journal.snapshot('f1', 'v1')).toEqual({ n: 2 })
      expect(journal.snapshot('f2', 'v1')).toBeNull()
    })

    test('of the rubbish of one vehicle 200 are kept, and what others send is kept beside it', async () => {
      const { journal, reopen } = open()
      const items = (vehicle: string, from: number, to: number): Quarantined[] =>
        Array.from({ length: to - from + 1 }, (_, index) => ({
          ...{ fleet: 'f1', vehicle, kind: 'malformed', reason: 'not one', receivedAtMs: startMs },
          bytes: Buffer.from(`${vehicle} ${from + index}`),
        }))
      await journal.append({ ...emptyGroup, quarantined: items('bad', 1, 200) })
      expect(journal.unkept()).toEqual({ vehicle: 0, day: 0 })
      // The same bytes again are there already; a group that fails has put nothing aside.
      await journal.append({ ...emptyGroup, quarantined: items('bad', 7, 9), envelopes: rows(1) })
      const failing = { ...emptyGroup, quarantined: items('other', 1, 50), envelopes: rows(1) }
      await expect(journal.append(failing)).rejects.toThrow()
      expect(journal.unkept()).toEqual({ vehicle: 0, day: 0 })
      await journal.append({ ...emptyGroup, quarantined: [...items('bad', 201, 205), ...items('v2', 1, 3)] })
      expect(journal.unkept()).toEqual({ vehicle: 5, day: 0 })
      if (reopen === undefined) return
      // A new start counts from nought, and knows what is kept.
      const again = await reopen()
      await again.append({ ...emptyGroup, quarantined: [...items('bad', 206, 206), ...items('v2', 4, 200)] })
      expect(again.unkept()).toEqual({ vehicle: 1, day: 0 })
      await again.append({ ...emptyGroup, quarantined: items('v2', 201, 202) })
      expect(again.unkept()).toEqual({ vehicle: 3, day: 0 })
    })

    test('of the rubbish of all vehicles 10,000 are kept', async () => {
      const { journal } = open()
      const quarantined = Array.from({ length: 10_002 }, (_, index): Quarantined => {
        const vehicle = `v${index % 60}`
        const bytes = Buffer.from(String(index))
        return { fleet: 'f1', vehicle, kind: 'conflict', reason: 'another', receivedAtMs: startMs, bytes }
      })
      await journal.append({ ...emptyGroup, quarantined })
      expect(journal.unkept()).toEqual({ vehicle: 0, day: 2 })
    })

    test('opened again it knows everything it promised', async () => {
      const { journal, reopen } = open()
      if (reopen === undefined) return
      await journal.append({
        ...emptyGroup,
        envelopes: rows(1, 2, 5),
        alerts: [alertDraft('a', 1), alertDraft('b', 1)],
        snapshots: [{ fleet: 'f1', vehicle: 'v1', state: { n: 1 } }],
      })
      journal.markPublished(1)
      const again = await reopen()
      expect(again.state(telemetryKey)).toEqual({ upto: 2, ranges: [{ first: 5, last: 5 }] })
      expect(await again.read(telemetryKey, 1, 10)).toHaveLength(3)
      expect(again.unpublished(10).map(({ id }) => id)).toEqual(['b'])
      expect(again.snapshot('f1', 'v1')).toEqual({ n: 1 })
      expect((await again.append({ ...emptyGroup, alerts: [alertDraft('c', 1)] }))[0]?.cursor).toBe(3)
    })
  })
}
