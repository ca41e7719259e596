import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openEvidenceKey } from '../../../gateway/evidence-key.ts'
import { openSqliteJournal } from '../../../gateway/journal/sqlite.ts'
import { emptyGroup } from '../../../gateway/journal.ts'
import { sampleAt } from '../../help/drive.ts'
import { rowOf, startMs, telemetry, tempFolder } from '../help/world.ts'

const dayMs = 86_400_000
const days = ['2025-11-23', '2025-11-24']
const key = { fleet: 'f1', vehicle: 'v1', epoch: 7, stream: 'telemetry' } as const
const openAt = (dataDir: string, nowMs: number) =>
  openSqliteJournal({ dataDir, zone: 'Asia/Shanghai', nowMs: () => nowMs })

/** Three days of a journal, one envelope each. */
async function threeDays(): Promise<string> {
  const dataDir = tempFolder()
  for (const day of [0, 1, 2]) {
    const journal = openAt(dataDir, startMs + day * dayMs)
    const row = rowOf(telemetry(day + 1, [sampleAt(startMs + day * dayMs)]))
    await journal.append({ ...emptyGroup, envelopes: [row] })
    await journal.close()
  }
  openEvidenceKey(dataDir)
  return dataDir
}

const has = (dataDir: string, day: string) => ({
  day: existsSync(join(dataDir, `journal-${day}.db`)),
  tombstone: existsSync(join(dataDir, `journal-${day}.tombstone.json`)),
})

/** Whatever a crash left, the next gateway opens it, knows what was received, and finishes the removal. */
async function goesOn(dataDir: string): Promise<void> {
  for (const day of days) {
    const left = has(dataDir, day)
    // A day that is gone without its tombstone would look like a stolen one.
    expect(left.day || left.tombstone, day).toBe(true)
  }
  const journal = openAt(dataDir, startMs + 2 * dayMs)
  expect(journal.state(key)).toEqual({ upto: 3, ranges: [] })
  journal.removePast('9999-12-31', () => true, openEvidenceKey(dataDir))
  expect(journal.state(key)).toEqual({ upto: 3, ranges: [] })
  await journal.close()
  for (const day of days) expect(has(dataDir, day)).toEqual({ day: false, tombstone: true })
}

it.each([
  'tombstone-written:1',
  'tombstone-written:2',
  'day-unlinked:1',
  'day-unlinked:2',
  'day-unlinked:4',
  'before-commit:1',
  'after-commit:1',
])(
  'a removal that is killed at %s leaves each day or its tombstone, and is finished by the next',
  async (point) => {
    const dataDir = await threeDays()
    const program = join(import.meta.dirname, 'kill-remover.ts')
    const env = { ...process.env, ROADWARDEN_KILL_AT: point }
    const { signal } = spawnSync(process.execPath, [program, dataDir, String(startMs + 2 * dayMs)], { env })
    expect(signal).toBe('SIGKILL')
    await goesOn(dataDir)
  },
)

it('a power cut that takes any of the last changes of the folder leaves each day or its tombstone', async () => {
  // The order of a removal: the tombstone's name is synced before the day's is taken off, so what a cut may undo is a
  // number of the last steps, each of which leaves one or the other.
  const before = await threeDays()
  const after = tempFolder()
  cpSync(before, after, { recursive: true })
  const journal = openAt(after, startMs + 2 * dayMs)
  journal.removePast('9999-12-31', () => true, openEvidenceKey(after))
  await journal.close()
  for (let unlinked = 0; unlinked <= days.length; unlinked++) {
    const image = tempFolder()
    cpSync(after, image, { recursive: true })
    // The days whose removal did not reach the disk are still there.
    for (const day of days.slice(unlinked))
      cpSync(join(before, `journal-${day}.db`), join(image, `journal-${day}.db`))
    // The last tombstone may be there without its day having been touched, or not yet.
    if (unlinked < days.length - 1) rmSync(join(image, `journal-${days.at(-1)}.tombstone.json`))
    expect(readdirSync(image).length).toBeGreaterThan(0)
    expect(readFileSync(join(image, `journal-${days[0]}.tombstone.json`), 'utf8')).toContain(
      '"is": "tombstone"',
    )
    await goesOn(image)
  }
})
