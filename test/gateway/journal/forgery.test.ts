import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { evidenceOf } from '../../../gateway/evidence.ts'
import { openEvidenceKey, vouched } from '../../../gateway/evidence-key.ts'
import { sealOf } from '../../../gateway/journal/seal.ts'
import { openSqliteJournal } from '../../../gateway/journal/sqlite.ts'
import { emptyGroup } from '../../../gateway/journal.ts'
import { silentLog } from '../../../gateway/log.ts'
import { keepHouse } from '../../../gateway/upkeep.ts'
import { bodiesOf, chainOf, newSigner, run, twoDays } from '../help/kept-days.ts'
import { alarm, rowOf, startMs, tempFolder } from '../help/world.ts'

/** Whoever has the file can alter it and sign it anew: what he does not have is the gateway's key. */

async function sealedDay() {
  const { dataDir, journal, file } = await twoDays()
  const key = openEvidenceKey(dataDir)
  await journal.sealPast(key)
  await journal.close()
  return { dataDir, file, key }
}

const strangersKey = () => openEvidenceKey(tempFolder())

function alter(file: string, sql: string): void {
  const db = new DatabaseSync(file)
  db.exec(sql)
  db.close()
}
const lighter = `UPDATE alert SET json = replace(json, '"major"', '"minor"') WHERE cursor = 1`

async function sealAnew(file: string): Promise<void> {
  const db = new DatabaseSync(file)
  const seal = await sealOf(db, strangersKey(), new Date(startMs).toISOString())
  db.prepare('UPDATE seal SET json = ?').run(JSON.stringify(seal))
  db.close()
}

/** As it goes to a court: one file, and nothing beside it. */
function alone(file: string): string {
  const copy = path.join(tempFolder(), path.basename(file))
  copyFileSync(file, copy)
  return copy
}

const verify = (file: string, ...more: string[]) => run('gateway/verify.ts', [file, ...more])

describe('a sealed day', () => {
  test('names the key it was compared with: the one beside it, the one that is named, or its own', async () => {
    const { file, key, dataDir } = await sealedDay()
    const own = { key: key.publicKey, bad: 0, sealed: true, signaturesWithoutRecordedKey: 0 }
    expect(verify(file)).toMatchObject({
      status: 0,
      last: { ...own, keyTrusted: 'evidence-key.pem beside the file' },
    })
    const copy = alone(file)
    expect(verify(copy)).toMatchObject({ status: 0, last: { ...own, keyTrusted: 'from the file itself' } })
    const inHex = path.join(tempFolder(), 'key.txt')
    writeFileSync(inHex, `${key.publicKey.toUpperCase()}\n`)
    for (const named of [key.publicKey, path.join(dataDir, 'evidence-key.pem'), inHex])
      expect(verify(copy, '--key', named)).toMatchObject({
        status: 0,
        last: { ...own, keyTrusted: 'as named with --key' },
      })
    for (const wrong of [['--key', 'abc'], ['--key', file], ['--key'], ['--key', ''], ['--keys', 'x']])
      expect(verify(copy, ...wrong).status, wrong.join(' ')).toBe(2)
  })

  test('an alert of which was edited, and whose seal was taken off, is bad for want of a seal', async () => {
    const { file, key } = await sealedDay()
    alter(file, `${lighter}; DELETE FROM seal`)
    const found = verify(file)
    expect(found).toMatchObject({ status: 1, last: { sealed: false, bad: 1, key: key.publicKey } })
    expect(found.all).toContain(
      '"record":"the seal of the day","why":"is not there, although the day is over"',
    )
    // Alone on a stick nothing shows that a later day was begun: it says that nobody vouches, or is asked for the key.
    const copy = alone(file)
    expect(verify(copy)).toMatchObject({
      status: 0,
      last: { key: null, keyTrusted: 'none: nobody has signed it' },
    })
    expect(verify(copy, '--key', key.publicKey)).toMatchObject({ status: 1, last: { bad: 1 } })
  })

  test('an alert of which was edited, and which was sealed anew by a stranger, is bad', async () => {
    const { file, key } = await sealedDay()
    alter(file, lighter)
    await sealAnew(file)
    const found = verify(file)
    expect(found).toMatchObject({ status: 1, last: { sealed: true, bad: 1 } })
    expect(found.all).toContain('not by the trusted one')
    const copy = alone(file)
    expect(verify(copy, '--key', key.publicKey).status).toBe(1)
    // Nothing to compare with: it says that it took the file's own word, and whose.
    const itself = verify(copy)
    expect(itself).toMatchObject({ status: 0, last: { keyTrusted: 'from the file itself' } })
    expect(itself.last['key']).not.toBe(key.publicKey)
  })

  test('the newest day is not sealed yet, and that is in order', async () => {
    const { dataDir } = await sealedDay()
    const newest = path.join(dataDir, 'journal-2025-11-23.db')
    expect(verify(newest)).toMatchObject({ status: 0, last: { sealed: false, bad: 0 } })
  })
})

test('a day is sealed when the next one begins, not an hour later', async () => {
  const dataDir = tempFolder()
  let nowMs = startMs
  const journal = openSqliteJournal({ dataDir, zone: 'UTC', nowMs: () => nowMs })
  const keepDays = { positions: 200, handling: 1100 }
  const sealed: unknown[] = []
  const log = { ...silentLog, info: (what: string, of?: object) => void sealed.push([what, of]) }
  const house = keepHouse({ dataDir, zone: 'UTC', keepDays }, journal, () => nowMs, log)
  const row = (seq: number) => rowOf(alarm(seq, {}, null))
  await journal.append({ ...emptyGroup, envelopes: [row(1)] })
  nowMs += 86_400_000
  await journal.append({ ...emptyGroup, envelopes: [row(2)] })
  // Whatever was begun is waited for; `stop` begins nothing.
  await new Promise((resolve) => setImmediate(resolve))
  house.stop()
  await journal.close()
  expect(sealed).toEqual([['day-sealed', { day: '2025-11-22' }]])
})

