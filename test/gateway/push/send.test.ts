import { createPublicKey, verify } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Wanted } from '../../../gateway/documents.ts'
import { memoryContents } from '../../../gateway/push/contents.ts'
import { openSigningKey } from '../../../gateway/push/key.ts'
import { sha256Hex } from '../../../proto/canonical.ts'
import { decodeDocumentPart } from '../../../proto/codec.ts'
import type { DocumentPart } from '../../../proto/model.ts'
import { signedText } from '../../../proto/signed-document.ts'
import { connect, connectTerminal, until } from '../help/clients.ts'
import { startGateway, tempFolder } from '../help/world.ts'

const wantedFrom = (value: unknown): Wanted => {
  const text = JSON.stringify(value)
  return { value, text, digest: sha256Hex(text) }
}

describe('what a terminal is sent', () => {
  test('its documents whole and signed, each time it begins to listen; nobody else hears them', async () => {
    const policy = wantedFrom({ note: 'x'.repeat(150_000) })
    const key = openSigningKey(tempFolder())
    const gateway = await startGateway({
      push: {
        store: {
          wanted: (fleet, vehicle, name) =>
            fleet === 'f1' && vehicle === 'v1' && name === 'policy' ? policy : null,
          judged: () => null,
        },
        contents: memoryContents(),
        sign: key.sign,
      },
    })
    const other = await connectTerminal(gateway.ports.ingest, 'f1', 'v2')
    const heard: string[] = []
    other.client.on('message', (topic) => heard.push(topic))
    const versions = new Set<number>()
    for (let round = 0; round < 2; round++) {
      const client = await connect(gateway.ports.ingest, { clientId: 'f1.v1' })
      const parts: DocumentPart[] = []
      const sizes: number[] = []
      client.on('message', (topic, payload) => {
        const part = decodeDocumentPart(payload)
        expect([topic, part.ok]).toEqual(['rw/v1/f1/v1/policy', true])
        sizes.push(payload.length)
        if (part.ok) parts.push(part.value)
      })
      await client.subscribeAsync(['rw/v1/f1/v1/policy', 'rw/v1/f1/v1/trip'], { qos: 1 })
      await until(() => parts.length === 3)
      const whole = Buffer.concat(parts.map(({ content }) => content))
      expect(sizes.every((size) => size <= 64 * 1024)).toBe(true)
      expect(whole.toString('utf8')).toBe(policy.text)
      expect(parts.map(({ part, parts: of, digest }) => [part, of, digest])).toEqual(
        [0, 1, 2].map((part) => [part, 3, sha256Hex(whole)]),
      )
      for (const { version, digest, signature } of parts) {
        versions.add(version)
        const text = signedText({ fleet: 'f1', vehicle: 'v1', name: 'policy', version, digest })
        expect(verify(null, Buffer.from(text), createPublicKey(key.publicPem), signature!)).toBe(true)
      }
      await client.endAsync()
    }
    expect(versions.size).toBe(1)
    expect(heard).toEqual([])
  })
})

describe('the key it signs with', () => {
  test('is made once, readable for this user only, and the same after a restart', () => {
    const folder = tempFolder()
    const first = openSigningKey(folder)
    expect(statSync(path.join(folder, 'push-key.pem')).mode & 0o777).toBe(0o600)
    expect(readFileSync(path.join(folder, 'push-key.pub.pem'), 'utf8')).toBe(first.publicPem)
    expect(openSigningKey(folder).publicPem).toBe(first.publicPem)
    expect(openSigningKey(tempFolder()).publicPem).not.toBe(first.publicPem)
  })

  test('a file that is no such key is told, and never replaced', () => {
    const folder = tempFolder()
    writeFileSync(path.join(folder, 'push-key.pem'), 'gone')
    expect(() => openSigningKey(folder)).toThrow(/push-key\.pem: not an Ed25519 private key; restore it/)
    expect(readFileSync(path.join(folder, 'push-key.pem'), 'utf8')).toBe('gone')
  })
})
