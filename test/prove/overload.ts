import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { backoffMs } from '../../device/backoff.ts'
import { strict } from '../../gateway/identity/abuse.ts'
import { encodeEnvelope } from '../../proto/codec.ts'
import { upTopic } from '../../proto/topics.ts'
import { type Child, startChild } from '../../sim/child.ts'
import { type Ports, portsOf } from '../../sim/configs.ts'
import { Dice } from '../../sim/swarm/dice.ts'
import { alarm, startMs, telemetry } from '../gateway/help/envelopes.ts'
import { sampleAt } from '../help/drive.ts'
import { memoryOf, startLoneGateway } from './gateway-process.ts'
import { RawClient } from './raw-client.ts'

/**
 * More than a gateway is made for, from each side: officers who do not read, terminals that flood, thousands that come
 * back at once, a backlog of days with live alarms in it. What is shed, in which order, and how it is told.
 */
export type OverloadSizes = {
  readonly alerts: number
  readonly floodS: number
  readonly storm: number
  readonly backfill: readonly [terminals: number, envelopes: number]
}
export type OverloadReport = {
  readonly runs: number
  readonly faults: number
  readonly acknowledged: number
  readonly lost: number
  readonly worstRssMb: number
  readonly complaints: readonly string[]
  readonly notes: readonly string[]
}

const fleet = 'f1'
const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms))
const idsOf = (count: number): string[] => Array.from({ length: count }, (_, n) => `v${n}`)

/** What one scenario adds to the report. */
type Told = {
  readonly faults: number
  readonly acknowledged: number
  readonly lost: number
  readonly complaints: readonly string[]
  readonly note: string
}
type Place = {
  readonly ports: Ports
  readonly child: Child
  readonly metric: (series: string) => Promise<number>
}

export async function proveOverload(sizes: OverloadSizes, seed: number): Promise<OverloadReport> {
  const parts: readonly (() => Promise<Told & { readonly rssMb: number }>)[] = [
    () => at('lenient', 60, (place) => officers(place, sizes.alerts)),
    () => at('strict', 60, (place) => flood(place, sizes.floodS)),
    () => at('strict', sizes.storm, (place) => storm(place, sizes.storm, new Dice(seed))),
    () => at('lenient', sizes.backfill[0], (place) => backfill(place, ...sizes.backfill)),
  ]
  const told: (Told & { readonly rssMb: number })[] = []
  for (const part of parts) told.push(await part())
  const sum = (of: (one: Told) => number): number => told.reduce((total, one) => total + of(one), 0)
  return {
    runs: told.length,
    faults: sum(({ faults }) => faults),
    acknowledged: sum(({ acknowledged }) => acknowledged),
    lost: sum(({ lost }) => lost),
    worstRssMb: Math.max(...told.map(({ rssMb }) => rssMb)),
    complaints: told.flatMap(({ complaints }) => complaints),
    notes: told.map(({ note }) => note),
  }
}

async function at(
  limits: 'lenient' | 'strict',
  vehicles: number,
  work: (place: Place) => Promise<Told>,
): Promise<Told & { readonly rssMb: number }> {
  const dir = mkdtempSync(join(tmpdir(), 'roadwarden-overload-'))
  const { child, ports } =
    limits === 'lenient' ? await startLoneGateway(dir, fleet, idsOf(vehicles)) : await startStrict(dir)
  const metric = async (series: string): Promise<number> => {
    const body = await (await fetch(`http://127.0.0.1:${ports.http}/metrics`)).text()
    const line = body.split('\n').find((one) => one.startsWith(`roadwarden_${series} `))
    return Number(line?.split(' ').at(-1) ?? 0)
  }
  try {
    const told = await work({ ports, child, metric })
    return { ...told, rssMb: Math.round(memoryOf(child.pid).peakMb) }
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
    readyMs: 120_000,
  })
  return { child, ports: portsOf(await child.ready) }
}

async function terminal(ports: Ports, id: string): Promise<RawClient> {
  const client = new RawClient(ports.ingest)
  if (!(await client.open(`${fleet}.${id}`))) throw new Error(`${id} was not let in`)
  return client
}

const alarmOf = (vehicle: string, seq: number, sentMs: number): Buffer =>
  Buffer.from(
    encodeEnvelope(
      alarm(seq, { subject: `s${seq}`, evidence: { sentMs, note: 'x'.repeat(200) } }, null, {
        fleet,
        vehicle,
      }),
    ),
  )
const telemetryOf = (vehicle: string, seq: number): Buffer =>
  Buffer.from(
    encodeEnvelope(telemetry(seq, [sampleAt(startMs + seq * 1000, { speedKmh: 0 })], { fleet, vehicle })),
  )

const p99 = (values: readonly number[]): number =>
  Math.round(values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.99)] ?? 0)

