import { upTopic } from '../../proto/topics.ts'
import { alarmOf, fleet, idsOf, type Place, share, type Told, terminal } from './overload-place.ts'
import { comesTrue } from './patience.ts'
import { RawClient } from './raw-client.ts'

/** So much goes to each officer in all: the system's own buffers of a connection take some ten million of it. */
const bytesEach = 24_000_000
/** An envelope holds 16 KiB: in short forms there is not enough to say to fill those buffers. */
const paddingMax = 6000
/** All of it may take so long to be heard when the last of it is journaled. */
const hearingMs = 120_000

/** One who reads nothing, one who reads 1 KB/s and eighteen who read: the two are cut off and can catch up by cursor. */
export async function officers({ ports, metric }: Place, alerts: number): Promise<Told> {
  const delays: number[] = []
  const open = async (name: string): Promise<RawClient> => {
    const client = new RawClient(ports.alerts)
    await client.open(name)
    await client.subscribe(`alerts-json/v1/${fleet}/#`)
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
  for (const { socket } of [stuck, slow]) socket.pause()
  slow.socket.removeAllListeners('data')
  const sip = setInterval(() => slow.socket.read(1024), 1000)
  const ids = idsOf(60)
  const clients = await Promise.all(ids.map((id) => terminal(ports, id)))
  let acknowledged = 0
  const padding = Math.min(paddingMax, Math.max(200, Math.ceil(bytesEach / alerts)))
  const alarmAt = (id: string, seq: number): Buffer => alarmOf(id, seq, performance.now(), padding)
  const each = Math.ceil(alerts / ids.length)
  await Promise.all(
    clients.map(async (client, n) => {
      for (let seq = 1; seq <= each; seq++)
        if (await client.publish(upTopic(fleet, ids[n]!, 'alarm'), alarmAt(ids[n]!, seq))) acknowledged++
    }),
  )
  const expected = each * ids.length
  await comesTrue(() => healthy.every(({ heard }) => heard >= expected), hearingMs)
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
      ...(cutOff === 2 || padding === paddingMax
        ? []
        : [`${cutOff} officers were cut off, not the 2 who do not read`]),
    ],
    counts: { alerts: expected, 'officers cut off': cutOff, 'by cursor': caughtUp },
    note: `18 readers: p99 ${share(delays, 0.99)} ms`,
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
