import { sha256Hex } from '../proto/canonical.ts'
import { encodeDocumentPart } from '../proto/codec.ts'
import { type DocumentName, downTopic } from '../proto/topics.ts'
import type { Peer } from './broker.ts'

/** Documents for terminals: sent whole, in parts, each time a terminal begins to listen to one. */
export type PushedName = Exclude<DocumentName, 'ack' | 'command'>

export const partBytesMax = 64 * 1024 - 1024

/** What a gateway has for a vehicle under a name; null: nothing, and the terminal keeps what it was configured with. */
export type Pushed = (
  fleet: string,
  vehicle: string,
  name: PushedName,
) => { version: number; value: unknown } | null

export function pushTo(peer: Peer, name: PushedName, pushed: Pushed): void {
  const document = pushed(peer.fleet, peer.vehicle, name)
  if (document === null) return
  const content = Buffer.from(JSON.stringify(document.value))
  const digest = sha256Hex(content)
  const parts = Math.max(1, Math.ceil(content.length / partBytesMax))
  const topic = downTopic(peer.fleet, peer.vehicle, name)
  for (let part = 0; part < parts; part++) {
    const piece = content.subarray(part * partBytesMax, (part + 1) * partBytesMax)
    const { version } = document
    peer.send(topic, encodeDocumentPart({ version, digest, part, parts, content: piece }))
  }
}
