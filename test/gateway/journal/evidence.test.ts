import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { openEvidenceKey } from '../../../gateway/evidence-key.ts'
import { openRegister } from '../../../gateway/journal/register.ts'
import { openSqliteJournal } from '../../../gateway/journal/sqlite.ts'
import { type Counts, type Note, type Trust, verifyDay } from '../../../gateway/journal/verify.ts'
import { emptyGroup } from '../../../gateway/journal.ts'
import { silentLog } from '../../../gateway/log.ts'
import { keepHouse } from '../../../gateway/upkeep.ts'
import { sha256 } from '../../../proto/canonical.ts'
import { encodeEnvelope } from '../../../proto/codec.ts'
import type { Alert } from '../../../proto/model.ts'
import { signatureOf } from '../../../proto/signature.ts'
import { chance } from '../../../sim/random.ts'
import { cruise } from '../../help/drive.ts'
import { bodiesOf, chainOf, newSigner, run, twoDays } from '../help/kept-days.ts'
import { alarm, rowOf, startMs, telemetry, tempFolder } from '../help/world.ts'

const dayMs = 86_400_000
const clean = { envelopes: 0, signed: 0, alerts: 0, sealed: false, uncompared: 0, vouchedBy: null }
const noTrust: Trust = { key: null, isOver: false, keysOf: () => [] }

function notesOf(file: string): { notes: Note[]; counts: Counts } {
  const counts: Counts = { ...clean }
  return { notes: [...verifyDay(file, counts, noTrust)], counts }
}
const badOf = (file: string): Note[] => notesOf(file).notes.filter(({ is }) => is === 'bad')

describe('a signature on an envelope', () => {
  test('is the last field of it, and the bytes are still the same envelope', () => {
    const [row] = chainOf(bodiesOf(1), newSigner())
    const signed = signatureOf(row!.bytes)
    expect(signed?.over.length).toBe(row!.bytes.length - 67)
    expect(signatureOf(encodeEnvelope(row!.envelope))).toBeNull()
    expect(signatureOf(new Uint8Array(3))).toBeNull()
  })
})

describe('verify', () => {
  test('finds nothing in a day as it was written, sealed or not', async () => {
    const { file, journal, dataDir } = await twoDays()
    expect(notesOf(file)).toEqual({
      notes: [],
      counts: { ...clean, envelopes: 300, signed: 150, alerts: 2 },
    })
    const key = openEvidenceKey(dataDir)
    expect(await journal.sealPast(key)).toEqual(['2025-11-22'])
    expect(await journal.sealPast(openEvidenceKey(dataDir))).toEqual([])
    expect(notesOf(file)).toEqual({
      notes: [],
      counts: { ...clean, envelopes: 300, signed: 150, alerts: 2, sealed: true, vouchedBy: key.publicKey },
    })
    await journal.close()
  })

  test('misses none of many changes to a sealed day, and names the record of each', async () => {
    const { file, journal, dataDir } = await twoDays()
    await journal.sealPast(openEvidenceKey(dataDir))
    await journal.close()
    let drawn = 0
    const random = (): number => chance(7, 'mutations', drawn++)
    const pick = (count: number): number => Math.floor(random() * count) + 1
    const copy = path.join(dataDir, 'copy.db')
    const changes: readonly (readonly [string, (db: DatabaseSync, row: number) => void])[] = [
      ['flip', flipBit(random)],
      ['delete', (db, row) => db.prepare('DELETE FROM envelope WHERE rowid = ?').run(row)],
      ['truncate', (db, row) => db.prepare('DELETE FROM envelope WHERE rowid >= ?').run(row)],
      ['hash', (db, row) => db.prepare('UPDATE envelope SET hash = zeroblob(32) WHERE rowid = ?').run(row)],
      [
        'time',
        (db, row) => db.prepare('UPDATE envelope SET received_at = received_at + 1 WHERE rowid = ?').run(row),
      ],
      ['swap', swap],
      ['forge', forge],
      [
        'alert',
        (db) => db.exec(`UPDATE alert SET json = replace(json, '"major"', '"minor"') WHERE cursor = 1`),
      ],
      ['alert gone', (db) => db.exec('DELETE FROM alert WHERE cursor = 2')],
      ['seal', (db) => db.exec(`UPDATE seal SET json = replace(json, '"rows":2', '"rows":1')`)],
    ]
    const runs = Number(process.env['ROADWARDEN_MUTATIONS'] ?? 60)
    for (let n = 0; n < runs; n++) {
      const [name, change] = changes[n % changes.length]!
      const row = pick(300)
      copyFileSync(file, copy)
      const db = new DatabaseSync(copy)
      db.exec('PRAGMA synchronous = OFF')
      change(db, row)
      db.close()
      expect(badOf(copy).length, `${name} of row ${row}`).toBeGreaterThan(0)
    }
  })

  test('names the envelope whose bytes, place or predecessor is another, sealed or not', async () => {
    const { file, journal } = await twoDays()
    await journal.close()
    const change = (sql: string): Note | undefined => {
      const copy = `${file}.copy`
      copyFileSync(file, copy)
      const db = new DatabaseSync(copy)
      db.exec(sql)
      db.close()
      return badOf(copy)[0]
    }
    expect(change('UPDATE envelope SET bytes = zeroblob(80) WHERE rowid = 17')).toMatchObject({
      record: 'f1/v1 epoch 7 telemetry seq 17',
      why: expect.stringContaining('not those that were journaled'),
    })
    expect(change('UPDATE envelope SET stream = 2, seq = 900 WHERE rowid = 40')).toMatchObject({
      record: 'f1/v2 epoch 7 telemetry seq 900',
      why: expect.stringContaining('key of another'),
    })
  })

  test('passes over what a gap record covers, by name, and over a tombstone', async () => {
    const dataDir = tempFolder()
    const journal = openSqliteJournal({ dataDir, zone: 'UTC', nowMs: () => startMs })
    const gap = {
      ...{ class: 'positions', firstSeq: 3, lastSeq: 5, count: 3, fromMs: startMs, toMs: startMs },
      ...{ reason: 'outbox full', firstHash: new Uint8Array(32), lastHash: new Uint8Array(32) },
    }
    const rows = chainOf([...bodiesOf(9), { is: 'gap', gap }], newSigner())
    await journal.append({
      ...emptyGroup,
      envelopes: rows.filter(({ envelope: { seq } }) => seq < 3 || seq > 5),
    })
    expect(await journal.gapsAfter(0, 10, null)).toMatchObject([
      { is: 'evicted', firstSeq: 3, lastSeq: 5, cursor: 1 },
    ])
    await journal.close()
    expect(notesOf(path.join(dataDir, 'journal-2025-11-22.db')).notes).toEqual([
      { is: 'gap', record: 'f1/v1/7/telemetry seq 3 to 5', why: 'under a gap record of the terminal' },
    ])
  })
})

