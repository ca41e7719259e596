import { existsSync } from 'node:fs'
import { deflateSync } from 'node:zlib'
import {
  blockOf,
  packRecord,
  segmentBlock,
  type TapeEntry,
  type TapeRecord,
  type TapeTimes,
} from '../../proto/tape.ts'
import type { TapeHeader } from '../../proto/tape-header.ts'
import { Complaint, type Log } from '../log.ts'
import { makeRoom, nextTapePath } from './folder.ts'
import { PartFile } from './part-file.ts'

/**
 * Writes what the lines bring into a folder of tapes. A segment is closed after so many bytes or seconds, so that a
 * power cut costs no more; a file after so many bytes, and with a cap the oldest files give way (the black box).
 * A disk that refuses is said once and tried again: what came meanwhile is not on the tape, the watch goes on.
 */
export type TapeWriterOptions = {
  readonly folder: string
  readonly vehicle: string
  /** Of the whole folder; null: none. */
  readonly capBytes: number | null
  readonly partBytes: number
  readonly header: (part: number, at: TapeTimes) => TapeHeader
  /** What a file begins with besides its header, so that it can be read without the one before it. */
  readonly beginning: () => readonly TapeEntry[]
  readonly log: Log
}

const segmentBytes = 65_536
const segmentMs = 5000

export class TapeWriter {
  readonly #options: TapeWriterOptions
  readonly #complaint: Complaint
  #file: PartFile | null = null
  #part = 0
  #segment = 0
  #packed: Uint8Array[] = []
  #packedBytes = 0
  #first: TapeTimes | null = null
  #last: TapeTimes | null = null

  constructor(options: TapeWriterOptions) {
    this.#options = options
    this.#complaint = new Complaint(options.log, `the tape in ${options.folder} cannot be written`)
  }

  add(record: TapeRecord): void {
    if (this.#first === null && this.#file === null) this.#begin(record)
    this.#pack(record)
    const isOld = record.monoMs - (this.#first?.monoMs ?? record.monoMs) >= segmentMs
    if (this.#packedBytes >= segmentBytes || isOld) this.flush()
  }

  /** Writes the open segment; then the next file begins when this one is full. */
  flush(): void {
    this.#guarded(() => this.#writeSegment())
    const { partBytes } = this.#options
    if (this.#file !== null && this.#file.bytes >= partBytes) this.#closeFile()
  }

  close(): void {
    this.#guarded(() => this.#writeSegment())
    this.#closeFile()
  }

  #begin(at: TapeTimes): void {
    for (const entry of this.#options.beginning())
      this.#pack({ wallMs: at.wallMs, monoMs: at.monoMs, ...entry })
  }

  #pack(record: TapeRecord): void {
    const bytes = packRecord(record, this.#last)
    this.#first ??= record
    this.#last = record
    this.#packed.push(bytes)
    this.#packedBytes += bytes.length
  }

  #writeSegment(): void {
    const [first, last, packed] = [this.#first, this.#last, this.#packed]
    this.#first = null
    this.#last = null
    this.#packed = []
    this.#packedBytes = 0
    if (first === null || last === null) return
    // Taken away to make room for alarms: its space is free only when it is closed.
    if (this.#file !== null && !existsSync(this.#file.path)) this.#closeFile()
    this.#file ??= this.#openFile(first)
    const span = {
      number: ++this.#segment,
      records: packed.length,
      fromMs: first.wallMs,
      toMs: last.wallMs,
      monoMs: first.monoMs,
    }
    const block = segmentBlock(span, deflateSync(Buffer.concat(packed)))
    this.#makeRoom(block.length)
    this.#file.append(block, { fromMs: first.wallMs, toMs: last.wallMs })
  }

  #openFile(at: TapeTimes): PartFile {
    const { folder, vehicle, header } = this.#options
    this.#makeRoom(0)
    const file = new PartFile(nextTapePath(folder, vehicle))
    this.#segment = 0
    file.append(blockOf('H', Buffer.from(JSON.stringify(header(++this.#part, at)))), null)
    return file
  }

  #makeRoom(comingBytes: number): void {
    const { folder, vehicle, capBytes } = this.#options
    if (capBytes !== null) makeRoom(folder, vehicle, capBytes, comingBytes)
  }

  #closeFile(): void {
    const file = this.#file
    this.#file = null
    if (file !== null) this.#guarded(() => file.close())
  }

  #guarded(work: () => void): void {
    try {
      work()
      this.#complaint.ok()
    } catch (error) {
      this.#complaint.say(error)
    }
  }
}
