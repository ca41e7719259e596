import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bareDocuments } from '../../device/documents.ts'
import { Downlink } from '../../device/downlink.ts'
import { silentLog } from '../../device/log.ts'
import { sha256Hex } from '../../proto/canonical.ts'
import { encodeDocumentPart } from '../../proto/codec.ts'
import { defaultVehicle } from '../../proto/shapes/vehicle.ts'
import { downTopic } from '../../proto/topics.ts'
import { noon } from '../help/envelopes.ts'

const base = bareDocuments(defaultVehicle)
const square = {
  type: 'FeatureCollection',
  features: [
    {
      type: 'Feature',
      properties: { id: 'yard', role: 'speedZone', limitKmh: 20 },
      geometry: {
        type: 'Polygon',
        coordinates: [
          [
            [114, 30],
            [114.1, 30],
            [114.1, 30.1],
            [114, 30.1],
            [114, 30],
          ],
        ],
      },
    },
  ],
}

describe('documents from the gateway', () => {
  let folder: string
  let atMs = noon
  const open = (): Downlink =>
    new Downlink({
      folder,
      base,
      world: { nowMs: () => atMs, factor: () => 1 },
      log: silentLog,
      acknowledged: () => {},
      say: () => {},
    })
  const push = (
    downlink: Downlink,
    name: 'policy' | 'areas' | 'trip',
    value: unknown,
    pieces = 1,
    version = 1,
  ): void => {
    const content = Buffer.from(JSON.stringify(value))
    const size = Math.ceil(content.length / pieces)
    for (let part = 0; part < pieces; part++)
      downlink.message(
        downTopic('fleet', 'vehicle', name),
        encodeDocumentPart({
          version,
          digest: sha256Hex(content),
          part,
          parts: pieces,
          content: content.subarray(part * size, (part + 1) * size),
        }),
      )
  }
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'downlink-'))
    atMs = noon
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('holds a pushed document across a restart, in force since the push', () => {
    push(open(), 'areas', square, 5)
    atMs += 3_600_000
    const again = open()
    expect([...again.documents.areas.byId.keys()]).toEqual(['yard'])
    expect(again.documents.areasSinceMs).toBe(noon)
    // The gateway sends it at each connect: the same document is no new push.
    push(again, 'areas', square, 5)
    expect(again.documents.areasSinceMs).toBe(noon)
  })

  it('replaces documents as a whole and leaves the object of before alone', () => {
    const downlink = open()
    const before = downlink.documents
    push(downlink, 'policy', { speeding: { holdS: 3 } })
    expect(downlink.documents).not.toBe(before)
    expect(before.policy.speeding.holdS).toBe(10)
    expect(downlink.documents.policy.speeding.holdS).toBe(3)
    expect(downlink.documents.policyDigest).not.toBe(before.policyDigest)
    push(downlink, 'policy', null, 1, 2)
    expect(downlink.documents.policyDigest).toBe(base.policyDigest)
  })

  it('never mixes the parts of two versions', () => {
    const downlink = open()
    const part = (text: string, index: number, whole: string) =>
      downlink.message(
        downTopic('fleet', 'vehicle', 'policy'),
        encodeDocumentPart({
          version: 1,
          digest: sha256Hex(whole),
          part: index,
          parts: 2,
          content: Buffer.from(text),
        }),
      )
    part('{"version":', 0, '{"version":1}')
    part('2}', 1, '{"version":2}')
    expect(downlink.documents.policy.version).toBe(0)
    part('{"version":', 0, '{"version":2}')
    expect(downlink.documents.policy.version).toBe(2)
  })

  it('refuses parts that do not make the document they name, and a stored file that is damaged', () => {
    const downlink = open()
    const content = Buffer.from('{"version":9}')
    downlink.message(
      downTopic('fleet', 'vehicle', 'policy'),
      encodeDocumentPart({ version: 9, digest: sha256Hex('other'), part: 0, parts: 1, content }),
    )
    expect([downlink.malformed, downlink.documents.policy.version]).toEqual([1, 0])
    writeFileSync(join(folder, 'policy.json'), '{"digest":"x","sinceMs":')
    const again = open()
    expect([again.malformed, again.documents.policyDigest]).toEqual([1, base.policyDigest])
  })

  it('takes trips one by one or as a list, and no trip of another vehicle', () => {
    const trip = {
      id: 't1',
      vehicle: 'vehicle',
      from: '2026-11-22T10:00:00+08:00',
      to: '2026-11-22T20:00:00+08:00',
      drivers: [],
      serviceClass: null,
      oneWayKm: null,
    }
    const downlink = open()
    push(downlink, 'trip', [trip])
    expect(downlink.documents.trips.map(({ id }) => id)).toEqual(['t1'])
    push(downlink, 'trip', [{ ...trip, vehicle: 'other' }], 1, 2)
    expect(downlink.malformed).toBe(1)
    expect(downlink.documents.trips.map(({ id }) => id)).toEqual(['t1'])
  })
})
