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
 * the older one dropped when the newer is full.
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

export class CabDiary {
  readonly #file: string
  readonly #bytesMax: number
  readonly #complaint: Complaint

  constructor(file: string, log: Log, bytesMax = diaryBytesMax) {
    this.#file = file
    this.#bytesMax = bytesMax
    this.#complaint = new Complaint(log, 'what was said in the cab cannot be written down')
  }

  note({ atMs, ...entry }: CabEntry): void {
    const line = `${JSON.stringify({ at: isoUtc(Math.round(atMs)), ...entry })}\n`
    try {
      this.#turn(Buffer.byteLength(line))
      appendDurably(this.#file, line)
      this.#complaint.ok()
    } catch (error) {
      this.#complaint.say(error)
    }
  }

  /** Every whole line, oldest first. A line that a power cut tore is left out. */
  read(): unknown[] {
    return [`${this.#file}.old`, this.#file].flatMap((file) =>
      existsSync(file) ? readFileSync(file, 'utf8').split('\n').flatMap(parsed) : [],
    )
  }

  #turn(bytes: number): void {
    if (existsSync(this.#file) && statSync(this.#file).size + bytes > this.#bytesMax)
      renameSync(this.#file, `${this.#file}.old`)
  }
}

function appendDurably(file: string, line: string): void {
  const fd = openSync(file, 'a')
  try {
    writeSync(fd, line)
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
