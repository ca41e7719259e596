import type { TransportMessage } from '../messages.ts'

/** One message under way. A value: each packet makes a new one, so that no caller sees another's bytes change. */
export type Session = {
  readonly kind: 'bam' | 'rts'
  readonly sa: number
  readonly da: number
  readonly pgn: number
  readonly size: number
  readonly packets: number
  readonly payload: Uint8Array
  /** 1 for each packet that is there. */
  readonly received: Uint8Array
  readonly count: number
  /** When it was last heard of, and how long it may be silent. */
  readonly lastMs: number | null
  readonly patienceMs: number
  /** The last packet of the current clearance; 0 while none was heard. */
  readonly clearedTo: number
}

/** Logs have microseconds: a difference of two of them may be off by less than this. */
const roundingMs = 0.002
const bytesPerPacket = 7

/** True when it was silent for too long. A clock that ran backwards by as much proves nothing either. */
export function isOverdue(session: Session, nowMs: number | null): boolean {
  if (nowMs === null || session.lastMs === null) return false
  return Math.abs(nowMs - session.lastMs) > session.patienceMs + roundingMs
}

/** The session with one more packet. */
export function put(
  session: Session,
  number: number,
  data: Uint8Array,
  nowMs: number | null,
  patienceMs: number,
): Session {
  const from = (number - 1) * bytesPerPacket
  const payload = session.payload.slice()
  payload.set(data.subarray(1, 1 + Math.min(bytesPerPacket, session.size - from)), from)
  const received = session.received.slice()
  received[number - 1] = 1
  const count = session.count + (session.received[number - 1] === 0 ? 1 : 0)
  return { ...session, payload, received, count, lastMs: nowMs, patienceMs }
}

/** True when an abort sent from `sa` to `da` ends this session: either side may send it. */
export function abortOf(session: Session, sa: number, da: number, pgn: number): boolean {
  if (session.kind !== 'rts' || session.pgn !== pgn) return false
  return (session.sa === sa && session.da === da) || (session.sa === da && session.da === sa)
}

export function finish(session: Session, t: number | null): TransportMessage {
  const { kind, sa, da, pgn, size, payload } = session
  return { kind: 'transport', t, session: kind, sa, da, pgn, size, payload }
}
