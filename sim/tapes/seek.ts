import { createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { indexBytes, indexEndBytes, readBlock, readIndex, type TapeIndex } from '../../proto/tape.ts'

/**
 * The bytes of a tape from an instant on, header first, without reading what lies before: by the index at the end of each
 * tape in the file. Null where there is none, such as in a torn or compressed file: then it is read from its beginning.
 */
export async function chunksFrom(path: string, fromMs: number): Promise<AsyncIterable<Uint8Array> | null> {
  const file = await open(path)
  try {
    const found = await startOf(file, fromMs)
    return found === null ? null : bytesFrom(path, found.header, found.at)
  } finally {
    await file.close()
  }
}

async function* bytesFrom(path: string, header: Uint8Array, at: number): AsyncGenerator<Uint8Array> {
  yield header
  yield* createReadStream(path, { start: at })
}

type Start = { readonly header: Uint8Array; readonly at: number }

/** Looks at the last tape first, then at those before it. */
async function startOf(file: FileHandle, fromMs: number): Promise<Start | null> {
  let end = (await file.stat()).size
  let later: Start | null = null
  for (;;) {
    const tape = await indexEndingAt(file, end)
    if (tape === null) return end === 0 ? later : null
    const [first] = tape.segments
    const segment = tape.segments.find(({ toMs }) => toMs >= fromMs)
    if (first !== undefined && segment !== undefined) {
      const header = await bytesAt(file, tape.from, first.offset)
      later = { header, at: tape.from + segment.offset }
      if (segment !== first) return later
    }
    if (tape.from === 0) return later
    end = tape.from
  }
}

async function indexEndingAt(file: FileHandle, end: number): Promise<(TapeIndex & { from: number }) | null> {
  if (end < indexEndBytes) return null
  const length = indexBytes(await bytesAt(file, end - indexEndBytes, indexEndBytes))
  if (length === null || length > end) return null
  const read = readBlock(await bytesAt(file, end - length, length), 0)
  if (read.is !== 'block' || read.kind !== 'X') return null
  const index = readIndex(read.body)
  const from = end - length - index.tapeBytes
  return from < 0 ? null : { ...index, from }
}

async function bytesAt(file: FileHandle, at: number, length: number): Promise<Uint8Array> {
  const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, at)
  return buffer.subarray(0, bytesRead)
}
