import { connect as connectSocket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { createMemoryJournal } from '../../gateway/journal/memory.ts'
import type { Journal } from '../../gateway/journal.ts'
import { encodeEnvelope } from '../../proto/codec.ts'
import { upTopic } from '../../proto/topics.ts'
import { cruise } from '../help/drive.ts'
import { connect, connectOfficer, connectTerminal, settled, until } from './help/clients.ts'
import { alarm, startGateway, startMs, telemetry } from './help/world.ts'

const key = (stream: 'alarm' | 'telemetry') => ({ fleet: 'f1', vehicle: 'v1', epoch: 7, stream })
const batch = (seq: number, speedKmh = 0) =>
  telemetry(seq, cruise(startMs + seq * 10_000, startMs + (seq + 1) * 10_000, { speedKmh }))

/** A journal whose commits wait until they are let go. */
function heldJournal() {
  const journal = createMemoryJournal()
  let open: () => void = () => {}
  let gate: Promise<void> = Promise.resolve()
  let asked = 0
  const held: Journal = {
    ...journal,
    append: async (group) => {
      asked++
      await gate
      return journal.append(group)
    },
  }
  return {
    journal: held,
    hold: () => {
      gate = new Promise((resolve) => {
        open = resolve
      })
    },
    release: () => open(),
    /** Groups that were to be written. */
    asked: () => asked,
  }
}

describe('a terminal sends envelopes', () => {
  test('a PUBACK comes after the commit, and so does the ack document', async () => {
    const { journal, hold, release, asked } = heldJournal()
    const gateway = await startGateway({ journal })
    const terminal = await connectTerminal(gateway.ports.ingest)
    hold()
    let acknowledged = false
    const sent = terminal.send(batch(1)).then(() => {
      acknowledged = true
    })
    await until(() => asked() > 0)
    await settled()
    expect({ acknowledged, acks: terminal.acks.length, upto: journal.state(key('telemetry')).upto }).toEqual({
      acknowledged: false,
      acks: 0,
      upto: 0,
    })
    release()
    await sent
    await until(() => terminal.acks.length > 0)
    expect(terminal.acks.at(-1)).toEqual({
      epoch: 7,
      streams: { alarm: { upto: 0, ranges: [] }, telemetry: { upto: 1, ranges: [] } },
      nacks: [],
      rate: 0,
    })
  })

  test('PUBACKs leave in the order of arrival although alarms are written first', async () => {
    const gateway = await startGateway()
    const { client } = await connectTerminal(gateway.ports.ingest)
    const order: string[] = []
    const envelopes = [batch(1), batch(2), alarm(1, {}, null), batch(3), alarm(2, { subject: 'x' }, null)]
    await Promise.all(
      envelopes.map((envelope) =>
        client
          .publishAsync(upTopic('f1', 'v1', envelope.stream), Buffer.from(encodeEnvelope(envelope)), {
            qos: 1,
          })
          .then(() => order.push(`${envelope.stream} ${envelope.seq}`)),
      ),
    )
    expect(order).toEqual(['telemetry 1', 'telemetry 2', 'alarm 1', 'telemetry 3', 'alarm 2'])
  })

  test('an alarm overtakes telemetry that waits for the same commit', async () => {
    const { journal, hold, release } = heldJournal()
    const order: string[] = []
    const spy: Journal = {
      ...journal,
      append: (group) => {
        order.push(...group.envelopes.map(({ envelope }) => `${envelope.stream} ${envelope.seq}`))
        return journal.append(group)
      },
    }
    const gateway = await startGateway({ journal: spy })
    const terminal = await connectTerminal(gateway.ports.ingest)
    hold()
    const first = terminal.send(batch(1))
    await until(() => order.length === 1)
    const rest = [terminal.send(batch(2)), terminal.send(alarm(1, {}, null))]
    await until(() => gateway.metrics.text().includes('commit_queue 2'))
    release()
    await Promise.all([first, ...rest])
    expect(order).toEqual(['telemetry 1', 'alarm 1', 'telemetry 2'])
  })

  test('the same envelope again is acknowledged and changes nothing', async () => {
    const journal = createMemoryJournal()
    const gateway = await startGateway({ journal })
    const terminal = await connectTerminal(gateway.ports.ingest)
    const envelope = alarm(1, {}, null)
    await Promise.all([terminal.send(envelope), terminal.send(envelope)])
    await terminal.send(envelope)
    await gateway.idle()
    expect(await journal.read(key('alarm'), 1, 10)).toHaveLength(1)
    expect(await journal.alertsAfter(0, 10, null)).toHaveLength(1)
    expect(journal.quarantined()).toEqual([])
    expect(gateway.metrics.value('duplicates_total')).toBe(2)
  })

  test('another envelope under a journaled key is a conflict: kept aside, nacked, never journaled', async () => {
    const journal = createMemoryJournal()
    const gateway = await startGateway({ journal })
    const terminal = await connectTerminal(gateway.ports.ingest)
    await terminal.send(alarm(1, {}, null))
    await terminal.send(alarm(1, { severity: 'critical' }, null))
    await until(() => terminal.acks.some(({ nacks }) => nacks.length > 0))
    expect(terminal.acks.at(-1)?.nacks).toEqual([{ stream: 'alarm', seq: 1, reason: 'conflict' }])
    expect(journal.quarantined().map(({ kind }) => kind)).toEqual(['conflict'])
    expect(await journal.read(key('alarm'), 1, 10)).toHaveLength(1)
  })

  test('a terminal that sends rubbish without end is nacked and counted, and hides nobody else', async () => {
    const journal = createMemoryJournal()
    const gateway = await startGateway({ journal })
    const [bad, other] = [
      await connectTerminal(gateway.ports.ingest),
      await connectTerminal(gateway.ports.ingest, 'f1', 'v2'),
    ]
    for (let n = 0; n < 205; n++) await bad.sendBytes(Buffer.from(`rubbish ${n}`), 'telemetry')
    await other.sendBytes(Buffer.from('rubbish of another'), 'telemetry')
    await gateway.idle()
    expect(journal.quarantined()).toHaveLength(201)
    expect(journal.quarantined().at(-1)).toMatchObject({ vehicle: 'v2' })
    expect(gateway.metrics.value('quarantine_unkept_total', { cap: 'vehicle' })).toBe(5)
    expect(gateway.metrics.value('quarantine_unkept_total', { cap: 'day' })).toBe(0)
    expect(gateway.metrics.value('quarantined_total', { kind: 'malformed' })).toBe(206)
  })

  test('one poisoned envelope among many is set aside without ending the connection', async () => {
    const journal = createMemoryJournal()
    const gateway = await startGateway({ journal })
    const terminal = await connectTerminal(gateway.ports.ingest)
    let closed = 0
    terminal.client.on('close', () => closed++)
    const broken = encodeEnvelope(batch(20)).map((byte, index) => (index > 60 ? byte ^ 0x5a : byte))
    const sent = Array.from({ length: 40 }, (_, index) =>
      index === 20 ? terminal.sendBytes(broken, 'telemetry') : terminal.send(batch(index + 1)),
    )
    await Promise.all(sent)
    await gateway.idle()
    expect(closed).toBe(0)
    expect(journal.quarantined()).toMatchObject([{ kind: 'malformed', fleet: 'f1', vehicle: 'v1' }])
    expect(await journal.read(key('telemetry'), 1, 100)).toHaveLength(39)
  })

  test.each([
    ['dated in the future', telemetry(1, cruise(Date.now() + 120_000, Date.now() + 121_000)), 'future'],
    ['of another vehicle', { ...batch(1), vehicle: 'v2' }, 'foreign'],
  ] as const)('an envelope %s is quarantined and nacked', async (_name, envelope, kind) => {
    const journal = createMemoryJournal()
    const gateway = await startGateway({ journal })
    const terminal = await connectTerminal(gateway.ports.ingest)
    await terminal.sendBytes(encodeEnvelope(envelope), 'telemetry')
    await until(() => terminal.acks.length > 0)
    expect(terminal.acks.at(-1)?.nacks).toEqual([{ stream: 'telemetry', seq: 1, reason: kind }])
    expect(journal.quarantined().map((item) => item.kind)).toEqual([kind])
    expect(await journal.read(key('telemetry'), 1, 10)).toEqual([])
  })

  test('in a fast world an envelope may be as far ahead as the machine is late', async () => {
    const journal = createMemoryJournal()
    const world = { nowMs: () => startMs, factor: () => 120 }
    const gateway = await startGateway({ journal, world })
    const terminal = await connectTerminal(gateway.ports.ingest)
    // 60 s plus one second at 120 times the speed.
    await terminal.send(telemetry(1, cruise(startMs + 180_000, startMs + 180_001)))
    await terminal.send(telemetry(2, cruise(startMs + 180_001, startMs + 180_002)))
    await gateway.idle()
    expect((await journal.read(key('telemetry'), 1, 10)).map(({ envelope }) => envelope.seq)).toEqual([1])
    expect(journal.quarantined().map(({ kind }) => kind)).toEqual(['future'])
  })

  test('who begins to listen learns what is journaled already, holes and all', async () => {
    const gateway = await startGateway()
    const first = await connectTerminal(gateway.ports.ingest)
    for (const seq of [1, 2, 5, 6]) await first.send(batch(seq))
    await first.client.endAsync(true)
    const second = await connectTerminal(gateway.ports.ingest)
    await until(() => second.acks.length > 0)
    expect(second.acks[0]?.streams.telemetry).toEqual({ upto: 2, ranges: [{ first: 5, last: 6 }] })
  })

  test('a gap record closes the hole it names', async () => {
    const journal = createMemoryJournal()
    const gateway = await startGateway({ journal })
    const terminal = await connectTerminal(gateway.ports.ingest)
    await terminal.send(batch(1))
    await terminal.send(batch(4))
    const gap = {
      class: 'telemetry',
      firstSeq: 2,
      lastSeq: 3,
      count: 2,
      fromMs: startMs,
      toMs: startMs + 1000,
      reason: 'cap',
      firstHash: new Uint8Array(32),
      lastHash: new Uint8Array(32),
    }
    await terminal.send({ ...batch(5), body: { is: 'gap', gap } })
    expect(journal.state(key('telemetry'))).toEqual({ upto: 5, ranges: [] })
  })
})

describe('what is no envelope of a terminal of ours', () => {
  test.each(['', 'f1', 'f1.v1.x', 'f1.unknown', 'f1/v1', '$SYS.v1', 'f1.v+'])(
    'client id %j is refused with a return code',
    async (clientId) => {
      const gateway = await startGateway()
      await expect(connect(gateway.ports.ingest, { clientId })).rejects.toThrow(/Identifier rejected/)
    },
  )

  test.each([
    'rw/v1/f1/v2/up/alarm',
    'rw/v1/f1/v1/up/other',
    'rw/v1/f1/v1/ack',
    '$SYS/x',
    'alerts/v1/f1/major/speeding/v1',
  ])('publishing to %s ends the connection and journals nothing', async (topic) => {
    const journal = createMemoryJournal()
    const gateway = await startGateway({ journal })
    const { client } = await connectTerminal(gateway.ports.ingest)
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()))
    client.publish(topic, Buffer.from(encodeEnvelope(alarm(1, {}, null))), { qos: 1 })
    await closed
    expect(journal.watermarks()).toEqual([])
  })

  test.each([
    'rw/v1/f1/v2/ack',
    'rw/v1/f1/+/ack',
    'rw/v1/f1/v1/#',
    '#',
    '$SYS/#',
    '$share/g/rw/v1/f1/v1/ack',
    'rw/v1/f1/v1/up/alarm',
  ])('subscribing to %s is denied, the connection stays', async (filter) => {
    const gateway = await startGateway()
    const terminal = await connectTerminal(gateway.ports.ingest)
    await expect(terminal.client.subscribeAsync(filter)).rejects.toThrow(/Unspecified error|128/)
    await terminal.send(batch(1))
    await until(() => terminal.acks.length > 0)
  })

  test('a will is not journaled when its client dies', async () => {
    const journal = createMemoryJournal()
    const gateway = await startGateway({ journal })
    const payload = Buffer.from(encodeEnvelope(alarm(1, {}, null)))
    const will = { topic: upTopic('f1', 'v1', 'alarm'), payload, qos: 1 as const, retain: false }
    const client = await connect(gateway.ports.ingest, { clientId: 'f1.v1', will })
    client.stream.destroy()
    await until(() => gateway.metrics.value('refused_total', { door: 'ingest', reason: 'will' }) === 1)
    await gateway.idle()
    expect(journal.watermarks()).toEqual([])
  })

  test('a terminal that is gone before its commit has its envelope journaled all the same', async () => {
    const { journal, hold, release, asked } = heldJournal()
    const gateway = await startGateway({ journal })
    const terminal = await connectTerminal(gateway.ports.ingest)
    hold()
    terminal.send(batch(1)).catch(() => {})
    await until(() => asked() > 0)
    terminal.client.stream.destroy()
    release()
    await until(() => journal.state(key('telemetry')).upto === 1)
  })

  test('a failed commit makes no PUBACK and ends the gateway', async () => {
    const journal = createMemoryJournal()
    const failures: unknown[] = []
    const gateway = await startGateway({
      journal: { ...journal, append: () => Promise.reject(new Error('no space left')) },
      onFatal: (error) => failures.push(error),
    })
    const terminal = await connectTerminal(gateway.ports.ingest)
    let acknowledged = false
    terminal.send(batch(1)).then(
      () => {
        acknowledged = true
      },
      () => {},
    )
    await until(() => failures.length > 0)
    await settled()
    expect({ failures: failures.length, acknowledged, acks: terminal.acks }).toEqual({
      failures: 1,
      acknowledged: false,
      acks: [],
    })
  })
})

test('rubbish on the socket does not disturb the terminal beside it', async () => {
  const gateway = await startGateway()
  const terminal = await connectTerminal(gateway.ports.ingest)
  for (const bytes of [
    '00',
    '10ff',
    'ffffffffffff',
    '100c00044d5154540402003c0000',
    '30',
    '6202000162020001',
  ]) {
    const socket = connectSocket(gateway.ports.ingest, '127.0.0.1')
    socket.on('error', () => {})
    socket.end(Buffer.from(bytes, 'hex'))
  }
  await terminal.send(batch(1))
  await until(() => terminal.acks.length > 0)
})

test('alerts of an alarm reach the officer after the commit, as JSON and as protobuf', async () => {
  const gateway = await startGateway()
  const officer = await connectOfficer(gateway.ports.alerts, 'alerts-json/v1/f1/#')
  const terminal = await connectTerminal(gateway.ports.ingest)
  await terminal.send(alarm(1, {}, null))
  await until(() => officer.alerts().length > 0)
  expect(officer.alerts()[0]).toMatchObject({
    kind: 'speeding',
    phase: 'started',
    cursor: 1,
    revision: 1,
    late: true,
  })
})