const flipBit = (random: () => number) => (db: DatabaseSync, row: number) => {
  const bytes = Buffer.from(
    db.prepare('SELECT bytes FROM envelope WHERE rowid = ?').get(row)!['bytes'] as Uint8Array,
  )
  const at = Math.floor(random() * bytes.length)
  bytes[at] = bytes[at]! ^ (1 << Math.floor(random() * 8))
  db.prepare('UPDATE envelope SET bytes = ? WHERE rowid = ?').run(bytes, row)
}

/** Two rows trade places, each whole in itself. */
function swap(db: DatabaseSync, row: number): void {
  const other = (row % 300) + 1
  db.prepare('UPDATE envelope SET seq = -1 WHERE rowid = ?').run(row)
  const at = (rowid: number) => db.prepare('SELECT bytes, hash FROM envelope WHERE rowid = ?').get(rowid)!
  const [a, b] = [at(row), at(other)]
  const put = db.prepare('UPDATE envelope SET bytes = ?, hash = ? WHERE rowid = ?')
  put.run(b['bytes'] as Uint8Array, b['hash'] as Uint8Array, row)
  put.run(a['bytes'] as Uint8Array, a['hash'] as Uint8Array, other)
}

/** Another envelope with a hash that fits it. */
function forge(db: DatabaseSync, row: number): void {
  const bytes = encodeEnvelope(telemetry(row, cruise(startMs, startMs + 1000, { speedKmh: 1 })))
  db.prepare('UPDATE envelope SET bytes = ?, hash = ? WHERE rowid = ?').run(bytes, sha256(bytes), row)
}

