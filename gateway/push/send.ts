import { encodeDocumentPart } from '../../proto/codec.ts'
import { type DocumentName, downTopic } from '../../proto/topics.ts'
import type { Peer } from '../broker.ts'

/** A document as a terminal gets it. */
export type Sealed = {
  readonly version: number
  /** Hex SHA-256 of the content. */
  readonly digest: string
  readonly content: Uint8Array
  readonly signature: Uint8Array
}

/** A part with its frame stays within the 64 KiB of a packet. */
const partBytesMax = 64 * 1024 - 1024

/** One part after the other: each waits until the one before was taken, so a slow line holds one part in memory. */
export async function sendDocument(peer: Peer, name: DocumentName, document: Sealed): Promise<void> {
  const { version, digest, content, signature } = document
  const parts = Math.max(1, Math.ceil(content.length / partBytesMax))
  const topic = downTopic(peer.fleet, peer.vehicle, name)
  for (let part = 0; part < parts && !peer.closed(); part++) {
    const piece = content.subarray(part * partBytesMax, (part + 1) * partBytesMax)
    const bytes = encodeDocumentPart({ version, digest, part, parts, content: piece, signature })
    await new Promise<void>((resolve) => peer.send(topic, bytes, resolve))
  }
}
