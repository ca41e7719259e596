import type { CanMessage, Discarded, TransportMessage } from '../messages.ts'
import { everybody } from './id.ts'
import { abortOf, finish, isOverdue, put, type Session } from './session.ts'

/**
 * The transport protocol (SAE J1939-21, 5.10) as a listener hears it: connection management (TP.CM) opens, steers and ends
 * sessions, data transfer (TP.DT) fills them.
 *
 *   TP.CM byte 1: 16 RTS, 17 CTS, 19 end of message, 32 BAM, 255 abort; 2-3 size; 4 packets; 6-8 group number
 *   CTS: 2 packets that may come now (0 = hold on), 3 the number of the first of them
 *   TP.DT byte 1: number of the packet from 1, then seven bytes
 *
 * Sessions are kept by sender and destination; a broadcast and directed ones of the same sender run side by side and
 * none waits for another. Each sender has at most `sessionsPerSender` (1 broadcast and 7 directed), the one longest
 * silent gives way: 255 senders hold under 4 MB, and no sender can push out another's.
 */
export type TransportState = ReadonlyMap<number, readonly Session[]>

export const transportInitial: TransportState = new Map()
export const connectionPgn = 60416
export const dataPgn = 60160

const sessionsPerSender = 8
const rts = 16
const cts = 17
const endOfMessage = 19
const bam = 32
const abort = 255
const bytesPerPacket = 7

/** T1: between the packets of a broadcast or of one clearance. */
const t1Ms = 750
/** T2 and T3: from a clearance to its first packet, from its last packet to the next clearance; covers Th and T4. */
const t2Ms = 1250

export type TransportFrame = {
  readonly pgn: number
  readonly sa: number
  readonly da: number
  readonly data: Uint8Array
  readonly length: number
  /** What is told with the message, and the clock of the time-outs in milliseconds (null: none runs). */
  readonly t: number | null
  readonly nowMs: number | null
}

/** Takes one TP frame. What came of it is pushed to `out`; a finished message is returned to be decoded too. */
export function transportStep(
  state: TransportState,
  frame: TransportFrame,
  out: CanMessage[],
): { readonly state: TransportState; readonly done: TransportMessage | null } {
  if (frame.pgn === dataPgn) return takeData(state, frame, out)
  return { state: frame.length < 8 ? state : takeConnection(state, frame, out), done: null }
}

function takeConnection(state: TransportState, frame: TransportFrame, out: CanMessage[]): TransportState {
  const { data, sa, da } = frame
  switch (data[0]) {
    case rts:
      return da === everybody ? state : open(state, frame, 'rts', out)
    case bam:
      return da === everybody ? open(state, frame, 'bam', out) : state
    case cts:
      return change(state, da, (session) =>
        answers(session, frame) ? cleared(session, frame, out) : session,
      )
    case endOfMessage:
      return change(state, da, (session) => (answers(session, frame) ? drop(session, out) : session))
    case abort: {
      const pgn = groupNumber(data)
      const first = change(state, sa, (session) =>
        abortOf(session, sa, da, pgn) ? drop(session, out) : session,
      )
      return change(first, da, (session) => (abortOf(session, sa, da, pgn) ? drop(session, out) : session))
    }
    default:
      return state
  }
}

const groupNumber = (data: Uint8Array): number => (data[5]! | (data[6]! << 8) | (data[7]! << 16)) & 0x3ffff

/** True when the frame is the receiver's answer within this session. */
function answers(session: Session, frame: TransportFrame): boolean {
  return session.kind === 'rts' && session.da === frame.sa && session.pgn === groupNumber(frame.data)
}

