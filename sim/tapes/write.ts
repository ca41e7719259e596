import { deflateSync } from 'node:zlib'
import {
  blockOf,
  type IndexEntry,
  indexBlock,
  packRecord,
  segmentBlock,
  type TapeRecord,
} from '../../proto/tape.ts'
import type { TapeHeader } from '../../proto/tape-header.ts'

const segmentBytes = 65_536

/** The blocks of a whole tape: header, segments, index. */
export function* tapeBlocks(header: TapeHeader, records: Iterable<TapeRecord>): Generator<Uint8Array> {
  const head = blockOf('H', Buffer.from(JSON.stringify(header)))
  const index: IndexEntry[] = []
  let offset = head.length
  yield head
  for (const group of segments(records)) {
    const [first, last] = [group.records[0]!, group.records.at(-1)!]
    const span = {
      number: index.length + 1,
      records: group.records.length,
      fromMs: first.wallMs,
      toMs: last.wallMs,
      monoMs: first.monoMs,
    }
    const block = segmentBlock(span, deflateSync(Buffer.concat(group.packed)))
    index.push({ offset, fromMs: span.fromMs, toMs: span.toMs })
    offset += block.length
    yield block
  }
  yield indexBlock(offset, index)
}

type Group = { readonly records: TapeRecord[]; readonly packed: Uint8Array[] }

function* segments(records: Iterable<TapeRecord>): Generator<Group> {
  let group: Group = { records: [], packed: [] }
  let bytes = 0
  for (const record of records) {
    const packed = packRecord(record, group.records.at(-1) ?? null)
    group.records.push(record)
    group.packed.push(packed)
    bytes += packed.length
    if (bytes < segmentBytes) continue
    yield group
    group = { records: [], packed: [] }
    bytes = 0
  }
  if (group.records.length > 0) yield group
}
