import { backoffMs } from '../../device/backoff.ts'
import { groupMax } from '../../gateway/commit.ts'
import { strict } from '../../gateway/identity/abuse.ts'
import { upTopic } from '../../proto/topics.ts'
import { Dice } from '../../sim/swarm/dice.ts'
import { journaledIn, passingsOf } from './journaled-order.ts'
import { flood } from './overload-flood.ts'
import { officers } from './overload-officers.ts'
import {
  alarmOf,
  at,
  fleet,
  idsOf,
  type OverloadReport,
  type Place,
  share,
  sleep,
  type Told,
  telemetryOf,
  terminal,
} from './overload-place.ts'
import { RawClient } from './raw-client.ts'

/**
 * More than a gateway is made for, from each side: officers who do not read, terminals that flood, thousands that come
 * back at once, a backlog of days with live alarms in it. What is shed, in which order, and how it is told.
 */
export type OverloadSizes = {
  readonly alerts: number
  readonly floodS: number
  readonly storm: number
  readonly backlog: readonly [terminals: number, envelopes: number]
}
export const overloads: {
  readonly [name: string]: (sizes: OverloadSizes, seed: number) => Promise<OverloadReport>
} = {
  officers: ({ alerts }) => at('lenient', 60, (place) => officers(place, alerts)),
  flood: ({ floodS }) => at('strict', 60, (place) => flood(place, floodS)),
  storm: ({ storm: count }, seed) => at('strict', count, (place) => storm(place, count, new Dice(seed))),
  backlog: ({ backlog: [terminals, each] }) =>
    at('lenient', terminals, (place) => backlog(place, terminals, each)),
}

/**
 * All of them are connected, are cut at once and come back as terminals do, each with something to say. On a machine so slow
 * that they drop in one by one the door has nobody to turn away: then they are cut again.
 */
async function storm(place: Place, count: number, dice: Dice): Promise<Told> {
  const { ports, metric } = place
  const ids = idsOf(count)
  const { perS, burst } = strict.accept
  const counted = { dials: 0, acknowledged: 0 }
  const together: number[] = []
  const fromMs = performance.now()
  let refused = 0
  do {
    const standing = await connectAll(ports, ids, perS / 2)
    together.push(await metric('terminals_connected'))
    for (const { socket } of standing) socket.destroy()
    await Promise.all(ids.map((id) => comeBack(ports, id, together.length, dice, counted)))
    refused = await metric('refused_total{door="ingest",reason="accept-rate"}')
  } while (refused === 0 && count > burst && together.length < stormsMax)
  const seconds = (performance.now() - fromMs) / 1000
  const journaled = await metric('envelopes_total{stream="alarm"}')
  const expected = count * together.length
  const letIn = expected + counted.dials - refused
  return {
    faults: counted.dials,
    acknowledged: counted.acknowledged,
    lost: expected - journaled,
    complaints: [
      ...(journaled === expected ? [] : [`lost: ${journaled} alarms journaled of ${expected}`]),
      ...(together.every((there) => there === count)
        ? []
        : [`${together.join(', ')} of ${count} were connected when they were cut`]),
      ...(letIn <= burst + perS * (seconds + 1) ? [] : [`${letIn} were let in within ${seconds} s`]),
      ...(refused > 0 || count <= burst ? [] : ['nobody was turned away at the door']),
    ],
    counts: { 'cut at once': together[0]!, dials: counted.dials, 'turned away at the door': refused },
    note: `all ${count} cut and back in ${seconds.toFixed(1)} s`,
  }
}

const stormsMax = 3

/** As a terminal does: again and again, each time later, until what it has to say is acknowledged. */
async function comeBack(
  ports: Place['ports'],
  id: string,
  seq: number,
  dice: Dice,
  count: { dials: number; acknowledged: number },
): Promise<void> {
  await sleep(dice.between('storm/first', 0, 2000))
  for (let failures = 0; ; ) {
    count.dials++
    const client = new RawClient(ports.ingest)
    const isIn = await client.open(`${fleet}.${id}`)
    const isSaid = isIn && (await client.publish(upTopic(fleet, id, 'alarm'), alarmOf(id, seq, 0)))
    client.socket.destroy()
    if (isSaid) break
    await sleep(backoffMs({ baseMs: 1000, capMs: 300_000 }, ++failures, dice.next('storm/jitter')))
  }
  count.acknowledged++
}

/** So many a second, and not all at once: the door has nothing against it. */
async function connectAll(ports: Place['ports'], ids: readonly string[], perS: number): Promise<RawClient[]> {
  const clients: RawClient[] = []
  for (let at = 0; at < ids.length; at += perS) {
    const some = ids.slice(at, at + perS).map((id) => terminal(ports, id))
    clients.push(...(await Promise.all(some)))
    await sleep(600)
  }
  return clients
}

/** The window of a terminal, less what is kept for alarms. */
const inFlight = 12

/** A backlog of days from all of them, while each goes on to raise alarms: those do not wait for it. */
async function backlog(
  { ports, metric, dataDir }: Place,
  terminals: number,
  envelopes: number,
): Promise<Told> {
  const ids = idsOf(terminals)
  const clients = await Promise.all(ids.map((id) => terminal(ports, id)))
  const alarmMs: number[] = []
  const backlogMs: number[] = []
  let acknowledged = 0
  let going = terminals
  const fromMs = performance.now()
  const backlog = async (n: number): Promise<void> => {
    let seq = 0
    const one = async (): Promise<void> => {
      while (seq < envelopes) {
        const payload = telemetryOf(ids[n]!, ++seq)
        const sentMs = performance.now()
        if (await clients[n]!.publish(upTopic(fleet, ids[n]!, 'backfill'), payload)) acknowledged++
        backlogMs.push(performance.now() - sentMs)
      }
    }
    await Promise.all(Array.from({ length: inFlight }, one))
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
  const { passed, passedBy } = passingsOf(journaledIn(dataDir))
  // A backlog that fits into one group of the committer makes nobody wait.
  const isCrowd = terminals * inFlight > 4 * groupMax
  return {
    faults: terminals,
    acknowledged,
    lost: expected - journaled,
    complaints: [
      ...(journaled === expected ? [] : [`lost: ${journaled} of ${expected} envelopes of the backlog`]),
      ...(isCrowd && passed === 0 ? ['no live alarm was written before the backlog that was there'] : []),
      ...(passedBy === 0 ? [] : [`${passedBy} live alarms were written after what came later`]),
    ],
    counts: { 'live alarms': alarmMs.length, 'of them written before a backlog that was there': passed },
    note: `${terminals} x ${envelopes} at ${perS}/s; live alarms p99 ${share(alarmMs, 0.99)} ms, the backlog's p50 ${share(backlogMs, 0.5)} ms`,
  }
}