/** One who reads nothing, one who reads 1 KB/s and eighteen who read: the two are cut off and can catch up by cursor. */
async function officers({ ports, metric }: Place, alerts: number): Promise<Told> {
  const delays: number[] = []
  const open = async (name: string): Promise<RawClient> => {
    const client = new RawClient(ports.alerts)
    await client.open(name)
    client.subscribe(`alerts-json/v1/${fleet}/#`)
    return client
  }
  const healthy = await Promise.all(idsOf(18).map((id) => open(`officer-${id}`)))
  for (const one of healthy)
    one.onPublish = (payload) => {
      const { evidence } = JSON.parse(payload.toString()) as { evidence: { sentMs: number } }
      delays.push(performance.now() - evidence.sentMs)
    }
  const stuck = await open('stuck')
  const slow = await open('slow')
  await sleep(300)
  stuck.socket.pause()
  const sip = setInterval(() => {
    slow.socket.resume()
    setTimeout(() => slow.socket.pause(), 2)
  }, 1000)
  slow.socket.pause()
  const ids = idsOf(60)
  const clients = await Promise.all(ids.map((id) => terminal(ports, id)))
  let acknowledged = 0
  const each = Math.ceil(alerts / ids.length)
  await Promise.all(
    clients.map(async (client, n) => {
      for (let seq = 1; seq <= each; seq++)
        if (await client.publish(upTopic(fleet, ids[n]!, 'alarm'), alarmOf(ids[n]!, seq, performance.now())))
          acknowledged++
    }),
  )
  const expected = each * ids.length
  await until(() => healthy.every(({ heard }) => heard >= expected))
  clearInterval(sip)
  const cutOff = await metric('refused_total{door="alerts",reason="reads-too-slowly"}')
  const caughtUp = await byCursor(ports.http)
  const missing = healthy.filter(({ heard }) => heard < expected).length
  for (const one of [...healthy, stuck, slow, ...clients]) one.socket.destroy()
  return {
    faults: 2,
    acknowledged,
    lost: expected - caughtUp,
    complaints: [
      ...(acknowledged === expected ? [] : [`lost: ${expected - acknowledged} alarms had no answer`]),
      ...(caughtUp === expected ? [] : [`lost: by cursor ${caughtUp} alerts of ${expected}`]),
      ...(missing === 0 ? [] : [`${missing} officers who read did not hear all`]),
    ],
    note: `${expected} alerts to 18 readers p99 ${p99(delays)} ms beside a stuck and a slow one (${cutOff} cut off, all ${caughtUp} by cursor)`,
  }
}

async function byCursor(http: number): Promise<number> {
  let count = 0
  for (let cursor = 0; ; ) {
    const answer = await fetch(`http://127.0.0.1:${http}/alerts?after=${cursor}&limit=5000`)
    const page = (await answer.text()).split('\n').filter(Boolean)
    if (page.length === 0) return count
    count += page.length
    cursor = (JSON.parse(page.at(-1)!) as { cursor: number }).cursor
  }
}

async function until(holds: () => boolean | Promise<boolean>, ms = 120_000): Promise<boolean> {
  const untilMs = performance.now() + ms
  while (!(await holds())) {
    if (performance.now() > untilMs) return false
    await sleep(50)
  }
  return true
}

/** Five send as fast as they can, the others one a second: the five wait, told their rate; nobody's alarm does. */
async function flood({ ports, metric }: Place, seconds: number): Promise<Told> {
  const ids = idsOf(45)
  const clients = await Promise.all(ids.map((id) => terminal(ports, id)))
  const untilMs = performance.now() + seconds * 1000
  const count = { flood: 0, normal: 0, alarms: 0, refused: 0 }
  const normalMs: number[] = []
  const alarmMs: number[] = []
  const timed = async (
    client: RawClient,
    topic: string,
    payload: Buffer,
    into: number[],
  ): Promise<boolean> => {
    const fromMs = performance.now()
    const isAcknowledged = await client.publish(topic, payload)
    into.push(performance.now() - fromMs)
    if (!isAcknowledged) count.refused++
    return isAcknowledged
  }
  const flooder = async (n: number): Promise<void> => {
    let seq = 0
    const one = async (): Promise<void> => {
      while (performance.now() < untilMs)
        if (await clients[n]!.publish(upTopic(fleet, ids[n]!, 'telemetry'), telemetryOf(ids[n]!, ++seq)))
          count.flood++
    }
    await Promise.all(Array.from({ length: 12 }, one))
  }
  const normal = async (n: number): Promise<void> => {
    for (let seq = 1; performance.now() < untilMs; seq++) {
      const id = ids[n]!
      if (await timed(clients[n]!, upTopic(fleet, id, 'telemetry'), telemetryOf(id, seq), normalMs))
        count.normal++
      await sleep(1000)
    }
  }
  const alarms = async (n: number): Promise<void> => {
    for (let seq = 1; performance.now() < untilMs; seq++) {
      const payload = alarmOf(ids[n]!, seq, 0)
      if (await timed(clients[n]!, upTopic(fleet, ids[n]!, 'alarm'), payload, alarmMs)) count.alarms++
      await sleep(500)
    }
  }
  await Promise.all([...ids.keys()].map((n) => (n < 5 ? Promise.all([flooder(n), alarms(n)]) : normal(n))))
  const delayed = await metric('telemetry_delayed_total')
  const limited = await metric('terminals_limited')
  for (const { socket } of clients) socket.destroy()
  return {
    faults: 5,
    acknowledged: count.flood + count.normal + count.alarms,
    lost: 0,
    complaints: [
      ...(count.refused === 0 ? [] : [`${count.refused} of those who did not flood were refused`]),
      ...(delayed === 0 || limited <= 5
        ? []
        : [`${limited} terminals are told a rate, not only the 5 that flood`]),
      ...(count.flood / 5 <= allowed(seconds)
        ? []
        : [`each of the 5 brought ${count.flood / 5} in ${seconds} s`]),
    ],
    note: `flood of 5 held to ${Math.round(count.flood / 5 / seconds)}/s each (${delayed} waited), 40 others p99 ${p99(normalMs)} ms, alarms of the 5 p99 ${p99(alarmMs)} ms`,
  }
}

