import mqtt from 'mqtt'
import { expect, onTestFinished, test } from 'vitest'
import { masked } from '../../gateway/masking.ts'
import { decodeAlert, encodeEnvelope } from '../../proto/codec.ts'
import { upTopic } from '../../proto/topics.ts'
import { until } from './help/clients.ts'
import { alarm } from './help/envelopes.ts'
import { makeRealm, password, someUsers, startTlsGateway, tryConnect } from './help/pki.ts'

test('names of people are masked wherever drivers stand; ids, places and sentences stay', () => {
  const before = {
    driver: '张三',
    place: '杭州',
    plate: '浙A12345',
    evidence: { from: '张三', to: 'd-2', n: 1 },
  }
  expect(masked(before)).toEqual({
    ...{ driver: '张**', place: '杭州', plate: '浙A12345' },
    evidence: { from: '张**', to: 'd-2', n: 1 },
  })
  expect(masked({ drivers: ['张三', '李四'], driver: null })).toEqual({
    drivers: ['张**', '李**'],
    driver: null,
  })
  expect(masked({ waybill: { goodsClass: '3', escort: '王五' } })).toEqual({
    waybill: { goodsClass: '3', escort: '王**' },
  })
})

test('who speaks with drivers hears their names over MQTT; an auditor and an authority hear 张**, in both forms', async () => {
  const realm = await makeRealm()
  const gateway = await startTlsGateway(realm)
  const heard = new Map<string, string[]>()
  for (const name of ['officer', 'auditor', 'authority']) {
    const client = mqtt.connect(`mqtts://127.0.0.1:${gateway.ports.alerts}`, {
      ...{ ca: realm.authority.cert, clientId: name, username: name, password },
      ...{ reconnectPeriod: 0, protocolVersion: 4 },
    })
    onTestFinished(() => client.endAsync(true).then(() => undefined))
    const names: string[] = []
    heard.set(name, names)
    client.on('message', (topic, payload) => {
      if (topic.startsWith('alerts-json/'))
        names.push((JSON.parse(payload.toString()) as { driver: string }).driver)
      const decoded = topic.startsWith('alerts/') ? decodeAlert(payload) : null
      if (decoded?.ok) names.push(String(decoded.value.driver))
    })
    await until(() => client.connected)
    await client.subscribeAsync(['alerts/v1/f1/#', 'alerts-json/v1/f1/#'], { qos: 1 })
  }
  const { cert, key } = await realm.terminal('f1.v1')
  const url = `mqtts://127.0.0.1:${gateway.ports.ingest}`
  const terminal = await tryConnect(url, { ca: realm.authority.cert, cert, key, clientId: 'f1.v1' })
  const bytes = encodeEnvelope(alarm(1, { driver: '张三' }, null))
  await terminal!.publishAsync(upTopic('f1', 'v1', 'alarm'), Buffer.from(bytes), { qos: 1 })
  await gateway.idle()
  await until(() => [...heard.values()].every((names) => names.length === 2))
  expect(Object.fromEntries(heard)).toEqual({
    officer: ['张三', '张三'],
    auditor: ['张**', '张**'],
    authority: ['张**', '张**'],
  })
})

test('no name waits for an auditor who is away, nor for who became one meanwhile', async () => {
  const realm = await makeRealm()
  const gateway = await startTlsGateway(realm)
  const heard: string[] = []
  const sit = async (name: string) => {
    const client = mqtt.connect(`mqtts://127.0.0.1:${gateway.ports.alerts}`, {
      ...{ ca: realm.authority.cert, clientId: name, username: name, password, clean: false },
      ...{ reconnectPeriod: 0, protocolVersion: 4 },
    })
    onTestFinished(() => client.endAsync(true).then(() => undefined))
    client.on('message', (_topic, payload) => {
      const { driver, subject } = JSON.parse(payload.toString()) as { driver: string; subject: string }
      heard.push(`${name} ${subject} ${driver}`)
    })
    await until(() => client.connected)
    return client
  }
  const names = ['officer', 'auditor', 'supervisor']
  for (const name of names) {
    const client = await sit(name)
    await client.subscribeAsync('alerts-json/v1/f1/#', { qos: 1 })
    await client.endAsync()
  }
  const { cert, key } = await realm.terminal('f1.v1')
  const url = `mqtts://127.0.0.1:${gateway.ports.ingest}`
  const terminal = await tryConnect(url, { ca: realm.authority.cert, cert, key, clientId: 'f1.v1' })
  const send = async (seq: number) => {
    const bytes = encodeEnvelope(alarm(seq, { driver: '张三', subject: `s${seq}` }, null))
    await terminal!.publishAsync(upTopic('f1', 'v1', 'alarm'), Buffer.from(bytes), { qos: 1 })
    await gateway.idle()
  }
  await send(1)
  const users = await someUsers()
  gateway.setUsers(
    users.map((user) => (user.name === 'supervisor' ? { ...user, fleets: { f1: 'auditor' } } : user)),
  )
  for (const name of names) await sit(name)
  await send(2)
  await until(() => names.every((name) => heard.some((line) => line.startsWith(`${name} s2`))))
  expect(heard.toSorted()).toEqual([
    'auditor s2 张**',
    'officer s1 张三',
    'officer s2 张三',
    'supervisor s1 张**',
    'supervisor s2 张**',
  ])
})
