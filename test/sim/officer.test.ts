import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Alert } from '../../proto/model.ts'
import { startOfficer } from '../../sim/officer-process.ts'
import { connectTerminal } from '../gateway/help/clients.ts'
import { alarm, startGateway } from '../gateway/help/world.ts'
import { scratchFolder } from '../help/tool.ts'

const files = scratchFolder()

test('an officer who had no processor until he was asked to go has still read all that was journaled', async () => {
  const gateway = await startGateway()
  const receipts = join(files.path, 'receipts.ndjson')
  const { alerts, http } = gateway.ports
  const officer = startOfficer({ alerts, http, fleet: 'f1', receipts, print: false }, () => {})
  await officer.ready
  const terminal = await connectTerminal(gateway.ports.ingest)
  process.kill(officer.pid, 'SIGSTOP')
  for (let seq = 1; seq <= 40; seq++) await terminal.send(alarm(seq, { subject: `s${seq}` }, null))
  const ended = officer.stop()
  process.kill(officer.pid, 'SIGCONT')
  await ended
  const subjects = readFileSync(receipts, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { alert: Alert }).alert.subject)
  expect(subjects.toSorted()).toEqual(Array.from({ length: 40 }, (_, n) => `s${n + 1}`).toSorted())
})
