import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { upTopic } from '../../proto/topics.ts'
import { rowOf, startMs, telemetry } from '../gateway/help/envelopes.ts'
import { sampleAt } from '../help/drive.ts'
import { eventually, findProgram } from '../help/external.ts'
import { answersIn } from '../prove/crash/answers.ts'
import { mustSkipRecording } from '../prove/crash/record.ts'
import { callsIn } from '../prove/crash/trace.ts'
import { startLoneGateway } from '../prove/gateway-process.ts'
import { RawClient } from '../prove/raw-client.ts'

const trouble = mustSkipRecording()
const envelopes = 5

it('the gateway has synced its journal before each PUBACK leaves it, as the system saw it', async ({
  skip,
}) => {
  if (trouble !== null) skip(trouble)
  const dir = mkdtempSync(join(tmpdir(), 'synced-first-'))
  const { child, ports } = await startLoneGateway(dir, 'north', ['coach-1'])
  const file = join(dir, 'trace')
  const calls = 'trace=write,writev,pwrite64,fsync,fdatasync'
  const options = ['-f', '-y', '-xx', '-s', '65536', '-e', calls, '-o', file]
  const watcher = spawn(findProgram('strace') ?? 'not installed here', [...options, '-p', `${child.pid}`])
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await child.exited
    watcher.kill('SIGKILL')
    rmSync(dir, { recursive: true, force: true })
  })
  let said = ''
  watcher.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  await eventually('strace watches the gateway', () => said.includes(`${child.pid} attached`))
  const client = new RawClient(ports.ingest)
  expect(await client.open('north.coach-1')).toBe(true)
  for (let seq = 1; seq <= envelopes; seq++) {
    const place = { fleet: 'north', vehicle: 'coach-1' }
    const { bytes } = rowOf(telemetry(seq, [sampleAt(startMs + seq * 1000)], place))
    expect(await client.publish(upTopic('north', 'coach-1', 'telemetry'), bytes)).toBe(true)
  }
  client.socket.destroy()
  child.kill('SIGTERM')
  await once(watcher, 'exit')
  const told = answersIn(
    callsIn(readFileSync(file, 'utf8')),
    (path) => /journal-[\d-]+\.db-wal$/.test(path),
    // PUBACK: its type, two bytes that follow.
    (bytes) => bytes[0] === 0x40 && bytes[1] === 2,
  )
  expect(told).toEqual({ answers: envelopes, early: [] })
})
