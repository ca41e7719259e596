import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeEnvelope } from '../../proto/codec.ts'
import { type Child, startChild } from '../../sim/child.ts'
import { type Ports, portsOf } from '../../sim/configs.ts'
import { alarm, startMs, telemetry } from '../gateway/help/envelopes.ts'
import { sampleAt } from '../help/drive.ts'
import { memoryOf, startLoneGateway } from './gateway-process.ts'
import { RawClient } from './raw-client.ts'

/** A gateway of its own for each scenario of too much, and who speaks to it. */

/** What one of them came to. */
export type OverloadReport = {
  readonly faults: number
  readonly acknowledged: number
  readonly lost: number
  readonly complaints: readonly string[]
  readonly counts: { readonly [of: string]: number }
  readonly note: string
  readonly worstRssMb: number
}

export const fleet = 'f1'
export const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms))
export const idsOf = (count: number): string[] => Array.from({ length: count }, (_, n) => `v${n}`)

export type Told = Omit<OverloadReport, 'worstRssMb'>
export type Place = {
  readonly ports: Ports
  readonly child: Child
  readonly dataDir: string
  readonly metric: (series: string) => Promise<number>
}

export async function at(
  limits: 'lenient' | 'strict',
  vehicles: number,
  work: (place: Place) => Promise<Told>,
): Promise<OverloadReport> {
  const dir = mkdtempSync(join(tmpdir(), 'roadwarden-overload-'))
  const { child, ports } =
    limits === 'lenient' ? await startLoneGateway(dir, fleet, idsOf(vehicles)) : await startStrict(dir)
  const metric = async (series: string): Promise<number> => {
    const body = await (await fetch(`http://127.0.0.1:${ports.http}/metrics`)).text()
    const line = body.split('\n').find((one) => one.startsWith(`roadwarden_${series} `))
    return Number(line?.split(' ').at(-1) ?? 0)
  }
  try {
    const told = await work({ ports, child, dataDir: join(dir, 'gateway'), metric })
    return { ...told, worstRssMb: Math.round(memoryOf(child.pid).peakMb) }
  } finally {
    await child.stop(6000)
    rmSync(dir, { recursive: true, force: true })
  }
}

async function startStrict(dir: string): Promise<{ child: Child; ports: Ports }> {
  mkdirSync(join(dir, 'gateway'))
  const script = join(import.meta.dirname, 'strict-gateway.ts')
  const args = [join(dir, 'gateway')]
  const child = startChild({
    name: 'gateway',
    script,
    args,
    logFile: join(dir, 'gateway.log'),
    cwd: dir,
  })
  return { child, ports: portsOf(await child.ready) }
}

export async function terminal(ports: Ports, id: string): Promise<RawClient> {
  const client = new RawClient(ports.ingest)
  if (!(await client.open(`${fleet}.${id}`))) throw new Error(`${id} was not let in`)
  return client
}

export const alarmOf = (vehicle: string, seq: number, sentMs: number, padding = 200): Buffer => {
  const evidence = { sentMs, note: 'x'.repeat(padding) }
  return Buffer.from(encodeEnvelope(alarm(seq, { subject: `s${seq}`, evidence }, null, { fleet, vehicle })))
}
export const telemetryOf = (vehicle: string, seq: number): Buffer =>
  Buffer.from(
    encodeEnvelope(telemetry(seq, [sampleAt(startMs + seq * 1000, { speedKmh: 0 })], { fleet, vehicle })),
  )

/** The value that so much of all values, 0 to 1, does not exceed. */
export const share = (values: readonly number[], of: number): number =>
  Math.round(values.toSorted((a, b) => a - b)[Math.floor(values.length * of)] ?? 0)
