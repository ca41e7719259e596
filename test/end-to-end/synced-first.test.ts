import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { upTopic } from '../../proto/topics.ts'
import { startChild } from '../../sim/child.ts'
import { writeJson } from '../../sim/configs.ts'
import { rowOf, startMs, telemetry } from '../gateway/help/envelopes.ts'
import { sampleAt } from '../help/drive.ts'
import { eventually, findProgram } from '../help/external.ts'
import { answersIn } from '../prove/crash/answers.ts'
import { mustSkipRecording } from '../prove/crash/record.ts'
import { callsIn } from '../prove/crash/trace.ts'
import { startLoneGateway } from '../prove/gateway-process.ts'
import { RawClient } from '../prove/raw-client.ts'
import { factor, Receiver, worldStartMs } from '../prove/receiver.ts'

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

it('the terminal has synced its outbox before each alarm leaves it', async ({ skip }) => {
  if (trouble !== null) skip(trouble)
  const dir = mkdtempSync(join(tmpdir(), 'synced-first-'))
  const receiver = new Receiver()
  await receiver.open()
  const gateway = await startLoneGateway(dir, 'north', ['coach-1'])
  const [config, world] = [join(dir, 'terminal.json'), join(dir, 'world.json')]
  writeJson(world, { anchorHostMs: receiver.startedMs, anchorWorldMs: worldStartMs, factor, paused: false })
  writeJson(config, {
    dataDir: join(dir, 'terminal'),
    vehicle: join(dir, 'vehicles', 'coach-1.json'),
    ports: { gnss: { path: `tcp://127.0.0.1:${receiver.port}`, baud: 115_200 } },
    gateway: { url: `mqtt://127.0.0.1:${gateway.ports.ingest}`, ack: 'gateway' },
    world,
  })
  const script = resolve(import.meta.dirname, '../../device/main.ts')
  const logFile = join(dir, 'terminal.log')
  const terminal = startChild({ name: 'terminal', script, args: [config], logFile, cwd: dir })
  await terminal.ready
  const file = join(dir, 'trace')
  const calls = 'trace=write,writev,pwrite64,fsync,fdatasync'
  const options = ['-f', '-y', '-xx', '-s', '65536', '-e', calls, '-o', file]
  const watcher = spawn(findProgram('strace') ?? 'not installed here', [...options, '-p', `${terminal.pid}`])
  onTestFinished(async () => {
    for (const child of [terminal, gateway.child]) child.kill('SIGKILL')
    await Promise.all([terminal.exited, gateway.child.exited])
    watcher.kill('SIGKILL')
    await receiver.close()
    rmSync(dir, { recursive: true, force: true })
  })
  const alarms = () =>
    answersIn(
      callsIn(existsSync(file) ? readFileSync(file, 'utf8') : ''),
      (path) => path.endsWith('outbox.db-wal'),
      // PUBLISH with QoS 1, on the lane of alarms.
      (bytes) => bytes[0] === 0x32 && bytes.subarray(0, 80).includes('/alarm'),
    )
  await eventually('alarms are published', () => alarms().answers >= 3, 60_000)
  // Alarms of one moment lie in one commit.
  expect(alarms().early.filter((line) => line.includes('not synced'))).toEqual([])
})