describe('retention', () => {
  const keepDays = { positions: 200, handling: 1100 }
  test('lets a day go when it is old and every alert of it is handled; a signed tombstone stays', async () => {
    const { dataDir, journal, file, later, clock } = await twoDays()
    const house = keepHouse({ dataDir, zone: 'UTC', keepDays }, journal, clock.nowMs, silentLog)
    later(199 * dayMs)
    await house.now()
    expect(existsSync(file)).toBe(true)
    later(2 * dayMs)
    await house.now()
    expect(existsSync(file), 'nobody has dealt with its alerts').toBe(true)
    const register = openRegister(dataDir)
    const did = (alert: Alert, action: string) =>
      register.note({ alert, atMs: clock.nowMs(), by: 'li', action, words: 'called the driver' })
    const [one, two] = await journal.alertsAfter(0, 10, null)
    did(one!, 'falseAlarm')
    await house.now()
    expect(existsSync(file), 'one is left').toBe(true)
    for (const action of ['warned', 'acknowledge', 'assign', 'rectify', 'verify']) did(two!, action)
    await house.now()
    expect(existsSync(file), 'touched is not handled').toBe(true)
    did(two!, 'close')
    await house.now()
    expect(existsSync(file)).toBe(false)
    const settled = one!.id
    expect(register.of(settled)).toMatchObject([{ by: 'li', alert: { id: settled } }])
    later(1101 * dayMs)
    await house.now()
    expect(register.of(settled)).toEqual([])
    register.close()
    house.stop()
    const tomb = path.join(dataDir, 'journal-2025-11-22.tombstone.json')
    expect(JSON.parse(readFileSync(tomb, 'utf8'))).toMatchObject({
      rows: { envelope: 300, alert: 2 },
      day: '2025-11-22',
    })
    expect(run('gateway/verify.ts', [tomb])).toMatchObject({ status: 0, last: { gaps: 1, bad: 0 } })
    writeFileSync(tomb, readFileSync(tomb, 'utf8').replace('"envelope": 300', '"envelope": 3'))
    expect(run('gateway/verify.ts', [tomb]).status).toBe(1)
    await journal.close()
  })

  test('an alert that late data took back holds no day, unless somebody was at work on it', async () => {
    const { dataDir, journal, file, later, clock } = await twoDays()
    const withdrawn = (await journal.alertsAfter(0, 2, null)).map(({ cursor: _cursor, ...alert }) => ({
      ...alert,
      revision: 2,
      withdrawn: true,
    }))
    await journal.append({ ...emptyGroup, alerts: withdrawn })
    const house = keepHouse({ dataDir, zone: 'UTC', keepDays }, journal, clock.nowMs, silentLog)
    const register = openRegister(dataDir)
    const did = (action: string) =>
      register.note({
        alert: { ...withdrawn[0]!, cursor: 1 },
        atMs: clock.nowMs(),
        by: 'li',
        action,
        words: 'x',
      })
    did('acknowledge')
    later(201 * dayMs)
    await house.now()
    expect(existsSync(file)).toBe(true)
    did('falseAlarm')
    await house.now()
    expect(existsSync(file)).toBe(false)
    house.stop()
    register.close()
    await journal.close()
  })

  test('what a day that went knew of streams and keys is not forgotten', async () => {
    const { dataDir, journal, later, clock, rows } = await twoDays([])
    later(300 * dayMs)
    const house = keepHouse({ dataDir, zone: 'UTC', keepDays }, journal, clock.nowMs, silentLog)
    await journal.append({ ...emptyGroup, envelopes: [rowOf(alarm(2, {}, null, { vehicle: 'v3' }))] })
    await house.now()
    house.stop()
    await journal.close()
    expect(readdirSync(dataDir).filter((name) => name.endsWith('2025-11-22.db'))).toEqual([])
    const again = openSqliteJournal({ dataDir, zone: 'UTC', nowMs: clock.nowMs })
    expect(again.state(rows[0]!.envelope)).toEqual({ upto: 150, ranges: [] })
    expect(again.keysOf('f1', 'v1')).toHaveLength(1)
    await again.close()
  })
})

describe('export', () => {
  test('writes a file that verifies, and does not once a byte of it is changed', async () => {
    const { dataDir, journal } = await twoDays()
    await journal.sealPast(openEvidenceKey(dataDir))
    await journal.close()
    const config = path.join(dataDir, 'gateway.json')
    writeFileSync(config, JSON.stringify({ dataDir: '.', vehicles: '.', auth: 'loopback' }))
    const out = path.join(dataDir, 'evidence.json')
    const exported = execFileSync(
      process.execPath,
      ['gateway/main.ts', 'export', 'a-1', '--out', out, config],
      { encoding: 'utf8' },
    )
    expect(JSON.parse(exported)).toMatchObject({ kind: 'exported', alert: 'a-1', revisions: 1 })
    const good = run('gateway/verify.ts', [out])
    expect(good).toMatchObject({ status: 0, last: { bad: 0, alerts: 1, sealed: true } })
    expect(good.last['envelopes']).toBeGreaterThan(100)
    const text = readFileSync(out, 'utf8')
    writeFileSync(out, text.replace('"severity": "major"', '"severity": "minor"'))
    expect(run('gateway/verify.ts', [out])).toMatchObject({ status: 1 })
    expect(run('gateway/verify.ts', [path.join(dataDir, 'nothing')])).toMatchObject({ status: 2 })
    expect(run('gateway/verify.ts', [config])).toMatchObject({ status: 1 })
    const missing = run('gateway/main.ts', ['export', 'no-such', '--out', out, config])
    expect([missing.status, missing.all.trim().split('\n').length]).toEqual([2, 1])
  })
})
