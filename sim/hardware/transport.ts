import { type Frame, identifier } from './j1939.ts'

/**
 * J1939-21 transport, broadcast (BAM): one TP.CM (PGN 60416) that announces size, packets and group, then TP.DT
 * (PGN 60160) packets of seven bytes numbered from 1, the last one filled with 0xFF.
 */

const packetBytes = 7
const broadcast = 0xff
const announce = 32
const bytesMax = 255 * packetBytes

export type Group = { readonly pgn: number; readonly source: number; readonly data: Uint8Array }

/** The frames of a group, in order: itself when it fits eight bytes, else a broadcast. */
export function groupFrames(group: Group, priority = 6): readonly Frame[] {
  if (group.data.length <= 8) return [{ id: identifier(priority, group.pgn, group.source), data: group.data }]
  if (group.data.length > bytesMax) throw new RangeError(`${group.data.length} bytes do not fit a broadcast`)
  return [announcement(group), ...packets(group)]
}

function announcement({ pgn, source, data }: Group): Frame {
  const count = Math.ceil(data.length / packetBytes)
  const size = [data.length & 0xff, data.length >> 8]
  const named = [pgn & 0xff, (pgn >> 8) & 0xff, pgn >> 16]
  return {
    id: identifier(7, 60416, source, broadcast),
    data: Uint8Array.from([announce, ...size, count, 0xff, ...named]),
  }
}

function packets({ source, data }: Group): Frame[] {
  const frames: Frame[] = []
  for (let from = 0; from < data.length; from += packetBytes) {
    const bytes = new Uint8Array(8).fill(0xff)
    bytes[0] = frames.length + 1
    bytes.set(data.subarray(from, from + packetBytes), 1)
    frames.push({ id: identifier(7, 60160, source, broadcast), data: bytes })
  }
  return frames
}
