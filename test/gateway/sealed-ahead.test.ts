import { describe, expect, test } from 'vitest'
import { createMemoryJournal } from '../../gateway/journal/memory.ts'
import type { Sample } from '../../proto/model.ts'
import { sampleAt } from '../help/drive.ts'
import { connectTerminal } from './help/clients.ts'
import { alarm, startGateway, startMs, telemetry } from './help/world.ts'

/** A machine that believes it is tomorrow, and what it says before its receiver has told it the time. */

const dayMs = 86_400_000
const stream = { fleet: 'f1', vehicle: 'v1', epoch: 7, stream: 'telemetry' } as const
const moving = (atMs: number, more: Partial<Sample> = {}): Sample => sampleAt(atMs, { speedKmh: 60, ...more })

describe('a terminal whose machine believes it is tomorrow', () => {
  test('is heard: what it saw is dated by the receiver', async () => {
    const journal = createMemoryJournal()
    const gateway = await startGateway({ journal })
    const terminal = await connectTerminal(gateway.ports.ingest)
    const envelope = telemetry(1, [moving(startMs)])
    await terminal.send({ ...envelope, sealedAtMs: Date.now() + dayMs })
    await gateway.idle()
    expect(journal.quarantined()).toEqual([])
    expect(journal.state(stream).upto).toBe(1)
  })

  test('loses nothing of the seconds before its first fix, and none of them is the last that is known', async () => {
    const journal = createMemoryJournal()
    const gateway = await startGateway({ journal })
    const terminal = await connectTerminal(gateway.ports.ingest)
    const blind = [0, 1, 2].map((s) => moving(Date.now() + dayMs + s * 1000, { trusted: false }))
    await terminal.send(telemetry(1, blind))
    await terminal.send(telemetry(2, [moving(startMs), moving(startMs + 1000)]))
    await gateway.idle()
    expect(journal.quarantined()).toEqual([])
    expect(journal.state(stream).upto).toBe(2)
    const alerts = await journal.alertsAfter(0, 10, null)
    expect(alerts.map(({ at }) => Date.parse(at))).toEqual([startMs])
  })

  test('is judged by what its receiver dated, also when the rest came long after the day it named', async () => {
    const journal = createMemoryJournal()
    const gateway = await startGateway({ journal })
    const terminal = await connectTerminal(gateway.ports.ingest)
    await terminal.send(telemetry(1, [sampleAt(startMs + dayMs, { trusted: false, speedKmh: 0 })]))
    await terminal.send(telemetry(2, [moving(startMs)]))
    await gateway.idle()
    const alerts = await journal.alertsAfter(0, 10, null)
    expect(alerts.map(({ at }) => Date.parse(at))).toEqual([startMs])
  })

  test('alarms nobody for tomorrow: what it found then happened at the latest when it was heard', async () => {
    const journal = createMemoryJournal()
    const gateway = await startGateway({ journal })
    const terminal = await connectTerminal(gateway.ports.ingest)
    const before = Date.now()
    const ahead = { atMs: before + dayMs, decidedAtMs: before + dayMs + 10_000 }
    await terminal.send(alarm(1, { ...ahead, grade: 'to-verify' }, null))
    await gateway.idle()
    expect(journal.quarantined()).toEqual([])
    const [alert] = await journal.alertsAfter(0, 10, null)
    expect(alert?.at).toBe(alert?.receivedAt)
    expect(alert?.decidedAt).toBe(alert?.receivedAt)
    expect(alert?.evidence['saidAt']).toBe(new Date(ahead.atMs).toISOString())
  })

  test('is not believed when it claims that a receiver said so', async () => {
    const journal = createMemoryJournal()
    const gateway = await startGateway({ journal })
    const terminal = await connectTerminal(gateway.ports.ingest)
    await terminal.send(telemetry(1, [moving(Date.now() + dayMs)]))
    await terminal.send(alarm(1, { atMs: Date.now() + dayMs, decidedAtMs: Date.now() + dayMs }, null))
    await gateway.idle()
    expect(journal.quarantined().map(({ kind }) => kind)).toEqual(['future', 'future'])
    expect(journal.state(stream).upto).toBe(0)
  })
})
