import { cpSync, type fsyncSync, readdirSync, readlinkSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { openRegister } from '../../../gateway/journal/register.ts'
import { openSqliteJournal } from '../../../gateway/journal/sqlite.ts'
import { emptyGroup, type Journal } from '../../../gateway/journal.ts'
import { alertDraft } from '../../contract/journal.ts'
import { sampleAt } from '../../help/drive.ts'
import { rowOf, startMs, telemetry, tempFolder } from '../help/world.ts'

/** Every file and folder that this program has synced itself; what SQLite syncs shows in what its files hold. */
const synced: string[] = []
vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>()
  const told: typeof fsyncSync = (fd) => {
    synced.push(readlinkSync(`/proc/self/fd/${fd}`))
    real.fsyncSync(fd)
  }
  return { ...real, fsyncSync: told }
})
beforeEach(() => {
  synced.length = 0
})

const dayMs = 86_400_000
const key = { fleet: 'f1', vehicle: 'v1', epoch: 7, stream: 'telemetry' } as const
const row = (seq: number) => rowOf(telemetry(seq, [sampleAt(startMs + seq * 1000)]))
const openAt = (dataDir: string, atMs = startMs): Journal => {
  const journal = openSqliteJournal({ dataDir, zone: 'UTC', nowMs: () => atMs })
  onTestFinished(() => journal.close())
  return journal
}

/** The files of a process that was killed: everything it wrote, in files and logs, as the system has it in memory. */
function killed(dataDir: string): string {
  const left = tempFolder()
  cpSync(dataDir, left, { recursive: true })
  return left
}

/** What is left of it after a power cut that takes every log nobody has synced. */
function withoutLogs(dataDir: string): string {
  const left = tempFolder()
  cpSync(dataDir, left, { recursive: true, filter: (file) => !/-(wal|shm)$/.test(file) })
  return left
}

describe('what a killed process wrote and nobody synced', () => {
  test('is on the disk before a restarted journal says that it has it: a power cut takes nothing of what was acknowledged', async () => {
    const dataDir = tempFolder()
    const first = openAt(dataDir)
    await first.append({
      ...emptyGroup,
      envelopes: [row(1), row(2), row(5)],
      alerts: [alertDraft('a', 1)],
      closed: [{ ...key, first: 3, last: 3 }],
    })
    const left = killed(dataDir)
    // It was in the log alone: without it nothing of it is there.
    expect(openAt(withoutLogs(left)).watermarks()).toEqual([])
    const restarted = openAt(left)
    const said = restarted.watermarks()
    expect(said).toMatchObject([{ state: { upto: 3, ranges: [{ first: 5, last: 5 }] } }])
    const afterCut = openAt(withoutLogs(left))
    expect(afterCut.watermarks()).toEqual(said)
    expect(afterCut.hashOf({ ...key, seq: 5 })).toEqual(restarted.hashOf({ ...key, seq: 5 }))
    expect(afterCut.unpublished(9)).toEqual(restarted.unpublished(9))
    expect(await afterCut.gapsAfter(0, 9, null)).toEqual(await restarted.gapsAfter(0, 9, null))
    expect(await afterCut.gapsAfter(0, 9, null)).toHaveLength(1)
  })

  test('is on the disk for every day of the journal, not for the newest alone', async () => {
    const dataDir = tempFolder()
    let nowMs = startMs
    const first = openSqliteJournal({ dataDir, zone: 'UTC', nowMs: () => nowMs })
    onTestFinished(() => first.close())
    for (const seq of [1, 2, 3]) {
      await first.append({ ...emptyGroup, envelopes: [row(seq)] })
      nowMs += dayMs
    }
    const left = killed(dataDir)
    openAt(left, nowMs)
    expect((await openAt(withoutLogs(left), nowMs).read(key, 1, 9)).length).toBe(3)
  })

  test('is on the disk before the register answers an officer with it', () => {
    const dataDir = tempFolder()
    const first = openRegister(dataDir)
    onTestFinished(() => first.close())
    const alert = { ...alertDraft('a', 1), cursor: 1 }
    first.note({ alert, atMs: startMs, by: '王五', action: 'acknowledge', words: '已联系驾驶员' })
    const left = killed(dataDir)
    const restarted = openRegister(left)
    onTestFinished(() => restarted.close())
    const afterCut = openRegister(withoutLogs(left))
    onTestFinished(() => afterCut.close())
    expect(restarted.of('a')).toHaveLength(1)
    expect(afterCut.of('a')).toEqual(restarted.of('a'))
    expect(afterCut.lastLine()).toBe(1)
  })

  test('is synced in its log where somebody reads the file at that moment and it cannot be folded', async () => {
    const dataDir = tempFolder()
    const first = openAt(dataDir)
    await first.append({ ...emptyGroup, envelopes: [row(1)] })
    const left = killed(dataDir)
    const file = path.join(left, 'journal-2025-11-22.db')
    const reader = new DatabaseSync(file, { readOnly: true })
    onTestFinished(() => reader.close())
    reader.exec('BEGIN')
    reader.prepare('SELECT count(*) FROM envelope').get()
    synced.length = 0
    expect(openAt(left).state(key).upto).toBe(1)
    expect(synced).toContain(`${file}-wal`)
  })
})

test('a folder that was newly made is on the disk by name before anything in it is acknowledged, and again at each start', async () => {
  const above = tempFolder()
  const dataDir = path.join(above, 'of', 'gateway')
  await openAt(dataDir).append({ ...emptyGroup, envelopes: [row(1)] })
  const names = [dataDir, path.join(above, 'of'), above]
  expect(synced).toEqual(expect.arrayContaining(names))
  expect(readdirSync(dataDir)).toContain('journal-2025-11-22.db')
  synced.length = 0
  openAt(killed(dataDir))
  expect(synced.length).toBeGreaterThan(1)
})
