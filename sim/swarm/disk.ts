import type { Dice } from './dice.ts'

/** What a simulated disk may do to a process. */
export type DiskFaults = {
  /** A call fails before anything is written: EIO, ENOSPC, EROFS. */
  refuses: number
  /** The process dies within a call: before the write, before the sync, or before it hears that it succeeded. */
  dies: number
  /** Says "synced" and has not: the fault of the disk that no program can survive, planted to see that it is found. */
  readonly lies: boolean
}

/** The process is gone; whoever hears of it is gone too. */
export class Died extends Error {
  constructor() {
    super('this process is dead')
  }
}

/**
 * One file of a simulated disk: records in order, and how many of them are synced. A kill leaves all of them; a
 * power cut leaves the synced ones and a prefix of the others, as a write-ahead log with checksums does.
 */
export class DiskFile<T> {
  #records: T[] = []
  #synced = 0
  readonly faults: DiskFaults
  readonly #dice: Dice
  readonly #name: string

  constructor(name: string, dice: Dice, faults: DiskFaults) {
    this.#name = name
    this.#dice = dice
    this.faults = faults
  }

  records(): readonly T[] {
    return this.#records
  }

  /** A call of the program; `die` ends the process. Resolves the place at which it dies, if any. */
  fate(): 'goes well' | 'refused' | 'dies before' | 'dies unsynced' | 'dies synced' {
    const { refuses, dies } = this.faults
    if (this.#dice.happens(`${this.#name}/refuses`, refuses)) return 'refused'
    if (!this.#dice.happens(`${this.#name}/dies`, dies)) return 'goes well'
    return this.#dice.pick(`${this.#name}/where`, ['dies before', 'dies unsynced', 'dies synced'] as const)
  }

  write(record: T): void {
    this.#records.push(record)
  }

  sync(): void {
    if (!this.faults.lies) this.#synced = this.#records.length
  }

  /** Only the last record matters to whoever keeps snapshots. */
  keepLast(): void {
    if (this.#synced < this.#records.length) return
    this.#records = this.#records.slice(-1)
    this.#synced = this.#records.length
  }

  powerCut(): void {
    const kept = this.#dice.whole(`${this.#name}/torn`, this.#synced, this.#records.length)
    this.#records = this.#records.slice(0, kept)
    this.#synced = Math.min(this.#synced, kept)
  }
}
