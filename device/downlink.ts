import type { KeyObject } from 'node:crypto'
import { z } from 'zod'
import { sha256Hex } from '../proto/canonical.ts'
import type { WorldClock } from '../proto/clocks.ts'
import { decodeAck, decodeDocumentPart } from '../proto/codec.ts'
import type { Documents } from '../proto/in-force.ts'
import type { Ack, DocumentInForce, DocumentPart, PushedName, Sample } from '../proto/model.ts'
import { type DocumentName, parseDownTopic } from '../proto/topics.ts'
import { InForce } from './in-force.ts'
import { Complaint, type Log } from './log.ts'
import { signatureTrouble } from './signature.ts'
import type { Rejected, Tally } from './tally.ts'

/**
 * What the gateway tells this terminal: acks, documents in parts that are applied when whole, words for the cab.
 * Foreign data: whatever is wrong is counted, said and reported, and what was in force stays in force.
 */
export type DownlinkDeps = {
  readonly folder: string
  readonly base: Documents
  readonly world: WorldClock
  readonly log: Log
  /** Counts what could not be used; absent: nobody does. */
  readonly tally?: Tally | undefined
  readonly acknowledged: (ack: Ack) => void
  readonly say: (words: string, command: Pick<DocumentPart, 'version' | 'digest'>) => void
  /** The gateway's; absent: documents are taken without a signature. */
  readonly publicKey?: KeyObject | undefined
  /** Told of each document that was put in force, also of those kept from before the last restart. */
  readonly applied?: (name: PushedName, value: unknown, sinceMs: number | null) => void
  /** What holds, or what was refused, is no longer what it was. */
  readonly changed?: () => void
}

const documentBytesMax = 64 * 2 ** 20
const commandSchema = z.object({ say: z.string().min(1).max(500) })

/** Parts of one document that have come so far. */
type Assembly = { readonly mark: string; readonly parts: Map<number, Uint8Array>; bytes: number }
type Pushable = Exclude<DocumentName, 'ack'>

export class Downlink {
  /** Messages that were not what their topic promises. */
  malformed = 0
  readonly #deps: DownlinkDeps
  readonly #complaint: Complaint
  readonly #inForce: InForce
  readonly #assemblies = new Map<DocumentName, Assembly>()
  #lastCommand: string | null = null
  #sampleMs: number | null = null

  constructor(deps: DownlinkDeps) {
    this.#deps = deps
    this.#complaint = new Complaint(deps.log, 'the gateway sent something that cannot be used')
    if (deps.publicKey === undefined)
      deps.log.warn({}, 'no gateway.publicKey is configured: documents are taken without a signature')
    this.#inForce = new InForce({
      folder: deps.folder,
      base: deps.base,
      log: deps.log,
      nowMs: () => (this.#sampleMs === null ? deps.world.nowMs() : this.#sampleMs + 1),
      applied: deps.applied,
      changed: deps.changed,
    })
    for (const trouble of this.#inForce.troubles) this.#count('stored', trouble)
  }

  get documents(): Documents {
    return this.#inForce.documents
  }

  /** What this terminal tells the gateway about its documents. */
  report(): readonly DocumentInForce[] {
    return this.#inForce.report()
  }

  /** A Sample is about to be judged. */
  seen(sample: Sample): void {
    this.#inForce.seen(sample)
    this.#sampleMs = sample.atMs
  }

  message(topic: string, payload: Uint8Array): void {
    const { fleet, id } = this.documents.vehicle
    const name = parseDownTopic(topic, fleet, id)
    if (name === null) this.#count('topic', `topic ${topic.slice(0, 200)}`)
    else if (name === 'ack') this.#ack(payload)
    else this.#document(name, payload)
  }

  #document(name: Pushable, payload: Uint8Array): void {
    const part = decodeDocumentPart(payload)
    if (part.ok) this.#part(name, part.value)
    else this.#count('part', `${name}: ${part.reason}`)
  }

  #ack(payload: Uint8Array): void {
    const ack = decodeAck(payload)
    if (ack.ok) this.#deps.acknowledged(ack.value)
    else this.#count('ack', `ack: ${ack.reason}`)
  }

  #count(reason: Rejected['gateway'], why: string): void {
    this.malformed++
    this.#deps.tally?.rejected('gateway', reason)
    this.#complaint.say(why)
  }

  #refuse(name: Pushable, part: DocumentPart, why: string): void {
    this.#assemblies.delete(name)
    this.#count(
      name === 'command' ? 'command' : 'document',
      `${name}: ${name === 'command' ? why : this.#inForce.refuse(name, part, why)}`,
    )
  }

  /** The same document again is no news; the same words to the driver, commanded again, are. */
  #isKnown(name: Pushable, part: DocumentPart): boolean {
    return name === 'command'
      ? this.#lastCommand === `${part.version}/${part.digest}`
      : this.#inForce.holds(name, part)
  }

  /** Parts may come again and in any order; a part of another version begins anew. */
  #part(name: Pushable, part: DocumentPart): void {
    if (this.#isKnown(name, part)) return
    const mark = `${part.version}/${part.digest}/${part.parts}`
    let assembly = this.#assemblies.get(name)
    if (assembly?.mark !== mark) {
      const trouble = this.#signatureTrouble(name, part)
      if (trouble !== null) {
        this.#refuse(name, part, trouble)
        return
      }
      assembly = { mark, parts: new Map(), bytes: 0 }
      this.#assemblies.set(name, assembly)
    }
    if (!assembly.parts.has(part.part)) {
      assembly.bytes += part.content.length
      assembly.parts.set(part.part, part.content)
    }
    if (assembly.bytes > documentBytesMax) this.#refuse(name, part, `more than ${documentBytesMax} bytes`)
    else if (assembly.parts.size >= part.parts) this.#whole(name, part, joined(assembly, part.parts))
  }

  #signatureTrouble(name: Pushable, { version, digest, signature }: DocumentPart): string | null {
    const { fleet, id } = this.documents.vehicle
    const document = { fleet, vehicle: id, name, version, digest }
    return signatureTrouble(this.#deps.publicKey ?? null, document, signature)
  }

  #whole(name: Pushable, part: DocumentPart, content: Buffer): void {
    this.#assemblies.delete(name)
    const { version, digest } = part
    if (sha256Hex(content) !== digest)
      this.#refuse(name, part, 'the parts do not make the document they name')
    else if (name === 'command') this.#command(part, content)
    else {
      const trouble = this.#inForce.take(name, { version, digest, content })
      if (trouble !== null) this.#count('document', `${name}: ${trouble}`)
    }
  }

  #command(part: DocumentPart, content: Buffer): void {
    try {
      this.#deps.say(commandSchema.parse(JSON.parse(content.toString('utf8'))).say, part)
      this.#lastCommand = `${part.version}/${part.digest}`
    } catch (error) {
      this.#count('command', `command: ${error instanceof Error ? error.message : 'not usable'}`)
    }
  }
}

/** Every part is there: numbers below `parts` only, each once, and as many as there are. */
function joined({ parts }: Assembly, count: number): Buffer {
  return Buffer.concat(Array.from({ length: count }, (_, part) => parts.get(part) ?? new Uint8Array()))
}
