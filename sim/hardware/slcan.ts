import type { Frame } from './j1939.ts'

/**
 * A serial CAN adapter of the LAWICEL family, seen from the cable: ASCII lines ended by CR. A received 29-bit
 * frame is `T`, eight digits of id, one of length, two per byte. It answers commands as the manual says (CR for
 * done, BELL for refused) but needs none of them: many adapters start open, and some never answer.
 */

/** The line of one received frame. */
export function frameLine(frame: Frame): string {
  let line = `T${frame.id.toString(16).toUpperCase().padStart(8, '0')}${frame.data.length}`
  for (const byte of frame.data) line += byte.toString(16).toUpperCase().padStart(2, '0')
  return `${line}\r`
}

export type Adapter = { readonly open: boolean; readonly rest: string }
export const newAdapter: Adapter = { open: true, rest: '' }

/** Longer lines are noise: the longest command is a frame of 27 characters and four of a timestamp. */
const commandCharsMax = 64
const done = '\r'
const refused = '\x07'

/** Takes bytes of the terminal and answers them. */
export function answer(adapter: Adapter, bytes: string): { adapter: Adapter; reply: string } {
  const lines = (adapter.rest + bytes).split('\r')
  const rest = (lines.pop() ?? '').slice(-commandCharsMax)
  let { open } = adapter
  let reply = ''
  for (const line of lines) {
    const result = command(open, line)
    open = result.open
    reply += result.reply
  }
  return { adapter: { open, rest }, reply }
}

function command(open: boolean, line: string): { open: boolean; reply: string } {
  switch (line[0]) {
    case undefined:
      return { open, reply: done }
    case 'O':
    case 'L':
      return { open: true, reply: done }
    case 'C':
      return { open: false, reply: done }
    case 'V':
      return { open, reply: `V1013${done}` }
    case 'N':
      return { open, reply: `NA123${done}` }
    case 'F':
      return { open, reply: open ? `F00${done}` : refused }
    case 'S':
    case 's':
    case 'Z':
    case 'M':
    case 'm':
      return { open, reply: done }
    default:
      return { open, reply: refused }
  }
}
