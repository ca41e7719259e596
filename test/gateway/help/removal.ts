import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { openEvidenceKey } from '../../../gateway/evidence-key.ts'
import { openSqliteJournal } from '../../../gateway/journal/sqlite.ts'
import { emptyGroup } from '../../../gateway/journal.ts'
import { sampleAt } from '../../help/drive.ts'
import { rowOf, startMs, telemetry } from './envelopes.ts'

/** Days of a journal that are let go, by a process that is killed on the way. */

const dayMs = 86_400_000
/** Those that go; the third is still written. */
export const days = ['2025-11-23', '2025-11-24']
export const nowMs = startMs + 2 * dayMs
const key = { fleet: 'f1', vehicle: 'v1', epoch: 7, stream: 'telemetry' } as const
const openAt = (dataDir: string, atMs: number) =>
  openSqliteJournal({ dataDir, zone: 'Asia/Shanghai', nowMs: () => atMs })

/** Three days of a journal, one envelope each. */
export async function threeDays(dataDir: string): Promise<void> {
  for (const day of [0, 1, 2]) {
    const journal = openAt(dataDir, startMs + day * dayMs)
    const row = rowOf(telemetry(day + 1, [sampleAt(startMs + day * dayMs)]))
    await journal.append({ ...emptyGroup, envelopes: [row] })
    await journal.close()
  }
  openEvidenceKey(dataDir)
}

/** True when it was killed there. */
export function killedRemover(dataDir: string, point: string): boolean {
  const program = join(import.meta.dirname, '../journal/kill-remover.ts')
  const env = { ...process.env, ROADWARDEN_KILL_AT: point }
  return spawnSync(process.execPath, [program, dataDir, String(nowMs)], { env }).signal === 'SIGKILL'
}

export async function letGo(dataDir: string): Promise<void> {
  const journal = openAt(dataDir, nowMs)
  journal.removePast('9999-12-31', () => true, openEvidenceKey(dataDir))
  await journal.close()
}

/** Whatever a crash left, the next gateway opens it, knows what was received, and finishes the removal. */
export async function troubleAfterRemoval(dataDir: string): Promise<string[]> {
  const has = (day: string, end: string): boolean => existsSync(join(dataDir, `journal-${day}.${end}`))
  const trouble: string[] = []
  // A day that is gone without its tombstone would look like a stolen one.
  for (const day of days)
    if (!has(day, 'db') && !has(day, 'tombstone.json')) trouble.push(`lost: ${day} without a tombstone`)
  const known = async (when: string): Promise<void> => {
    const journal = openAt(dataDir, nowMs)
    const { upto, ranges } = journal.state(key)
    await journal.close()
    if (upto !== 3 || ranges.length > 0) trouble.push(`lost: what was received, ${when}`)
  }
  await known('after the crash')
  await letGo(dataDir)
  await known('after the removal')
  for (const day of days)
    if (has(day, 'db') || !has(day, 'tombstone.json')) trouble.push(`${day} was not let go`)
  return trouble
}
