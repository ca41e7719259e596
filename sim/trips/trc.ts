import type { CanFrame } from '../../device/decoders/messages.ts'
import { fromLocalMs } from '../../proto/time.ts'
import { frameFromText } from './can-line.ts'
import { createDamage, textLines } from './text-lines.ts'

/**
 * PCAN trace files (PEAK, "PCAN Trace Formats"), versions 1.1, 2.0 and 2.1. `;` begins the header and comments.
 *
 *   ;$FILEVERSION=1.1        ;$STARTTIME=43008.6962947917     days since 1899-12-30, local time
 *        1)      1059.9  Rx         0300  7  00 00 00 00 04 00 00               1.1: ms, direction, id, length
 *        1      1059.900 DT     0300 Rx 7  00 00 00 00 04 00 00                 2.0: ms, type, id, direction, length
 *   ;$COLUMNS=N,O,T,B,I,d,R,L,D                                                 2.1: with a bus and a reserved column
 *
 * An id of four digits has 11 bits, one of eight 29. Types other than DT and RR (status, errors, CAN FD) are no frames of ours.
 */
export type TrcOptions = {
  readonly file: string
  readonly zone: string
  readonly tell: (line: string) => void
}

type State = { version: string; beginS: number; columns: readonly string[] }
type Verdict = CanFrame | 'nothing' | 'malformed'

const columns20 = ['N', 'O', 'T', 'I', 'd', 'L', 'D']
const columns21 = ['N', 'O', 'T', 'B', 'I', 'd', 'R', 'L', 'D']
const dayMs = 86_400_000
const epochMs = Date.UTC(1899, 11, 30)

export async function* readTrc(
  source: AsyncIterable<Uint8Array>,
  { file, zone, tell }: TrcOptions,
): AsyncGenerator<CanFrame> {
  const state: State = { version: '1.1', beginS: 0, columns: columns20 }
  const damage = createDamage(file, 'no line of a PCAN trace', tell)
  for await (const { number, text } of textLines(source)) {
    const line = text.trim()
    if (line.startsWith(';')) readHeader(line, state, zone)
    else if (line !== '') {
      const read = state.version.startsWith('1') ? readOld(line, state) : readNew(line, state)
      if (read === 'malformed') damage.line(number)
      else if (read !== 'nothing') yield read
    }
  }
  damage.end()
}

function readHeader(line: string, state: State, zone: string): void {
  const [, name, value = ''] = /^;\$(\w+)=(.*)$/.exec(line) ?? []
  if (name === 'FILEVERSION') {
    state.version = value.trim()
    state.columns = state.version === '2.1' ? columns21 : columns20
  } else if (name === 'STARTTIME' && Number(value) > 0) {
    state.beginS = fromLocalMs(epochMs + Math.round(Number(value) * dayMs), zone) / 1000
  } else if (name === 'COLUMNS') state.columns = value.split(',').map((column) => column.trim())
}

/** `1)  1059.9  Rx  0300  7  00 ..`; the words Warng and Error begin what is no frame. */
function readOld(line: string, state: State): Verdict {
  const [number, offset, direction, id, length, ...bytes] = line.split(/\s+/)
  if (!/^\d+\)$/.test(number ?? '')) return 'malformed'
  if (/^(Warng|Error)$/i.test(direction ?? '')) return 'nothing'
  if (!/^(Rx|Tx)$/i.test(direction ?? '')) return 'malformed'
  return frameOf(state, { offset, id, length, remote: bytes[0] === 'RTR', bytes })
}

function readNew(line: string, state: State): Verdict {
  const cells = line.split(/\s+/)
  const cell = (column: string): string | undefined => {
    const at = state.columns.indexOf(column)
    return at < 0 ? undefined : cells[at]
  }
  if (!/^\d+$/.test(cells[0] ?? '')) return 'malformed'
  const type = cell('T') ?? ''
  if (/^(FD|FB|FE|BI|ST|EC|ER|EV)$/.test(type)) return 'nothing'
  if (type !== 'DT' && type !== 'RR') return 'malformed'
  return frameOf(state, {
    offset: cell('O'),
    id: cell('I'),
    length: cell('L') ?? cell('l'),
    remote: type === 'RR',
    bytes: cells.slice(state.columns.indexOf('D')),
  })
}

type Cells = {
  readonly offset: string | undefined
  readonly id: string | undefined
  readonly length: string | undefined
  readonly remote: boolean
  readonly bytes: readonly string[]
}

function frameOf({ beginS }: State, { offset = '', id = '', length = '', remote, bytes }: Cells): Verdict {
  if (!/^\d+(\.\d+)?$/.test(offset) || !/^([0-9A-Fa-f]{4}|[0-9A-Fa-f]{8})$/.test(id)) return 'malformed'
  if (!/^\d+$/.test(length)) return 'malformed'
  const frame = frameFromText({
    t: beginS + Number(offset) / 1000,
    id: Number.parseInt(id, 16),
    extended: id.length === 8,
    remote,
    length: Number(length),
    bytes,
    base: 16,
  })
  return frame ?? 'malformed'
}
