import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { sha256Hex } from '../proto/canonical.ts'
import type { Documents } from '../proto/in-force.ts'
import type { DocumentInForce, PushedName, Refusal, Sample } from '../proto/model.ts'
import { pushedDocuments } from '../proto/topics.ts'
import { applyPushed } from './documents.ts'
import { makeFolder, writeDurably } from './durable-file.ts'
import type { Log } from './log.ts'

/**
 * Which documents hold on this terminal. A pushed one is read whole, stored, and only then put in force: whatever is
 * wrong with it, or with the disk, what held before goes on holding, also over a restart and out of coverage.
 */
export type InForceDeps = {
  readonly folder: string
  /** What the configuration names. */
  readonly base: Documents
  readonly log: Log
  /** Event time of the last Sample of this boot, or the machine's time before the first. */
  readonly nowMs: () => number
  /** Told of each document that was put in force, also of those kept from before the last restart. */
  readonly applied?: ((name: PushedName, value: unknown, sinceMs: number | null) => void) | undefined
  /** What holds, or what was refused, is no longer what it was. */
  readonly changed?: (() => void) | undefined
}

export type Offer = { readonly version: number; readonly digest: string; readonly content: Buffer }

const storedSchema = z.object({
  version: z.number().int().min(0),
  digest: z.string(),
  sinceMs: z.number().nullable(),
  isGuessed: z.boolean(),
  content: z.string(),
})
type Stored = z.infer<typeof storedSchema>
type Held = Stored & { readonly value: unknown }

/** The order in which documents are put over the configuration's: a route without a width takes the policy's. */
const order: readonly PushedName[] = ['policy', 'trip', 'route', 'areas']
const reasonMax = 200

export class InForce {
  documents: Documents
  /** What could not be used, and why, since the start. */
  readonly troubles: string[] = []
  readonly #deps: InForceDeps
  readonly #held = new Map<PushedName, Held>()
  readonly #refused = new Map<PushedName, Refusal>()

  constructor(deps: InForceDeps) {
    this.#deps = deps
    this.documents = deps.base
    makeFolder(deps.folder)
    for (const name of order) this.#recall(name)
  }

  holds(name: PushedName, { version, digest }: Pick<Offer, 'version' | 'digest'>): boolean {
    const held = this.#held.get(name)
    return held?.digest === digest && held.version === version
  }

  /** Puts a whole document in force; answers with the reason when it does not. */
  take(name: PushedName, offer: Offer): string | null {
    const held = this.#held.get(name)
    const stale = staleness(held, offer)
    if (stale !== null) return this.refuse(name, offer, stale)
    try {
      if (held?.digest === offer.digest) this.#renumber(name, held, offer.version)
      else this.#replace(name, offer)
    } catch (error) {
      return this.refuse(name, offer, error instanceof Error ? error.message : 'not usable')
    }
    this.#refused.delete(name)
    this.#deps.changed?.()
    return null
  }

  /** Remembers why a push was not taken, for the gateway. The same again is no news. */
  refuse(name: PushedName, { version, digest }: Omit<Offer, 'content'>, why: string): string {
    const reason = why.replace(/\s+/g, ' ').slice(0, reasonMax)
    const before = this.#refused.get(name)
    if (before?.digest === digest && before.version === version && before.reason === reason) return reason
    this.#refused.set(name, { version, digest, reason, atMs: Math.round(this.#deps.nowMs()) })
    this.#deps.changed?.()
    return reason
  }

  /**
   * A Sample with a trusted time. A document that came before any such time holds from this one on, and nothing holds
   * only from the future on: a clock that was ahead said so.
   */
  seen({ atMs, trusted }: Sample): void {
    if (!trusted) return
    let moved = false
    for (const [name, held] of this.#held)
      if (held.isGuessed || (held.sinceMs !== null && held.sinceMs > atMs)) {
        this.#hold(name, { ...held, sinceMs: Math.round(atMs), isGuessed: false })
        moved = true
      }
    if (moved) this.#deps.changed?.()
  }

  report(): DocumentInForce[] {
    return pushedDocuments.map((name) => {
      const held = this.#held.get(name)
      const refused = this.#refused.get(name) ?? null
      if (held === undefined) return { name, version: 0, digest: null, sinceMs: null, refused }
      const { version, digest, sinceMs, isGuessed } = held
      return { name, version, digest, sinceMs: isGuessed ? null : sinceMs, refused }
    })
  }

  #replace(name: PushedName, { version, digest, content }: Offer): void {
    const text = content.toString('utf8')
    const value = parsed(text)
    const sinceMs = Math.round(this.#deps.nowMs())
    // Read first, stored second, in force third: a power cut between them leaves the one of before.
    const next = this.#with(name, value, sinceMs)
    this.#store(name, { version, digest, sinceMs, isGuessed: true, content: text })
    this.documents = next
    this.#held.set(name, { version, digest, sinceMs, isGuessed: true, content: text, value })
    this.#deps.applied?.(name, value, sinceMs)
    this.#deps.log.info({ document: name, version, digest }, 'a document of the gateway is in force')
  }

  /** The same content under a newer number: nothing begins anew. */
  #renumber(name: PushedName, held: Held, version: number): void {
    if (version > held.version) this.#hold(name, { ...held, version })
  }

  #hold(name: PushedName, held: Held): void {
    const { value, ...stored } = held
    this.#held.set(name, held)
    if (name === 'areas') this.documents = { ...this.documents, areasSinceMs: held.sinceMs }
    this.#deps.applied?.(name, value, held.sinceMs)
    try {
      this.#store(name, stored)
    } catch (error) {
      // The document itself is stored; only since when it holds is asked again after a restart.
      this.#deps.log.warn({ document: name, why: String(error) }, 'since when it holds could not be stored')
    }
  }

  #with(name: PushedName, value: unknown, sinceMs: number | null): Documents {
    const next = applyPushed(this.documents, name, value, sinceMs)
    const route = this.#held.get('route')
    return name === 'policy' && route !== undefined ? applyPushed(next, 'route', route.value, null) : next
  }

  #store(name: PushedName, stored: Stored): void {
    try {
      writeDurably(this.#fileOf(name), JSON.stringify(stored))
    } catch (error) {
      throw new Error(`cannot be stored (${(error as NodeJS.ErrnoException).code ?? String(error)})`)
    }
  }

  #fileOf(name: PushedName): string {
    return join(this.#deps.folder, `${name}.json`)
  }

  /** What was pushed before the last restart holds until the gateway says otherwise. */
  #recall(name: PushedName): void {
    if (!readdirSync(this.#deps.folder).includes(`${name}.json`)) return
    try {
      const stored = storedSchema.parse(JSON.parse(readFileSync(this.#fileOf(name), 'utf8')))
      if (sha256Hex(stored.content) !== stored.digest)
        throw new Error('its content is not what its digest says')
      const value = parsed(stored.content)
      this.documents = this.#with(name, value, stored.sinceMs)
      this.#held.set(name, { ...stored, value })
      this.#deps.applied?.(name, value, stored.sinceMs)
    } catch (error) {
      this.troubles.push(`stored ${name}: ${error instanceof Error ? error.message : 'not usable'}`)
    }
  }
}

/** Versions only grow; one number is one content. */
function staleness(held: Held | undefined, { version, digest }: Offer): string | null {
  if (held === undefined || held.digest === digest || version > held.version) return null
  return version < held.version
    ? `older than version ${held.version}, which is in force`
    : `another content under version ${version}, which is in force`
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('not JSON')
  }
}
