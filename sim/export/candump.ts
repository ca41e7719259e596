import { candumpInitial, candumpStep } from '../../device/decoders/can/candump.ts'
import { type FrameStep, slcanInitial, slcanStep } from '../../device/decoders/can/slcan.ts'
import type { CanFrame } from '../../device/decoders/messages.ts'
import type { TapePart } from '../tapes/read.ts'

/** Frames as candump's log file has them: `(seconds.micros) can0 ID#DATA`. */

export function candumpLine({ id, extended, data, special }: CanFrame, atS: number): string {
  const errorBit = special === 'error' ? 0x20000000 : 0
  const digits = extended ? 8 : 3
  const name = (id + errorBit).toString(16).toUpperCase().padStart(digits, '0')
  const hex = Buffer.from(data).toString('hex').toUpperCase()
  const body = special === 'remote' ? '#R' : special === 'fd' ? `##0${hex}` : `#${hex}`
  return `(${atS.toFixed(6)}) can0 ${name}${body}\n`
}

/** Frames of a tape, at the times they were read: an adapter's own stamps say no date. */
export async function* tapeFrames(
  parts: AsyncIterable<TapePart>,
  tell: (line: string) => void,
): AsyncGenerator<{ readonly frame: CanFrame; readonly atS: number }> {
  let line = adapterLine('slcan')
  for await (const part of parts) {
    if (part.is === 'header') line = adapterLine(part.header.lines.can ?? 'slcan')
    else if (part.is === 'hole') tell(part.told)
    else
      for (const record of part.records)
        if (record.is === 'bytes' && record.line === 'can')
          for (const frame of line(record.bytes)) yield { frame, atS: record.wallMs / 1000 }
  }
}

/** The line of an adapter, its state kept inside. */
function adapterLine(format: 'slcan' | 'candump'): (bytes: Uint8Array) => readonly CanFrame[] {
  return format === 'slcan' ? reader(slcanInitial, slcanStep) : reader(candumpInitial, candumpStep)
}

function reader<State>(initial: State, step: (state: State, bytes: Uint8Array) => FrameStep<State>) {
  let state = initial
  return (bytes: Uint8Array): readonly CanFrame[] => {
    const read = step(state, bytes)
    state = read.state
    return read.frames
  }
}
