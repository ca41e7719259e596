import { type BlockKind, blockHeadBytes, readBlock, tapeMagic } from '../../proto/tape.ts'

/** The blocks of a tape as it streams by. Damage is told, and reading goes on at the next good block. */
export type TapeBlock =
  | { readonly is: 'block'; readonly kind: BlockKind; readonly at: number; readonly body: Uint8Array }
  | Damage

export type Damage = {
  readonly is: 'damage'
  readonly at: number
  readonly bytes: number
  readonly why: 'damaged' | 'torn'
  /** What the damaged block was; null where its head is damaged too. */
  readonly kind: BlockKind | null
}

export async function* blocksOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<TapeBlock> {
  const window = new Window(source)
  for (;;) {
    const bytes = await window.atLeast(blockHeadBytes)
    if (bytes.length === 0) return
    const read = readBlock(bytes, 0)
    if (read.is === 'block') {
      yield { is: 'block', kind: read.kind, at: window.at, body: read.body }
      window.skip(read.bytes)
    } else if (read.is === 'short') {
      if (bytes.length < read.needs && (await window.atLeast(read.needs)).length < read.needs) {
        yield* rest(window, 'torn')
      }
    } else if (read.why === 'body') {
      yield { is: 'damage', at: window.at, bytes: read.bytes, why: 'damaged', kind: read.kind }
      window.skip(read.bytes)
    } else yield* rest(window, 'damaged')
  }
}

/** What lies between here and the next good block, or the end. */
async function* rest(window: Window, why: 'damaged' | 'torn'): AsyncGenerator<TapeBlock> {
  const { at } = window
  const isTorn = !(await window.toNextBlock())
  yield {
    is: 'damage',
    at,
    bytes: window.at - at,
    why: isTorn && why === 'torn' ? 'torn' : 'damaged',
    kind: null,
  }
}

/** The part of a stream that is being looked at. */
class Window {
  /** Where in the stream the window begins. */
  at = 0
  readonly #source: AsyncIterator<Uint8Array>
  #bytes: Uint8Array = new Uint8Array(0)
  #ended = false

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  /** What is there, and at least so much unless the stream ends before. */
  async atLeast(count: number): Promise<Uint8Array> {
    if (this.#bytes.length >= count || this.#ended) return this.#bytes
    const parts = [this.#bytes]
    let length = this.#bytes.length
    while (length < count) {
      const next = await this.#source.next()
      if (next.done === true) {
        this.#ended = true
        break
      }
      parts.push(next.value)
      length += next.value.length
    }
    this.#bytes = Buffer.concat(parts)
    return this.#bytes
  }

  skip(count: number): void {
    this.#bytes = this.#bytes.subarray(count)
    this.at += count
  }

  /** Moves to the next place where a whole good block begins; false, and at the end, when there is none. */
  async toNextBlock(): Promise<boolean> {
    this.skip(1)
    for (;;) {
      const bytes = await this.atLeast(blockHeadBytes)
      const found = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(tapeMagic)
      if (found < 0 && this.#ended) {
        this.skip(bytes.length)
        return false
      }
      if (found < 0) this.skip(bytes.length - tapeMagic.length + 1)
      else {
        this.skip(found)
        if (await this.#blockBegins()) return true
        this.skip(1)
      }
    }
  }

  async #blockBegins(): Promise<boolean> {
    const read = readBlock(await this.atLeast(blockHeadBytes), 0)
    if (read.is !== 'short') return read.is === 'block'
    return readBlock(await this.atLeast(read.needs), 0).is === 'block'
  }
}
