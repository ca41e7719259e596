import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openSqliteOutbox } from '../../device/outbox/sqlite.ts'
import { openSqliteJournal } from '../../gateway/journal/sqlite.ts'
import { emptyGroup } from '../../gateway/journal.ts'
import { sha256 } from '../../proto/canonical.ts'
import { takeLedger } from '../../sim/ledger.ts'
import { ackOf, alarm, noon, opened, seal } from '../help/envelopes.ts'

const owner = { fleet: 'demo', vehicle: 'coach-1', zone: 'Asia/Shanghai' }

function folder(name: string): string {
  const made = mkdtempSync(join(tmpdir(), `roadwarden-ledger-${name}-`))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

/** Six sealed alarms; the ones named were journaled, and the ones named were acknowledged. */
async function drive(journaled: readonly number[], acknowledged: readonly number[]) {
  const terminal = folder('terminal')
  const gateway = folder('gateway')
  const outbox = openSqliteOutbox(terminal, { ...owner, bytesMax: 2 ** 20 }, () => noon)
  const checkpoint = { atMs: noon, states: {}, openFindings: {}, signals: null }
  const bodies = [1, 2, 3, 4, 5, 6].map((minute) =>
    alarm(noon + minute * 60_000, 'started', `coach-${minute}`),
  )
  const { sealed } = outbox.append(bodies, checkpoint, seal)
  const journal = openSqliteJournal({ dataDir: gateway, zone: owner.zone, nowMs: () => noon })
  const envelopes = sealed
    .filter(({ seq }) => journaled.includes(seq))
    .map(({ bytes }) => ({ envelope: opened(bytes), bytes, hash: sha256(bytes), receivedAtMs: noon }))
  await journal.append({ ...emptyGroup, envelopes })
  const ranges = acknowledged.map((seq) => ({ first: seq, last: seq }))
  outbox.acknowledge(ackOf(outbox.epoch, { alarm: { upto: 0, ranges } }))
  outbox.close()
  await journal.close()
  return takeLedger(terminal, gateway, owner)
}

describe('the count after a drive', () => {
  it('finds everything where it ought to be', async () => {
    expect(await drive([1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6])).toEqual({
      sealed: 6,
      journaled: 6,
      waiting: 0,
      lost: 0,
    })
  })

  it('calls nothing lost that still waits, journaled already or not', async () => {
    expect(await drive([1, 2, 5], [1, 2])).toEqual({ sealed: 6, journaled: 3, waiting: 4, lost: 0 })
  })

  it('sees what was acknowledged and never journaled', async () => {
    expect(await drive([1, 2], [1, 2, 4, 6])).toEqual({ sealed: 6, journaled: 2, waiting: 2, lost: 2 })
  })

  it('counts a drive that never began as nothing', async () => {
    expect(await takeLedger(folder('none'), folder('gateway'), owner)).toEqual({
      sealed: 0,
      journaled: 0,
      waiting: 0,
      lost: 0,
    })
  })
})