describe('exported evidence', () => {
  type File = NonNullable<ReturnType<typeof evidenceOf>>
  const forged = (evidence: File, change: (file: File) => Partial<File>): File => {
    const { key: _key, signature: _signature, ...honest } = evidence
    return vouched({ ...honest, ...change(evidence) }, strangersKey())
  }
  const written = (folder: string, value: object): string => {
    const file = path.join(folder, 'evidence.json')
    writeFileSync(file, JSON.stringify(value))
    return file
  }

  test('that a stranger altered, shortened and signed is bad beside the key, with the key, and by its own seals', async () => {
    const { dataDir, key } = await sealedDay()
    const evidence = evidenceOf(dataDir, 'a-1')!
    const elsewhere = tempFolder()
    expect(verify(written(elsewhere, evidence), '--key', key.publicKey)).toMatchObject({
      status: 0,
      last: { key: key.publicKey, bad: 0, sealed: true },
    })
    const fewer = forged(evidence, ({ streams }) => ({
      streams: streams.map((one) => ({ ...one, envelopes: one.envelopes.slice(0, 3) })),
    }))
    const unsealed = forged(evidence, ({ alert }) => ({
      alert: { ...alert, revisions: alert.revisions.map((one) => ({ ...one, severity: 'minor' as const })) },
      seals: [],
    }))
    for (const lie of [fewer, unsealed]) {
      expect(verify(written(dataDir, lie)).all).toContain('not by the trusted one')
      expect(verify(written(dataDir, lie))).toMatchObject({ status: 1, last: { sealed: false } })
      expect(verify(written(elsewhere, lie), '--key', key.publicKey).status).toBe(1)
    }
    // Without any key the seals that came with it still name the gateway that wrote them.
    expect(verify(written(elsewhere, fewer)).all).toContain('is by another key')
    expect(verify(written(elsewhere, unsealed))).toMatchObject({
      status: 0,
      last: { keyTrusted: 'from the file itself', key: unsealed.key },
    })
  })

  test('with envelopes signed by another key than the recorded one of the terminal names each of them', async () => {
    const { dataDir } = await sealedDay()
    const key = openEvidenceKey(dataDir)
    const { key: _key, signature: _signature, ...evidence } = evidenceOf(dataDir, 'a-1')!
    const recorded = Buffer.from(newSigner().publicKey).toString('hex')
    const found = verify(written(dataDir, vouched({ ...evidence, terminalKeys: [recorded] }, key)))
    expect(found.status).toBe(1)
    expect(found.last['bad']).toBe(found.last['signed'])
    expect(found.last['bad']).toBeGreaterThan(100)
  })

  test('that is not what it says it is made of is bad, not the end of the program', async () => {
    const broken = written(tempFolder(), { is: 'evidence', key: 1 })
    expect(verify(broken)).toMatchObject({ status: 1, last: { kind: 'summary', bad: 1 } })
  })
})

test('a tombstone by a stranger is bad', async () => {
  const dataDir = tempFolder()
  const key = openEvidenceKey(dataDir)
  const stone = { is: 'tombstone', day: '2025-11-22', removedAt: '', sha256: '', rows: {}, heads: [] }
  const file = path.join(dataDir, 'journal-2025-11-22.tombstone.json')
  writeFileSync(file, JSON.stringify(vouched(stone, key)))
  expect(verify(file)).toMatchObject({ status: 0, last: { gaps: 1, key: key.publicKey } })
  writeFileSync(file, JSON.stringify(vouched(stone, strangersKey())))
  expect(verify(file)).toMatchObject({ status: 1, last: { bad: 1 } })
})

describe('envelopes of a day that is not sealed', () => {
  async function dayBy(
    signer: ReturnType<typeof newSigner>,
    recorded: Uint8Array | null,
    dataDir = tempFolder(),
  ) {
    const journal = openSqliteJournal({ dataDir, zone: 'UTC', nowMs: () => startMs })
    const keys = recorded === null ? [] : [{ fleet: 'f1', vehicle: 'v1', key: recorded }]
    await journal.append({ ...emptyGroup, envelopes: chainOf(bodiesOf(4), signer), keys })
    await journal.close()
    return path.join(dataDir, 'journal-2025-11-22.db')
  }

  test('that are signed with another key than the recorded one of their terminal are bad, each by name', async () => {
    const [signer, stranger] = [newSigner(), newSigner()]
    expect(verify(await dayBy(signer, signer.publicKey))).toMatchObject({ status: 0, last: { signed: 4 } })
    const found = verify(await dayBy(stranger, signer.publicKey))
    expect(found).toMatchObject({ status: 1, last: { signed: 4, bad: 4, signaturesWithoutRecordedKey: 0 } })
    expect(found.all).toContain('"record":"f1/v1 epoch 7 telemetry seq 3","why":"is signed with another key')
  })

  test('are compared with what the days beside it recorded; where none did, their number is told', async () => {
    const [signer, stranger] = [newSigner(), newSigner()]
    const file = await dayBy(stranger, null)
    expect(verify(file)).toMatchObject({ status: 0, last: { bad: 0, signaturesWithoutRecordedKey: 4 } })
    const before = path.join(path.dirname(file), 'journal-2025-11-20.db')
    copyFileSync(await dayBy(signer, signer.publicKey), before)
    expect(verify(file)).toMatchObject({ status: 1, last: { bad: 4, signaturesWithoutRecordedKey: 0 } })
    expect(readFileSync(before).length).toBeGreaterThan(0)
  })
})