function open(
  state: TransportState,
  frame: TransportFrame,
  kind: Session['kind'],
  out: CanMessage[],
): TransportState {
  const { data, sa, da } = frame
  const size = data[1]! | (data[2]! << 8)
  const packets = data[3]!
  if (size === 0 || packets !== Math.ceil(size / bytesPerPacket)) return state
  const session: Session = {
    kind,
    sa,
    da,
    pgn: groupNumber(data),
    size,
    packets,
    payload: new Uint8Array(size),
    received: new Uint8Array(packets),
    count: 0,
    lastMs: frame.nowMs,
    patienceMs: kind === 'bam' ? t1Ms : t2Ms,
    clearedTo: 0,
  }
  const others = (state.get(sa) ?? []).filter((other) => {
    const replaced = other.da === da && other.kind === kind
    if (replaced) drop(other, out)
    return !replaced
  })
  if (others.length >= sessionsPerSender) drop(others.splice(longestSilent(others), 1)[0]!, out)
  return withSender(state, sa, [...others, session])
}

/** The list is in order of opening, so the first of the oldest ones goes. */
function longestSilent(sessions: readonly Session[]): number {
  let oldest = 0
  for (let i = 1; i < sessions.length; i++) {
    if ((sessions[i]!.lastMs ?? 0) < (sessions[oldest]!.lastMs ?? 0)) oldest = i
  }
  return oldest
}

/**
 * A clearance, or "hold on": either way the receiver is alive, and knows which packet it wants next. One that comes too
 * late revives nothing: its session was given up by both sides.
 */
function cleared(session: Session, frame: TransportFrame, out: CanMessage[]): Session | null {
  if (isOverdue(session, frame.nowMs)) return drop(session, out)
  const packets = frame.data[1]!
  const next = frame.data[2]!
  const clearedTo = packets === 0 ? 0 : Math.min(next + packets - 1, session.packets)
  return { ...session, lastMs: frame.nowMs, patienceMs: t2Ms, clearedTo }
}

function takeData(
  state: TransportState,
  frame: TransportFrame,
  out: CanMessage[],
): { readonly state: TransportState; readonly done: TransportMessage | null } {
  const { sa, da } = frame
  const kind = da === everybody ? 'bam' : 'rts'
  const session = state.get(sa)?.find((one) => one.da === da && one.kind === kind)
  if (session === undefined) return { state, done: null }
  const next = isOverdue(session, frame.nowMs) ? null : fill(session, frame)
  if (next === null)
    return { state: change(state, sa, (one) => (one === session ? drop(one, out) : one)), done: null }
  if (next.count < next.packets)
    return { state: change(state, sa, (one) => (one === session ? next : one)), done: null }
  return { state: change(state, sa, (one) => (one === session ? null : one)), done: finish(next, frame.t) }
}

/**
 * One packet. A broadcast that lost one is lost: nobody can ask for it again. A directed one may be asked for again, in
 * any order. A packet that came twice is harmless; one too short for its bytes is no packet.
 */
function fill(session: Session, { data, length, nowMs }: TransportFrame): Session | null {
  const number = length > 0 ? data[0]! : 0
  if (number === 0 || number > session.packets) return null
  if (session.kind === 'bam' && number > session.count + 1) return null
  if (length < 1 + Math.min(bytesPerPacket, session.size - (number - 1) * bytesPerPacket)) return null
  const withinClearance = session.kind === 'bam' || number < session.clearedTo
  return put(session, number, data, nowMs, withinClearance ? t1Ms : t2Ms)
}

/** Tells what a session that will not be finished had already received. */
function drop(session: Session, out: CanMessage[]): null {
  const told: Discarded = { kind: 'discarded', bytes: session.count * bytesPerPacket, why: 'truncated' }
  out.push(told)
  return null
}

/** The sessions of one sender, each kept, replaced or (null) dropped. */
function change(
  state: TransportState,
  sender: number,
  each: (session: Session) => Session | null,
): TransportState {
  const sessions = state.get(sender)
  if (sessions === undefined) return state
  const next = sessions.map(each).filter((session) => session !== null)
  return withSender(state, sender, next)
}

function withSender(state: TransportState, sender: number, sessions: readonly Session[]): TransportState {
  const next = new Map(state)
  if (sessions.length === 0) next.delete(sender)
  else next.set(sender, sessions)
  return next
}
