import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { openSqliteJournal } from '../../../gateway/journal/sqlite.ts'
import { emptyGroup } from '../../../gateway/journal.ts'
import { BadInput } from '../../../proto/problem.ts'
import { sampleAt } from '../../help/drive.ts'
import { rowOf, startMs, telemetry, tempFolder } from '../help/world.ts'

test('a day that was cut off on the disk is named when the gateway starts, wherever it was cut', async () => {
  const folder = tempFolder()
  const journal = openSqliteJournal({ dataDir: folder, zone: 'UTC', nowMs: () => startMs })
  for (let seq = 1; seq <= 40; seq++)
    await journal.append({
      ...emptyGroup,
      envelopes: [rowOf(telemetry(seq, [sampleAt(startMs + seq * 1000)]))],
    })
  await journal.close()
  const name = 'journal-2025-11-22.db'
  const whole = readFileSync(path.join(folder, name))
  let named = 0
  for (let pages = 1; pages < whole.length / 4096; pages++) {
    const torn = path.join(folder, `torn-${pages}`)
    mkdirSync(torn)
    writeFileSync(path.join(torn, name), whole.subarray(0, pages * 4096))
    try {
      await openSqliteJournal({ dataDir: torn, zone: 'UTC', nowMs: () => startMs }).close()
    } catch (error) {
      expect(error).toBeInstanceOf(BadInput)
      expect(String(error)).toContain(`${name}: cannot be opened`)
      named++
    }
  }
  expect(named).toBeGreaterThan(2)
})

test('an envelope that a flipped bit has altered on the disk is not read as what was sent', async () => {
  const folder = tempFolder()
  const journal = openSqliteJournal({ dataDir: folder, zone: 'UTC', nowMs: () => startMs })
  const sent = rowOf(telemetry(1, [sampleAt(startMs + 1000, { speedKmh: 60 })]))
  const altered = rowOf(telemetry(1, [sampleAt(startMs + 1000, { speedKmh: 61 })]))
  await journal.append({ ...emptyGroup, envelopes: [{ ...sent, bytes: altered.bytes }] })
  const key = { fleet: 'f1', vehicle: 'v1', epoch: 7, stream: 'telemetry' } as const
  await expect(journal.read(key, 1, 10)).rejects.toThrow('altered on the disk: f1/v1/7/telemetry/1')
  await journal.close()
})

/** A day with one envelope, closed in order, and what befell its file. */
async function spoiledDay(spoil: (bytes: Buffer, rootPage: number) => void): Promise<string> {
  const folder = tempFolder()
  const journal = openSqliteJournal({ dataDir: folder, zone: 'UTC', nowMs: () => startMs })
  await journal.append({ ...emptyGroup, envelopes: [rowOf(telemetry(1, [sampleAt(startMs + 1000)]))] })
  await journal.close()
  const file = path.join(folder, 'journal-2025-11-22.db')
  const db = new DatabaseSync(file, { readOnly: true })
  const row = db.prepare("SELECT rootpage FROM sqlite_master WHERE name = 'terminal_key'").get()
  db.close()
  const bytes = readFileSync(file)
  spoil(bytes, Number(row?.['rootpage']))
  writeFileSync(file, bytes)
  return folder
}

test.each<[string, (bytes: Buffer, rootPage: number) => void]>([
  [
    'a block of zeros where terminals are known by their keys',
    (bytes, page) => bytes.fill(0, (page - 1) * 4096, page * 4096),
  ],
  ['one flipped bit in the name of a column', (bytes) => bytes.write('uPto', bytes.indexOf('upto INTEGER'))],
])('a day with %s is named when the gateway starts', async (_, spoil) => {
  const dataDir = await spoiledDay(spoil)
  const open = () => openSqliteJournal({ dataDir, zone: 'UTC', nowMs: () => startMs })
  expect(open).toThrow('journal-2025-11-22.db: cannot be opened')
})
