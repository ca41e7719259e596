import { expect, test } from 'vitest'
import { sha256Hex } from '../../proto/canonical.ts'
import { decodeDocumentPart } from '../../proto/codec.ts'
import type { DocumentPart } from '../../proto/model.ts'
import { connect, connectTerminal, until } from './help/clients.ts'
import { startGateway } from './help/world.ts'

test('a terminal gets its documents whole each time it begins to listen, nobody else does', async () => {
  const value = { note: 'x'.repeat(150_000) }
  const gateway = await startGateway({
    pushed: (fleet, vehicle, name) =>
      fleet === 'f1' && vehicle === 'v1' && name === 'policy' ? { version: 3, value } : null,
  })
  const other = await connectTerminal(gateway.ports.ingest, 'f1', 'v2')
  const heard: string[] = []
  other.client.on('message', (topic) => heard.push(topic))
  for (let round = 0; round < 2; round++) {
    const client = await connect(gateway.ports.ingest, { clientId: 'f1.v1' })
    const parts: DocumentPart[] = []
    client.on('message', (topic, payload) => {
      const part = decodeDocumentPart(payload)
      expect([topic, part.ok]).toEqual(['rw/v1/f1/v1/policy', true])
      if (part.ok) parts.push(part.value)
    })
    await client.subscribeAsync(['rw/v1/f1/v1/policy', 'rw/v1/f1/v1/trip'], { qos: 1 })
    await until(() => parts.length === 3)
    const whole = Buffer.concat(parts.map(({ content }) => content))
    expect(JSON.parse(whole.toString('utf8'))).toEqual(value)
    expect(parts.map(({ version, part, parts: of, digest }) => [version, part, of, digest])).toEqual(
      [0, 1, 2].map((part) => [3, part, 3, sha256Hex(whole)]),
    )
    await client.endAsync()
  }
  expect(heard).toEqual([])
})
