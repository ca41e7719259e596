import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { openEvidenceKey } from '../../../gateway/evidence-key.ts'
import { createMemoryJournal } from '../../../gateway/journal/memory.ts'
import { openSqliteJournal } from '../../../gateway/journal/sqlite.ts'
import { emptyGroup, type Journal } from '../../../gateway/journal.ts'
import { BadInput } from '../../../proto/problem.ts'
import { alertDraft, journalContract } from '../../contract/journal.ts'
import { sampleAt } from '../../help/drive.ts'
import { rowOf, startMs, telemetry, tempFolder } from '../help/world.ts'

const key = { fleet: 'f1', vehicle: 'v1', epoch: 7, stream: 'telemetry' } as const
const row = (seq: number) => rowOf(telemetry(seq, [sampleAt(startMs + seq * 1000)]))
const openAt = (dataDir: string, nowMs = () => startMs): Journal =>
  openSqliteJournal({ dataDir, zone: 'Asia/Shanghai', nowMs })

journalContract({ name: 'in memory', open: () => ({ journal: createMemoryJournal() }) })
journalContract({
  name: 'SQLite',
  open: () => {
    const folder = tempFolder()
    const journal = openAt(folder)
    return {
      journal,
      reopen: async () => {
        await journal.close()
        return openAt(folder)
      },
    }
  },
})

describe('days', () => {
  test('one file per receipt day of the zone; reading, cursors and alerts span them', async () => {
    const folder = tempFolder()
    // 23:59 in Beijing, then 00:01.
    let nowMs = Date.parse('2025-11-22T15:59:00Z')
    const journal = openAt(folder, () => nowMs)
    await journal.append({ ...emptyGroup, envelopes: [row(1), row(4)], alerts: [alertDraft('a', 1)] })
    nowMs = Date.parse('2025-11-22T16:01:00Z')
    await journal.append({
      ...emptyGroup,
      envelopes: [row(2), row(5)],
      alerts: [alertDraft('b', 1), alertDraft('a', 2, { phase: 'ended' })],
    })
    await journal.close()
    const files = readdirSync(folder).filter((name) => name.endsWith('.db') && name !== 'lock.db')
    expect(files.sort()).toEqual(['journal-2025-11-22.db', 'journal-2025-11-23.db'])
    const again = openAt(folder, () => nowMs)
    expect((await again.read(key, 1, 10)).map(({ envelope }) => envelope.seq)).toEqual([1, 2, 4, 5])
    expect(again.state(key)).toEqual({ upto: 2, ranges: [{ first: 4, last: 5 }] })
    expect((await again.alertsAfter(0, 10, null)).map(({ cursor }) => cursor)).toEqual([1, 2, 3])
    expect(again.openAlerts().map(({ id }) => id)).toEqual(['b'])
    expect(again.alert('a')?.revision).toBe(2)
    await again.close()
  })

  test('cursors go on when the days with all alerts and gaps were let go: nobody who reads by cursor misses one', async () => {
    const folder = tempFolder()
    const clone = { fleet: 'f1', vehicle: 'v1', epoch: 7, why: 'two of them' }
    let nowMs = Date.parse('2025-11-22T10:00:00Z')
    const openNow = () => openSqliteJournal({ dataDir: folder, zone: 'Asia/Shanghai', nowMs: () => nowMs })
    const first = openNow()
    await first.append({
      ...emptyGroup,
      envelopes: [row(1)],
      alerts: [alertDraft('a', 1), alertDraft('b', 1)],
      clones: [clone],
    })
    nowMs += 86_400_000
    await first.append({ ...emptyGroup, envelopes: [row(2)] })
    expect(first.removePast('2025-11-23', () => true, openEvidenceKey(folder))).toHaveLength(1)
    await first.close()
    const again = openNow()
    const [third] = await again.append({ ...emptyGroup, alerts: [alertDraft('c', 1)], clones: [clone] })
    expect(third?.cursor).toBe(3)
    expect((await again.gapsAfter(1, 10, null)).map(({ cursor }) => cursor)).toEqual([2])
    await again.close()
  })

  test('a world clock that was set back never writes below the newest file', async () => {
    const folder = tempFolder()
    const first = openAt(folder)
    await first.append({ ...emptyGroup, envelopes: [row(1)] })
    await first.close()
    const back = openAt(folder, () => startMs - 5 * 86_400_000)
    await back.append({ ...emptyGroup, envelopes: [row(2)] })
    expect(back.state(key).upto).toBe(2)
    await back.close()
    const again = openAt(folder)
    expect(again.state(key).upto).toBe(2)
    await again.close()
  })
})

