import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import type { EnvelopeBody, SpokenOutcome } from '../../proto/model.ts'
import type { Cab } from '../cab.ts'
import { writeDurably } from '../durable-file.ts'
import { Complaint, type Log } from '../log.ts'

/**
 * Words of an officer for the cab: said once, and acknowledged with a `spoken` envelope when they come and when they were said. What was said
 * is remembered over a restart: the gateway sends a command again until it has heard of it.
 */
export type Command = { readonly version: number; readonly digest: string }

const kept = 100
const fileSchema = z.array(z.string()).max(kept)

export type CommandsDeps = {
  readonly cab: Pick<Cab, 'say'>
  /** Remembers over a restart; null: a terminal without a disk. */
  readonly file: string | null
  readonly nowMs: () => number
  readonly report: (body: EnvelopeBody) => void
  readonly log: Log
}

export class Commands {
  readonly #deps: CommandsDeps
  readonly #complaint: Complaint
  #spoken: readonly string[]
  readonly #waiting = new Set<string>()

  constructor(deps: CommandsDeps) {
    this.#deps = deps
    this.#complaint = new Complaint(deps.log, 'what was said by command cannot be remembered')
    this.#spoken = recalled(deps.file)
  }

  say(words: string, command: Command): void {
    const mark = `${command.version}/${command.digest}`
    if (this.#waiting.has(mark)) return
    if (this.#spoken.includes(mark)) {
      this.#report(command, 'again')
      return
    }
    this.#waiting.add(mark)
    // Whoever sent it knows now that it arrived, however long the voice is busy with something else.
    this.#report(command, 'received')
    const done = (wasSaid: boolean): void => {
      this.#waiting.delete(mark)
      if (wasSaid) this.#remember(mark)
      this.#report(command, wasSaid ? 'said' : 'failed')
    }
    this.#deps.cab.say(words, this.#deps.nowMs(), done, mark)
  }

  #report({ version, digest }: Command, outcome: SpokenOutcome): void {
    const atMs = Math.round(this.#deps.nowMs())
    this.#deps.report({ is: 'spoken', spoken: { version, digest, atMs, outcome } })
  }

  #remember(mark: string): void {
    this.#spoken = [...this.#spoken, mark].slice(-kept)
    if (this.#deps.file === null) return
    try {
      writeDurably(this.#deps.file, JSON.stringify(this.#spoken))
      this.#complaint.ok()
    } catch (error) {
      this.#complaint.say(error)
    }
  }
}

/** A damaged file is none: words said twice do less harm than words never said. */
function recalled(file: string | null): readonly string[] {
  if (file === null || !existsSync(file)) return []
  try {
    return fileSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return []
  }
}
