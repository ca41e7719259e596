import { inflateSync } from 'node:zlib'
import { BadInput, problemLine, problemOf } from '../../proto/problem.ts'
import { readSegment, segmentBytesMax, type TapeRecord, tapeMagic, unpackRecords } from '../../proto/tape.ts'
import { type TapeHeader, tapeHeaderSchema } from '../../proto/tape-header.ts'
import { blocksOf, type Damage } from './blocks.ts'

/** A tape as it is read: headers, segments of records, and what could not be read. */
export type TapePart =
  | { readonly is: 'header'; readonly header: TapeHeader }
  | { readonly is: 'records'; readonly segment: number; readonly records: readonly TapeRecord[] }
  /** Something is missing here: `told` says what, in one line. */
  | { readonly is: 'hole'; readonly told: string }

export function looksLikeTape(head: Uint8Array): boolean {
  return head.length >= 4 && tapeMagic.every((byte, index) => head[index] === byte)
}

/**
 * Reads a tape to its last good record. `name` is the file, for the lines that a person reads; `anywhere`: the first
 * segment may be any, because the tape was sought.
 */
export async function* readTape(
  source: AsyncIterable<Uint8Array>,
  name: string,
  anywhere = false,
): AsyncGenerator<TapePart> {
  let headed = false
  let last = 0
  /** After damage nobody knows how many segments it took. */
  let unsure = anywhere
  const hole = (at: number, what: string): TapePart => ({ is: 'hole', told: `${name}: byte ${at}: ${what}` })
  for await (const block of blocksOf(source)) {
    const segment: number = last + 1
    if (block.is === 'damage') {
      yield hole(block.at, damageText(block, headed ? segment : null))
      unsure = true
      if (block.kind !== 'X') last = segment
    } else if (block.kind === 'H') {
      const header = headerOf(block.body, name)
      unsure = anywhere && !headed
      headed = true
      last = 0
      yield { is: 'header', header }
    } else if (block.kind === 'S') {
      const read = recordsOf(block.body)
      if (read === null) {
        yield hole(block.at, `segment ${segment} cannot be inflated; its records are left out`)
        last = segment
      } else {
        if (!unsure && read.number > segment)
          yield hole(block.at, `segments ${segment} to ${read.number - 1} are missing; read on after them`)
        unsure = false
        last = read.number
        yield { is: 'records', segment: read.number, records: read.records }
      }
    }
  }
  if (!headed) throw new BadInput(`${name}: a tape without a readable header; name another file`)
}

/** `segment`: the one that should come here; null before the header. */
function damageText({ bytes, why, kind }: Damage, segment: number | null): string {
  if (segment === null) return why === 'torn' ? 'torn within the header' : 'the header is damaged'
  if (why === 'torn')
    return `torn after segment ${segment - 1}; its last ${bytes} bytes are no whole block, read up to there`
  if (kind === 'X') return 'the index is damaged; the segments before it were read'
  return `segment ${segment} is damaged (${bytes} bytes); its records are left out`
}

function headerOf(body: Uint8Array, name: string): TapeHeader {
  const result = tapeHeaderSchema.safeParse(jsonOf(body))
  if (result.success) return result.data
  const { path, remedy } = problemOf(result.error)
  throw new BadInput(problemLine(name, { path: `header${path === '' ? '' : `.${path}`}`, remedy }))
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'))
  } catch {
    return null
  }
}

function recordsOf(body: Uint8Array): { number: number; records: readonly TapeRecord[] } | null {
  const segment = readSegment(body)
  if (segment === null) return null
  try {
    const bytes = inflateSync(segment.deflated, { maxOutputLength: segmentBytesMax })
    const records = unpackRecords(bytes, segment.span)
    return records === null ? null : { number: segment.span.number, records }
  } catch {
    return null
  }
}
