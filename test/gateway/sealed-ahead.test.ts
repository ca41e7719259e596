import { expect, test } from 'vitest'
import { createMemoryJournal } from '../../gateway/journal/memory.ts'
import { sampleAt } from '../help/drive.ts'
import { connectTerminal } from './help/clients.ts'
import { startGateway, startMs, telemetry } from './help/world.ts'

test('a terminal whose machine believes it is tomorrow is heard: what it saw is dated by the receiver', async () => {
  const journal = createMemoryJournal()
  const gateway = await startGateway({ journal })
  const terminal = await connectTerminal(gateway.ports.ingest)
  const envelope = telemetry(1, [sampleAt(startMs, { speedKmh: 60 })])
  await terminal.send({ ...envelope, sealedAtMs: Date.now() + 86_400_000 })
  await gateway.idle()
  expect(journal.quarantined()).toEqual([])
  expect(journal.state({ fleet: 'f1', vehicle: 'v1', epoch: 7, stream: 'telemetry' }).upto).toBe(1)
})
