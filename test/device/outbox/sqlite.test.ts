import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { OutboxOptions, Sealed } from '../../../device/outbox/outbox.ts'
import { openSqliteOutbox } from '../../../device/outbox/sqlite.ts'
import { checkpointAt, coach, outboxContract } from '../../contract/outbox.ts'
import { cruise } from '../../help/drive.ts'
import { alarm, chainProblem, noon, opened, seal } from '../../help/envelopes.ts'

const tempFolder = (): string => mkdtempSync(join(tmpdir(), 'outbox-'))

outboxContract(
  'sqlite outbox',
  () => {
    const folder = tempFolder()
    return {
      open: (options = {}) => openSqliteOutbox(folder, { ...coach, ...options }, () => noon),
      dispose: () => rmSync(folder, { recursive: true }),
    }
  },
  5,
)

describe('sqlite outbox: what only a disk can do', () => {
  let folder: string
  const file = () => join(folder, 'outbox.db')
  const open = (options: Partial<OutboxOptions> = {}) =>
    openSqliteOutbox(folder, { ...coach, ...options }, () => noon)
  beforeEach(() => {
    folder = tempFolder()
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  /** An outbox with this many alarms, closed; its epoch. */
  function filled(alarms: number): number {
    const outbox = open()
    for (let i = 0; i < alarms; i++) outbox.append([alarm(noon + i)], checkpointAt(noon), seal)
    outbox.close()
    return outbox.epoch
  }

  it('begins a new epoch and says so when the file is gone', () => {
    const previousEpoch = filled(1)
    for (const name of readdirSync(folder)) if (name.startsWith('outbox.db')) rmSync(join(folder, name))
    const outbox = open()
    expect(outbox.reset).toEqual({ reason: 'missing', previousEpoch, setAside: null })
    expect(outbox.epoch).not.toBe(previousEpoch)
    expect(outbox.take('alarm', 0, 9)).toEqual([])
    outbox.close()
    const again = open()
    expect(again.reset).toBeNull()
    again.close()
  })

  it('sets a file aside that is not a database, whole, and goes on', () => {
    const previousEpoch = filled(1)
    writeFileSync(file(), 'not a database, but sixteen bytes and more of something else')
    const outbox = open()
    expect(outbox.reset).toEqual({
      reason: 'damaged',
      previousEpoch,
      setAside: 'outbox.db.set-aside-2026-11-22T04-00-00-000Z',
    })
    outbox.append([alarm(noon)], checkpointAt(noon), seal)
    expect(outbox.lastSeq('alarm')).toBe(1)
    outbox.close()
    expect(readFileSync(join(folder, outbox.reset!.setAside!), 'utf8')).toMatch(/^not a database/)
  })

  it('sets a file aside whose pages are torn', () => {
    filled(200)
    const bytes = readFileSync(file())
    bytes.fill(0x5a, 4096 + 8, 4096 * 6)
    writeFileSync(file(), bytes)
    const outbox = open()
    expect(outbox.reset).toMatchObject({ reason: 'damaged' })
    outbox.close()
  })

  it('starts anew for another vehicle: the rows inside belong to the first one', () => {
    const previousEpoch = filled(1)
    const outbox = open({ vehicle: 'coach-2' })
    expect(outbox.reset).toMatchObject({ reason: 'other-vehicle', previousEpoch })
    expect(outbox.take('alarm', 0, 9)).toEqual([])
    outbox.close()
  })

  it('keeps a good file when another terminal has it open, and says that it is in use', () => {
    const outbox = open()
    expect(() => open()).toThrow(/locked/)
    outbox.append([alarm(noon)], checkpointAt(noon), seal)
    expect(readdirSync(folder).filter((name) => name.includes('set-aside'))).toEqual([])
    outbox.close()
  })

  it('replaces an envelope with a flipped bit by a gap record, and keeps all others', () => {
    filled(9)
    const db = new DatabaseSync(file())
    for (const seq of [4, 5]) {
      const bytes = db.prepare('SELECT bytes FROM alarm WHERE seq = ?').get(seq)?.['bytes'] as Uint8Array
      bytes[40] = bytes[40]! ^ 4
      db.prepare('UPDATE alarm SET bytes = ? WHERE seq = ?').run(bytes, seq)
    }
    db.close()
    const outbox = open()
    expect(outbox.take('alarm', 0, 99).map(({ seq }) => seq)).toEqual([1, 2, 3, 6, 7, 8, 9])
    outbox.append([], checkpointAt(noon), seal)
    const rows = outbox.take('alarm', 0, 99)
    expect(chainProblem(rows, 10)).toBeNull()
    expect(opened(rows.at(-1)!.bytes).body).toMatchObject({
      gap: { class: 'alarm', firstSeq: 4, lastSeq: 5, count: 2, reason: 'damaged' },
    })
    outbox.close()
  })

  it('costs a start nothing when the checkpoint or a pending Sample is damaged', () => {
    const outbox = open()
    outbox.append([alarm(noon)], checkpointAt(noon), seal)
    outbox.pend(cruise(noon, noon + 2000))
    outbox.close()
    const db = new DatabaseSync(file())
    db.exec(`UPDATE meta SET checkpoint = '{"atMs":'; UPDATE pending SET sample = 'x' WHERE id = 1`)
    db.close()
    const again = open()
    expect(again.restore()).toMatchObject({ checkpoint: null, samples: [{ atMs: noon + 1000 }] })
    again.close()
  })

  it('tells its witness of every envelope before the commit and after it, gap records too', () => {
    const told: string[] = []
    const tell = (is: string) => (sealed: readonly Sealed[]) => {
      for (const { stream, seq } of sealed) told.push(`${is} ${stream} ${seq}`)
    }
    const outbox = open({ witness: { intended: tell('intended'), durable: tell('durable') } })
    outbox.append([alarm(noon), alarm(noon)], checkpointAt(noon), seal)
    outbox.sync()
    expect(told).toEqual(['intended alarm 1', 'intended alarm 2', 'durable alarm 1', 'durable alarm 2'])
    outbox.close()
  })

  it('is as it was before when a transaction fails, and goes on when the cause is gone', () => {
    let failing = false
    const witness = {
      intended: () => {
        if (failing) throw new Error('ENOSPC: no space left on device')
      },
      durable: () => {},
    }
    const outbox = open({ witness })
    outbox.append([alarm(noon)], checkpointAt(noon), seal)
    outbox.pend(cruise(noon, noon + 5000))
    const before = outbox.stats()
    failing = true
    expect(() => outbox.append([alarm(noon)], checkpointAt(noon + 1), seal)).toThrow(/ENOSPC/)
    expect(() => outbox.sealPending(checkpointAt(noon + 1), seal)).toThrow(/ENOSPC/)
    expect(outbox.stats()).toEqual(before)
    expect(outbox.lastSeq('alarm')).toBe(1)
    failing = false
    expect(outbox.append([alarm(noon)], checkpointAt(noon), seal).sealed[0]?.seq).toBe(2)
    expect(outbox.sealPending(checkpointAt(noon), seal)).toHaveLength(1)
    expect(chainProblem(outbox.take('alarm', 0, 9), 2)).toBeNull()
    outbox.close()
  })
})
