import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { sha256Hex } from '../proto/canonical.ts'
import type { WorldClock } from '../proto/clocks.ts'
import { decodeAck, decodeDocumentPart } from '../proto/codec.ts'
import type { Documents } from '../proto/in-force.ts'
import type { Ack, DocumentPart } from '../proto/model.ts'
import { type DocumentName, parseDownTopic } from '../proto/topics.ts'
import { applyPushed, type Pushed } from './documents.ts'
import { writeDurably } from './durable-file.ts'
import { Complaint, type Log } from './log.ts'

/**
 * What the gateway tells this terminal: acks, documents in parts that are applied when whole, words for the cab.
 * Foreign data: whatever is wrong is counted and said, and what was in force stays in force.
 */
export type DownlinkDeps = {
  readonly folder: string
  readonly base: Documents
  readonly world: WorldClock
  readonly log: Log
  readonly acknowledged: (ack: Ack) => void
  readonly say: (words: string) => void
  /** Told of each document that was put in force, also of those kept from before the last restart. */
  readonly applied?: (name: Pushed, value: unknown, sinceMs: number | null) => void
}

const pushedNames: readonly Pushed[] = ['policy', 'trip', 'route', 'areas']
const documentBytesMax = 64 * 2 ** 20
const commandSchema = z.object({ say: z.string().min(1).max(500) })
const storedSchema = z.object({
  digest: z.string(),
  sinceMs: z.number().nullable(),
  value: z.unknown(),
})

type Assembly = { readonly digest: string; readonly parts: Map<number, Uint8Array>; bytes: number }

export class Downlink {
  documents: Documents
  /** Messages that were not what their topic promises. */
  malformed = 0
  readonly #deps: DownlinkDeps
  readonly #complaint: Complaint
  readonly #assemblies = new Map<DocumentName, Assembly>()
  readonly #inForce = new Map<DocumentName, string>()

  constructor(deps: DownlinkDeps) {
    this.#deps = deps
    this.documents = deps.base
    this.#complaint = new Complaint(deps.log, 'the gateway sent something that cannot be used')
    mkdirSync(deps.folder, { recursive: true })
    for (const name of pushedNames) this.#recall(name)
  }

  message(topic: string, payload: Uint8Array): void {
    const { fleet, id } = this.documents.vehicle
    const name = parseDownTopic(topic, fleet, id)
    if (name === null) this.#refuse(`topic ${topic.slice(0, 200)}`)
    else if (name === 'ack') this.#ack(payload)
    else this.#document(name, payload)
  }

  #document(name: Exclude<DocumentName, 'ack'>, payload: Uint8Array): void {
    const part = decodeDocumentPart(payload)
    if (part.ok) this.#part(name, part.value)
    else this.#refuse(`${name}: ${part.reason}`)
  }

  #ack(payload: Uint8Array): void {
    const ack = decodeAck(payload)
    if (ack.ok) this.#deps.acknowledged(ack.value)
    else this.#refuse(`ack: ${ack.reason}`)
  }

  #refuse(why: string): void {
    this.malformed++
    this.#complaint.say(why)
  }

  /** Parts may come again and in any order; a part of another version begins anew. */
  #part(name: Exclude<DocumentName, 'ack'>, part: DocumentPart): void {
    if (this.#inForce.get(name) === markOf(name, part)) return
    let assembly = this.#assemblies.get(name)
    if (assembly?.digest !== part.digest) {
      assembly = { digest: part.digest, parts: new Map(), bytes: 0 }
      this.#assemblies.set(name, assembly)
    }
    if (!assembly.parts.has(part.part)) assembly.bytes += part.content.length
    assembly.parts.set(part.part, part.content)
    if (assembly.bytes > documentBytesMax) {
      this.#assemblies.delete(name)
      this.#refuse(`${name}: more than ${documentBytesMax} bytes`)
    } else if (assembly.parts.size >= part.parts) {
      this.#assemblies.delete(name)
      this.#whole(name, part, joined(assembly, part.parts))
    }
  }

  #whole(name: Exclude<DocumentName, 'ack'>, part: DocumentPart, content: Buffer | null): void {
    if (content === null || sha256Hex(content) !== part.digest) {
      this.#refuse(`${name}: the parts do not make the document they name`)
      return
    }
    try {
      const value: unknown = JSON.parse(content.toString('utf8'))
      if (name === 'command') this.#deps.say(commandSchema.parse(value).say)
      else this.#apply(name, value, part.digest)
      this.#inForce.set(name, markOf(name, part))
    } catch (error) {
      this.#refuse(`${name}: ${error instanceof Error ? error.message : 'not usable'}`)
    }
  }

  #apply(name: Pushed, value: unknown, digest: string): void {
    const sinceMs = this.#deps.world.nowMs()
    this.documents = applyPushed(this.documents, name, value, sinceMs)
    this.#deps.applied?.(name, value, sinceMs)
    this.#deps.log.info({ document: name, digest }, 'a document of the gateway is in force')
    try {
      writeDurably(this.#fileOf(name), JSON.stringify({ digest, sinceMs, value }))
    } catch (error) {
      // It is in force; after a restart the gateway sends it again.
      this.#complaint.say(error)
    }
  }

  #fileOf(name: Pushed): string {
    return join(this.#deps.folder, `${name}.json`)
  }

  /** What was pushed before the last restart holds until the gateway says otherwise, also out of coverage. */
  #recall(name: Pushed): void {
    if (!readdirSync(this.#deps.folder).includes(`${name}.json`)) return
    try {
      const stored = storedSchema.parse(JSON.parse(readFileSync(this.#fileOf(name), 'utf8')))
      this.documents = applyPushed(this.documents, name, stored.value, stored.sinceMs)
      this.#deps.applied?.(name, stored.value, stored.sinceMs)
      this.#inForce.set(name, stored.digest)
    } catch (error) {
      this.#refuse(`stored ${name}: ${error instanceof Error ? error.message : 'not usable'}`)
    }
  }
}

/** The same document again is no news; the same words to the driver, commanded again, are. */
function markOf(name: DocumentName, { digest, version }: DocumentPart): string {
  return name === 'command' ? `${version}/${digest}` : digest
}

function joined(assembly: Assembly, parts: number): Buffer | null {
  const content: Uint8Array[] = []
  for (let part = 0; part < parts; part++) {
    const bytes = assembly.parts.get(part)
    if (bytes === undefined) return null
    content.push(bytes)
  }
  return Buffer.concat(content)
}