/** What the limits behind TLS let one terminal bring in so long. */
const allowed = (seconds: number): number => strict.telemetry.burst + strict.telemetry.perS * (seconds + 2)

/** All of them are cut at once and come back as terminals do, each with something to say. */
async function storm({ ports, metric }: Place, count: number, dice: Dice): Promise<Told> {
  let acknowledged = 0
  let dials = 0
  const fromMs = performance.now()
  const comeBack = async (id: string): Promise<void> => {
    await sleep(dice.between('storm/first', 0, 2000))
    for (let failures = 0; ; ) {
      dials++
      const client = new RawClient(ports.ingest)
      const isIn = await client.open(`${fleet}.${id}`)
      const isSaid = isIn && (await client.publish(upTopic(fleet, id, 'alarm'), alarmOf(id, 1, 0)))
      client.socket.destroy()
      if (isSaid) break
      await sleep(backoffMs({ baseMs: 1000, capMs: 300_000 }, ++failures, dice.next('storm/jitter')))
    }
    acknowledged++
  }
  await Promise.all(idsOf(count).map(comeBack))
  const tookS = ((performance.now() - fromMs) / 1000).toFixed(1)
  const refused = await metric('refused_total{door="ingest",reason="accept-rate"}')
  const journaled = await metric('envelopes_total{stream="alarm"}')
  return {
    faults: dials,
    acknowledged,
    lost: count - journaled,
    complaints: journaled === count ? [] : [`lost: ${journaled} alarms journaled of ${count}`],
    note: `storm of ${count}: all back in ${tookS} s by ${dials} dials, ${refused} turned away at the door`,
  }
}

/** A backlog of days from all of them, while each goes on to raise alarms: those do not wait for it. */
async function backfill({ ports, metric }: Place, terminals: number, envelopes: number): Promise<Told> {
  const ids = idsOf(terminals)
  const clients = await Promise.all(ids.map((id) => terminal(ports, id)))
  const alarmMs: number[] = []
  let acknowledged = 0
  let going = terminals
  const fromMs = performance.now()
  const backlog = async (n: number): Promise<void> => {
    let seq = 0
    const one = async (): Promise<void> => {
      while (seq < envelopes) {
        const payload = telemetryOf(ids[n]!, ++seq)
        if (await clients[n]!.publish(upTopic(fleet, ids[n]!, 'backfill'), payload)) acknowledged++
      }
    }
    await Promise.all(Array.from({ length: 12 }, one))
    going--
  }
  const alarms = async (n: number): Promise<void> => {
    for (let seq = 1; going > 0; seq++) {
      const sentMs = performance.now()
      if (await clients[n]!.publish(upTopic(fleet, ids[n]!, 'alarm'), alarmOf(ids[n]!, seq, sentMs)))
        acknowledged++
      alarmMs.push(performance.now() - sentMs)
      await sleep(2000)
    }
  }
  await Promise.all([...ids.keys()].map((n) => Promise.all([backlog(n), alarms(n)])))
  const perS = Math.round((terminals * envelopes) / ((performance.now() - fromMs) / 1000))
  const journaled = await metric('envelopes_total{stream="telemetry"}')
  for (const { socket } of clients) socket.destroy()
  const expected = terminals * envelopes
  return {
    faults: terminals,
    acknowledged,
    lost: expected - journaled,
    complaints: journaled === expected ? [] : [`lost: ${journaled} of ${expected} envelopes of the backlog`],
    note: `backlog of ${terminals} x ${envelopes} at ${perS}/s, ${alarmMs.length} live alarms p99 ${p99(alarmMs)} ms`,
  }
}
