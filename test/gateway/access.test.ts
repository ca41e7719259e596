import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { loopbackOfficer, officerMayHear, terminalMayHear } from '../../gateway/access.ts'
import { connect, connectOfficer, connectTerminal, settled, until } from './help/clients.ts'
import { alarm, startGateway } from './help/world.ts'

/** Plain MQTT matching, level by level: the reference. */
function matches(filter: string, topic: string): boolean {
  const [wanted, had] = [filter.split('/'), topic.split('/')]
  for (const [index, part] of wanted.entries()) {
    if (part === '#') return true
    if (had[index] === undefined || (part !== '+' && part !== had[index])) return false
  }
  return wanted.length === had.length
}

const topics = ['f1', 'f2', 'f3'].flatMap((fleet) => [
  `alerts/v1/${fleet}/major/speeding/v1`,
  `alerts-json/v1/${fleet}/major/speeding/v1`,
  `state/v1/${fleet}/v1`,
  `rw/v1/${fleet}/v1/ack`,
  `rw/v1/${fleet}/v1/up/alarm`,
])
const part = fc.constantFrom(
  'alerts',
  'alerts-json',
  'state',
  'rw',
  'v1',
  'f1',
  'f2',
  'f3',
  '+',
  '#',
  'major',
  'ack',
  'up',
  '',
)
const filters = fc.array(part, { minLength: 1, maxLength: 7 }).map((parts) => parts.join('/'))

describe('filters', () => {
  test('an officer of a fleet may hear a filter only when all it matches is of that fleet', () => {
    const officer = loopbackOfficer('f1')
    fc.assert(
      fc.property(filters, (filter) => {
        if (!officerMayHear(officer, filter)) return
        const heard = topics.filter((topic) => matches(filter, topic))
        expect(heard.filter((topic) => !topic.includes('/f1/') || topic.startsWith('rw/'))).toEqual([])
      }),
      { numRuns: 20_000 },
    )
  })

  test.each(['alerts/v1/f1/#', 'alerts-json/v1/f1/+/curfew/+', 'state/v1/f1/v1', 'state/v1/f1/+'])(
    '%s is of fleet f1',
    (filter) => {
      expect(officerMayHear(loopbackOfficer('f1'), filter)).toBe(true)
      expect(officerMayHear(loopbackOfficer('f2,f1'), filter)).toBe(true)
      expect(officerMayHear(loopbackOfficer('f2'), filter)).toBe(false)
    },
  )

  test('without a name on loopback one hears every fleet, and only what is for officers', () => {
    const officer = loopbackOfficer(undefined)
    const heard = (filter: string) => officerMayHear(officer, filter)
    expect(['alerts/v1/#', 'alerts-json/v1/+/critical/#', 'state/v1/+/+'].map(heard)).toEqual([
      true,
      true,
      true,
    ])
    expect(['#', '+/v1/#', '$SYS/#', '$share/g/alerts/v1/f1/#', 'rw/v1/#', 'alerts/#'].map(heard)).toEqual(
      Array<boolean>(6).fill(false),
    )
  })

  test('a terminal may hear its own documents by name', () => {
    const own = { fleet: 'f1', vehicle: 'v1' }
    expect(terminalMayHear(own, 'rw/v1/f1/v1/ack')).toBe('ack')
    for (const filter of ['rw/v1/f1/v1/+', 'rw/v1/f1/v1/up/alarm', 'rw/v1/f1/v2/ack', 'rw/v1/f2/v1/ack', 'x'])
      expect(terminalMayHear(own, filter)).toBeNull()
  })
})

describe('nothing of one fleet is shown to another', () => {
  test('live, retained, in a kept session, mixed with what is allowed', async () => {
    const gateway = await startGateway()
    const spyOptions = { clientId: 'spy', username: 'f2', clean: false }
    const spy = await connect(gateway.ports.alerts, spyOptions)
    const heard: string[] = []
    spy.on('message', (topic) => heard.push(topic))
    await spy
      .subscribeAsync({
        'alerts/v1/f2/#': { qos: 1 },
        'alerts/v1/f1/#': { qos: 1 },
        'state/v1/f1/+': { qos: 1 },
      })
      .catch(() => {})
    const own = await connectTerminal(gateway.ports.ingest, 'f1', 'v1')
    const other = await connectTerminal(gateway.ports.ingest, 'f2', 'v2')
    await own.send(alarm(1, {}, null))
    await other.send(alarm(1, {}, null, { fleet: 'f2', vehicle: 'v2' }))
    await until(() => heard.length === 1)

    // The session is kept while the officer is away, with the denied filter nowhere in it.
    await spy.endAsync()
    await own.send(alarm(2, { subject: 'x' }, null))
    await other.send(alarm(2, { subject: 'x' }, null, { fleet: 'f2', vehicle: 'v2' }))
    await gateway.idle()
    const again = await connect(gateway.ports.alerts, { ...spyOptions, clientId: 'spy2' })
    await again.endAsync()
    const back = (await import('mqtt')).default.connect(
      `mqtt://127.0.0.1:${gateway.ports.alerts}`,
      spyOptions,
    )
    back.on('message', (topic) => heard.push(topic))
    await until(() => heard.length === 2)
    await back.subscribeAsync('state/v1/f1/+').catch(() => {})
    await own.send(alarm(3, { subject: 'y' }, null))
    await gateway.idle()
    await settled()
    await back.endAsync(true)
    expect(heard).toEqual(Array<string>(2).fill('alerts/v1/f2/major/speeding/v2'))
  })

  test('a session kept by an officer of one fleet gives nothing to the next who takes its name', async () => {
    const gateway = await startGateway()
    const first = await connect(gateway.ports.alerts, { clientId: 'desk', username: 'f1', clean: false })
    await first.subscribeAsync('alerts/v1/f1/#', { qos: 1 })
    await first.endAsync()
    const terminal = await connectTerminal(gateway.ports.ingest)
    await terminal.send(alarm(1, {}, null))
    await gateway.idle()
    const heard: string[] = []
    const second = await connect(gateway.ports.alerts, { clientId: 'desk', username: 'f2', clean: false })
    second.on('message', (topic) => heard.push(topic))
    await terminal.send(alarm(2, { subject: 'x' }, null))
    await gateway.idle()
    await settled()
    expect(heard).toEqual([])
  })

  test('officers publish nothing, neither now nor as a will', async () => {
    const gateway = await startGateway()
    const officer = await connectOfficer(gateway.ports.alerts, 'alerts-json/v1/f1/#')
    const topic = 'alerts-json/v1/f1/critical/curfew/v1'
    const liar = await connect(gateway.ports.alerts, {
      will: { topic, payload: Buffer.from('{}'), qos: 1, retain: true },
    })
    const gone = new Promise<void>((resolve) => liar.once('close', () => resolve()))
    liar.publish(topic, '{}', { qos: 1 })
    await gone
    const terminal = await connectTerminal(gateway.ports.ingest)
    await terminal.send(alarm(1, {}, null))
    await until(() => officer.messages.length > 0)
    expect(officer.alerts().map(({ kind }) => kind)).toEqual(['speeding'])
  })
})
