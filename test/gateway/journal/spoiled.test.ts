import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openRegister } from '../../../gateway/journal/register.ts'
import { spoiledFile } from '../../../gateway/journal/spoiled.ts'
import { openSqliteJournal } from '../../../gateway/journal/sqlite.ts'
import { emptyGroup } from '../../../gateway/journal.ts'
import { writeJson } from '../../../sim/configs.ts'
import { sampleAt } from '../../help/drive.ts'
import { alarm, rowOf, startMs, telemetry, tempFolder } from '../help/world.ts'

const day = 'journal-2025-11-23.db'

/** A data folder after a day's work, closed in order. */
async function folderWith(): Promise<string> {
  const dataDir = tempFolder()
  const journal = openSqliteJournal({ dataDir, zone: 'Asia/Shanghai', nowMs: () => startMs })
  for (let seq = 1; seq <= 200; seq++)
    await journal.append({
      ...emptyGroup,
      envelopes: [
        rowOf(telemetry(seq, [sampleAt(startMs + seq * 1000, { speedKmh: 60 })])),
        rowOf(alarm(seq, { evidence: { pad: 'x'.repeat(300) } }, null)),
      ],
      snapshots: [{ fleet: 'f1', vehicle: 'v1', state: { settled: { pad: 'y'.repeat(200) } } }],
    })
  await journal.close()
  openRegister(dataDir).close()
  return dataDir
}

/** What happens to cards: a block of zeros, a block of something else, half the file gone, junk from the start. */
const spoils: { readonly [how: string]: (bytes: Buffer) => Buffer } = {
  'a block of zeros in the middle': (bytes) => Buffer.from(bytes).fill(0, 40_960, 45_056),
  'a block that belongs elsewhere': (bytes) =>
    Buffer.from(bytes).fill(bytes.subarray(8192, 12_288), 61_440, 65_536),
  'half of it gone': (bytes) => bytes.subarray(0, bytes.length >> 1),
  'junk from the start': (bytes) => Buffer.alloc(bytes.length, 'junk'),
  'flipped bits in an envelope': (bytes) => flipped(bytes, bytes.indexOf('xxxxxxxxxx', 80_000)),
}

function flipped(bytes: Buffer, at: number): Buffer {
  const spoiled = Buffer.from(bytes)
  for (let n = 0; n < 20; n++) spoiled[at + n] = spoiled[at + n]! ^ 1
  return spoiled
}

describe('a spoiled file of a gateway', () => {
  it('is not found where all are sound', async () => {
    expect(spoiledFile(await folderWith())).toBeNull()
    expect(spoiledFile('/nowhere/at/all')).toBeNull()
  })

  it.each(Object.keys(spoils))('is named with its remedy: %s', async (how) => {
    const dataDir = await folderWith()
    const file = join(dataDir, day)
    const spoiled = spoils[how]!(readFileSync(file))
    writeFileSync(file, spoiled)
    const told = spoiledFile(dataDir)?.message
    expect(told).toContain(`${file}: damaged (`)
    expect(told).toMatch(/; restore it from a copy, or move it away/)
    expect(told).not.toContain('\n')
    // Looking takes nothing away: what is left is evidence.
    expect(readFileSync(file).equals(spoiled)).toBe(true)
  })
})

describe('a gateway started on a spoiled file', () => {
  const root = resolve(import.meta.dirname, '../../..')
  function start(dataDir: string): { status: number | null; lines: string[] } {
    mkdirSync(join(dataDir, 'vehicles'))
    const config = join(dataDir, 'gateway.json')
    const at = { host: '127.0.0.1', port: 0 }
    const doors = { ingest: at, alerts: at, http: at, auth: 'loopback' }
    writeJson(config, {
      dataDir,
      zone: 'Asia/Shanghai',
      ...doors,
      vehicles: join(dataDir, 'vehicles'),
      areas: [],
    })
    const run = spawnSync(process.execPath, [join(root, 'gateway/main.ts'), config], {
      encoding: 'utf8',
      timeout: 120_000,
    })
    return { status: run.status, lines: run.stderr.trim().split('\n') }
  }

  it.each([
    [day, 'junk from the start'],
    [day, 'half of it gone'],
    ['register.db', 'junk from the start'],
    ['lock.db', 'junk from the start'],
  ] as const)('ends with one line and exit 2: %s, %s', async (name, how) => {
    const dataDir = await folderWith()
    const file = join(dataDir, name)
    const spoiled = name === 'lock.db' ? Buffer.alloc(4096, 'junk') : spoils[how]!(readFileSync(file))
    writeFileSync(file, spoiled)
    const { status, lines } = start(dataDir)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain(`${file}: `)
    expect(lines[0]).toMatch(/restore it from a copy|remove it/)
    expect(status).toBe(2)
    expect(readFileSync(file).equals(spoiled)).toBe(true)
  })
})
