import { closeSync, fdatasync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { type IndexEntry, indexBlock } from '../../proto/tape.ts'

/** One file of a tape that is being written. It holds whole blocks only: of one that did not fit nothing stays. */
export class PartFile {
  readonly path: string
  bytes = 0
  readonly #fd: number
  readonly #segments: IndexEntry[] = []

  constructor(path: string) {
    this.path = path
    this.#fd = openSync(path, 'wx')
  }

  append(block: Uint8Array, segment: Omit<IndexEntry, 'offset'> | null): void {
    try {
      writeSync(this.#fd, block, 0, block.length, this.bytes)
    } catch (error) {
      ftruncateSync(this.#fd, this.bytes)
      throw error
    }
    if (segment !== null) this.#segments.push({ offset: this.bytes, ...segment })
    this.bytes += block.length
    // Not waited for: the black box must not hold up the watch over the vehicle.
    fdatasync(this.#fd, () => {})
  }

  close(): void {
    try {
      this.append(indexBlock(this.bytes, this.#segments), null)
    } finally {
      closeSync(this.#fd)
    }
  }
}
