import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs'
import { isoUtc } from '../../proto/time.ts'
import { Complaint, type Log } from '../log.ts'

/**
 * What was said to the driver, and when: one JSON line each, synced, because an officer and a court may ask. Two files,
 * the older one dropped when the newer is full. What was said is written down a moment later, all of it with one sync: the
 * alarm that caused the words is sealed and sent first, and a word takes longer to speak than that moment lasts.
 */
export type CabEntry = {
  readonly atMs: number
  readonly kind: string
  readonly sound: string
  readonly zh: string
  readonly en: string
  /** `stale`: its moment had passed before the voice was free; `limited`: said often enough; `failed`: the voice did not work. */
  readonly outcome: 'said' | 'stale' | 'limited' | 'failed'
}

export const diaryBytesMax = 512 * 1024
const laterMs = 20

export class CabDiary {
  readonly #file: string
  readonly #bytesMax: number
  readonly #complaint: Complaint
  #lines: string[] = []
  #later: NodeJS.Timeout | undefined

  constructor(file: string, log: Log, bytesMax = diaryBytesMax) {
    this.#file = file
    this.#bytesMax = bytesMax
    this.#complaint = new Complaint(log, 'what was said in the cab cannot be written down')
  }

  note({ atMs, ...entry }: CabEntry): void {
    this.#lines.push(`${JSON.stringify({ at: isoUtc(Math.round(atMs)), ...entry })}\n`)
    this.#later ??= setTimeout(() => this.flush(), laterMs)
  }

  /** Writes down what waits. */
  flush(): void {
    clearTimeout(this.#later)
    this.#later = undefined
    if (this.#lines.length === 0) return
    const text = this.#lines.join('')
    this.#lines = []
    try {
      this.#turn(Buffer.byteLength(text))
      appendDurably(this.#file, text)
      this.#complaint.ok()
    } catch (error) {
      this.#complaint.say(error)
    }
  }

  /** Every whole line, oldest first. A line that a power cut tore is left out. */
  read(): unknown[] {
    this.flush()
    return [`${this.#file}.old`, this.#file].flatMap((file) =>
      existsSync(file) ? readFileSync(file, 'utf8').split('\n').flatMap(parsed) : [],
    )
  }

  #turn(bytes: number): void {
    if (existsSync(this.#file) && statSync(this.#file).size + bytes > this.#bytesMax)
      renameSync(this.#file, `${this.#file}.old`)
  }
}

function appendDurably(file: string, lines: string): void {
  const fd = openSync(file, 'a')
  try {
    writeSync(fd, lines)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

function parsed(line: string): unknown[] {
  if (line === '') return []
  try {
    return [JSON.parse(line)]
  } catch {
    return []
  }
}