test('a group that fails after its rubbish was set aside takes up no room of the day', async () => {
  const journal = openAt(tempFolder())
  const rubbish = (n: number) => ({
    ...({ fleet: 'f1', vehicle: 'v1', kind: 'malformed', reason: 'not one', receivedAtMs: startMs } as const),
    bytes: Buffer.from(`rubbish ${n}`),
  })
  const quarantined = Array.from({ length: 200 }, (_, n) => rubbish(n))
  // A state that cannot be written down: the last thing of a group to be stored.
  const failing = { ...emptyGroup, quarantined, snapshots: [{ fleet: 'f1', vehicle: 'v1', state: 1n }] }
  await expect(journal.append(failing)).rejects.toThrow('BigInt')
  await journal.append({ ...emptyGroup, quarantined })
  expect(journal.unkept()).toEqual({ vehicle: 0, day: 0 })
  await journal.close()
})

test('a second gateway on the same folder is refused with one line', async () => {
  const folder = tempFolder()
  const first = openAt(folder)
  expect(() => openAt(folder)).toThrow(BadInput)
  expect(() => openAt(folder)).toThrow(/another gateway is running on this folder/)
  await first.close()
  await openAt(folder).close()
})

test('a file that is no journal is named, not overwritten', () => {
  const folder = tempFolder()
  writeFileSync(path.join(folder, 'journal-2025-11-20.db'), 'this is not a database, whatever its name says')
  expect(() => openAt(folder)).toThrow(/journal-2025-11-20\.db: cannot be opened/)
})

async function killedWriter(folder: string, afterMs: number): Promise<number> {
  const script = new URL('./kill-writer.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  let printed = ''
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  const closed = once(child, 'close')
  await once(child.stdout, 'data')
  await new Promise((resolve) => setTimeout(resolve, afterMs))
  child.kill('SIGKILL')
  await closed
  return Number(printed.trimEnd().split('\n').at(-1))
}

test('whatever was promised survives kills of the writer; groups are whole', async () => {
  const folder = tempFolder()
  for (const afterMs of [3, 17, 40, 5, 60]) {
    const promised = await killedWriter(folder, afterMs)
    const journal = openAt(folder)
    const { upto, ranges } = journal.state(key)
    const read = await journal.read(key, 1, 1_000_000)
    expect(ranges).toEqual([])
    expect(upto).toBeGreaterThanOrEqual(promised)
    expect(upto % 3).toBe(0)
    expect(read.map(({ envelope }) => envelope.seq)).toEqual(
      Array.from({ length: upto }, (_, index) => index + 1),
    )
    await journal.close()
  }
})

test('a write-ahead log torn anywhere gives back a prefix of the groups, whole', async () => {
  const folder = tempFolder()
  const journal = openAt(folder)
  for (let seq = 1; seq <= 30; seq += 3)
    await journal.append({ ...emptyGroup, envelopes: [row(seq), row(seq + 1), row(seq + 2)] })
  const copy = tempFolder()
  cpSync(folder, copy, { recursive: true })
  await journal.close()
  const wal = 'journal-2025-11-23.db-wal'
  const { size } = statSync(path.join(copy, wal))
  const seen = new Set<number>()
  for (let cut = 0; cut <= size; cut += Math.ceil(size / 40)) {
    const torn = tempFolder()
    cpSync(copy, torn, { recursive: true })
    truncateSync(path.join(torn, wal), cut)
    const opened = openAt(torn)
    const { upto, ranges } = opened.state(key)
    expect([upto % 3, ranges]).toEqual([0, []])
    expect(await opened.read(key, 1, 100)).toHaveLength(upto)
    seen.add(upto)
    await opened.close()
  }
  // The cuts did reach into the groups: some were lost, not all of them.
  expect(seen.size).toBeGreaterThan(5)
})
