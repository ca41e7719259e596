import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CabDiary } from '../../../device/cab/diary.ts'
import { silentLog } from '../../../device/log.ts'
import { eventually } from '../../help/external.ts'
import { startMs } from '../../help/seconds.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'diary-'))
})
afterEach(() => rmSync(folder, { recursive: true }))
const entry = (s: number) => ({
  atMs: startMs + s * 1000,
  kind: 'speeding',
  sound: 'warning',
  zh: '超速',
  en: 'speeding',
  outcome: 'said' as const,
})

describe('the diary of the cab', () => {
  it('is there again after a restart, in order, without what a power cut tore', () => {
    const file = join(folder, 'cab.ndjson')
    const first = new CabDiary(file, silentLog)
    first.note(entry(0))
    first.flush()
    appendFileSync(file, '{"at":"2026-')
    appendFileSync(file, '\n')
    const again = new CabDiary(file, silentLog)
    again.note(entry(1))
    expect(again.read()).toEqual([
      {
        at: '2026-11-23T02:00:00.000Z',
        kind: 'speeding',
        sound: 'warning',
        zh: '超速',
        en: 'speeding',
        outcome: 'said',
      },
      expect.objectContaining({ at: '2026-11-23T02:00:01.000Z' }),
    ])
  })

  it('is bounded', () => {
    const diary = new CabDiary(join(folder, 'cab.ndjson'), silentLog, 2000)
    for (let s = 0; s < 100; s++) {
      diary.note(entry(s))
      diary.flush()
    }
    const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
    expect(bytes).toBeLessThanOrEqual(4000)
    expect(diary.read().at(-1)).toMatchObject({ at: '2026-11-23T02:01:39.000Z' })
  })

  it('a disk that refuses is said and not thrown', () => {
    const diary = new CabDiary(join(folder, 'no/such/cab.ndjson'), silentLog)
    diary.note(entry(0))
    expect(() => diary.flush()).not.toThrow()
  })

  it('is on the disk a moment later, without being asked, what was said together in one write', async () => {
    const file = join(folder, 'cab.ndjson')
    const diary = new CabDiary(file, silentLog)
    diary.note(entry(0))
    diary.note(entry(1))
    expect(existsSync(file)).toBe(false)
    await eventually('the diary is written', () => existsSync(file) && statSync(file).size > 0)
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(2)
  })
})
