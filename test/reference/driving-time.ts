import { distanceM } from '../../proto/geo/earth.ts'
import type { Sample } from '../../proto/model.ts'
import type { Policy } from '../../proto/policy.ts'

/**
 * Driving time a second time, written from the text alone and as slowly as it likes: at every Sample the whole
 * history is laid out anew as intervals, and every clock is counted from them. Riding along is a rest here, the
 * night is the portion inside 22:00-06:00 Beijing time, and all limits of a coach apply.
 */

type Bound = 'proven' | 'cautious'
type Piece = { from: number; to: number }
/** What a ledger holds, in the order it came: driving, or an unidentified part taken over at a login. */
type Entry =
  | ({ is: 'driven'; confirmed: boolean } & Piece)
  | { is: 'inherited'; at: number; stint: number; pieces: Piece[] }
type Book = Map<string, Record<Bound, Entry[]>>
type Row = { at: number; moving: boolean; driver: string | null; sample: Sample }

export type Said = {
  phase: string
  kind: string
  reason: string | null
  subject: string
  at: number
  decided: number
  severity: string
}

const hour = 3_600_000
const reasons = ['continuousDay', 'continuousNight', 'rolling24h', 'rolling7d'] as const
type Reason = (typeof reasons)[number]

export function drivingTime(samples: readonly Sample[], policy: Policy, vehicle: string): Said[] {
  const rows = usable(samples, policy)
  const open = new Map<string, { said: Said; stint: number }>()
  const all: Said[] = []
  for (let i = 0; i < rows.length; i++) {
    const history = layOut(rows.slice(0, i + 1), policy)
    close(open, history, rows[i]!, policy, all)
    if (history.driving && rows[i]!.moving) speak(open, history, rows[i]!, policy, vehicle, all)
  }
  return all
}

function usable(samples: readonly Sample[], policy: Policy): Row[] {
  const rows: Row[] = []
  for (const sample of samples) {
    const { speedKmh, speedSource } = sample
    if (!sample.trusted || speedKmh === null) continue
    const noise = speedSource === 'wheel' || speedSource === 'tachograph' ? 0 : policy.fatigue.noiseKmh
    rows.push({ at: sample.atMs, moving: speedKmh > 0 && speedKmh >= noise, driver: sample.driver, sample })
  }
  return rows
}

type History = {
  book: Book
  /** Since when the vehicle has been moving without being known to drive; null when not so. */
  starting: number | null
  driving: boolean
  answering: string[]
  driver: string | null
  lastKnown: string | null
  held: Map<string, number>
  /** The unidentified driving that was handed over last. */
  handedOver: Record<Bound, Piece[]>
}

/** Lays the rows out as driving of each driver, from the first row on. */
function layOut(rows: Row[], policy: Policy): History {
  const { startS, stopS, gapS } = policy.fatigue
  const now: History & { from: number; stood: number | null; anchor: string | null; out: number | null } = {
    book: new Map(),
    starting: rows[0]!.moving ? rows[0]!.at : null,
    driving: false,
    answering: [],
    driver: rows[0]!.driver,
    lastKnown: rows[0]!.driver,
    held: new Map(),
    handedOver: { proven: [], cautious: [] },
    from: 0,
    stood: null,
    anchor: null,
    out: null,
  }
  const who = (): string[] => {
    const names = now.driver === null ? ['', now.lastKnown ?? ''] : [now.driver]
    return [...new Set(now.anchor === null ? names : [...names, now.anchor])]
  }
  const put = (bound: Bound, from: number, to: number): void => {
    for (const name of who()) {
      const confirmed = name === now.driver
      bookOf(now.book, name)[bound].push({ is: 'driven', from, to, confirmed })
    }
  }
  const stop = (at: number): void => {
    put('proven', now.from, at)
    put('cautious', now.from, at)
    now.driving = false
    now.stood = null
    now.anchor = null
  }
  for (let i = 1; i < rows.length; i++) {
    const [before, row] = [rows[i - 1]!, rows[i]!]
    const changed = row.driver !== now.driver
    const gap = row.at - before.at > gapS * 1000
    let moveOn = false
    let goesOn = false
    if (gap) {
      goesOn = overGap(now, before, row, policy, put, stop)
    } else {
      if (changed && now.stood !== null) stop(now.stood)
      if (now.driving && now.stood !== null && row.at - now.stood > stopS * 1000) stop(now.stood)
      if (now.starting !== null && row.at - now.starting > startS * 1000) {
        now.driving = true
        now.from = now.starting
        now.starting = null
      }
      if (row.moving) now.stood = null
      else if (now.driving) now.stood ??= row.at
      if (changed && now.stood !== null) stop(now.stood)
      moveOn = changed && now.driving && before.moving && row.moving
      if (!row.moving) now.starting = null
      else if (!now.driving) now.starting ??= row.at
    }
    if (changed) change(now, row, moveOn, policy, who, put)
    if (goesOn) Object.assign(now, { driving: true, from: row.at, starting: null })
  }
  if (now.driving) {
    // The run under way counts up to this row.
    const at = rows.at(-1)!.at
    for (const bound of ['proven', 'cautious'] as const) if (at > now.from) put(bound, now.from, at)
  }
  return { ...now, answering: who() }
}

function bookOf(book: Book, name: string): Record<Bound, Entry[]> {
  const known = book.get(name)
  if (known !== undefined) return known
  const fresh = { proven: [], cautious: [] }
  book.set(name, fresh)
  return fresh
}

type Now = History & { from: number; stood: number | null; anchor: string | null; out: number | null }

/** D / 100 km/h at least was driven; 20 minutes of the rest may have been a rest. Returns whether driving just goes on. */
function overGap(
  now: Now,
  before: Row,
  row: Row,
  policy: Policy,
  put: (bound: Bound, from: number, to: number) => void,
  stop: (at: number) => void,
): boolean {
  const { startS, restS } = policy.fatigue
  const length = row.at - before.at
  const distance = moved(before.sample, row.sample)
  const parked = distance === null && !before.moving && !row.moving
  let least = Math.min(length, ((distance ?? 0) / 1000 / 100) * hour)
  if (least <= startS * 1000) least = 0
  const most = parked || (distance !== null && distance <= 1000) ? least : length
  if (now.stood !== null) stop(now.stood)
  if (now.starting !== null && before.at + least - now.starting > startS * 1000) {
    now.driving = true
    now.from = now.starting
  }
  for (const [bound, driven] of [
    ['proven', least],
    ['cautious', most],
  ] as const) {
    if (now.driving) put(bound, now.from, before.at + driven)
    else if (driven > 0) placeInGap(now, bound, before.at, row.at, driven, restS * 1000, put)
  }
  now.driving = false
  now.anchor = null
  now.starting = null
  if (!row.moving) return false
  const goesOn = (distance !== null && distance > 1000) || (before.moving && length - most < restS * 1000)
  if (!goesOn) now.starting = row.at
  return goesOn
}

/** Standing before the gap: where the driving must lie in it to leave the longest rest. */
function placeInGap(
  now: Now,
  bound: Bound,
  from: number,
  to: number,
  driven: number,
  rest: number,
  put: (bound: Bound, from: number, to: number) => void,
): void {
  const ends = [...now.book.values()].flatMap((book) => flat(book[bound]).map((piece) => piece.to))
  const atEnd = to - from - driven < rest && ends.length > 0 && to - driven - Math.max(...ends) >= rest
  const start = atEnd ? to - driven : from
  put(bound, start, start + driven)
}

function moved(a: Sample, b: Sample): number | null {
  if (a.odometerM !== null && b.odometerM !== null && b.odometerM >= a.odometerM)
    return b.odometerM - a.odometerM
  return a.fix === null || b.fix === null ? null : distanceM(a.fix, b.fix)
}

function change(
  now: Now,
  row: Row,
  onTheMove: boolean,
  policy: Policy,
  who: () => string[],
  put: (bound: Bound, from: number, to: number) => void,
): void {
  const at = row.at
  const answered = row.driver !== null && who().includes(row.driver)
  const before = now.driver ?? (now.out !== null && at - now.out <= 60_000 ? now.lastKnown : null)
  if (onTheMove && now.from < at) {
    put('proven', now.from, at)
    put('cautious', now.from, at)
    now.from = at
  }
  if (onTheMove && row.driver !== null && before !== null && before !== row.driver)
    now.anchor = now.anchor === row.driver ? null : (now.anchor ?? before)
  if (row.driver !== null) {
    const nobody = now.book.get('')
    if (nobody !== undefined && !answered) handOver(now, row, nobody, policy, who)
    for (const bound of ['proven', 'cautious'] as const)
      if (nobody !== undefined) now.handedOver[bound] = flat(nobody[bound])
    now.book.delete('')
  }
  if (row.driver !== null || !onTheMove) now.out = null
  else if (now.driver !== null) now.out = at
  now.driver = row.driver
  now.lastKnown = row.driver ?? now.lastKnown
}

/** The next driver takes over what nobody owned up to, back to the last rest. */
function handOver(
  now: Now,
  row: Row,
  nobody: Record<Bound, Entry[]>,
  policy: Policy,
  who: () => string[],
): void {
  const until = who().includes('') && now.starting !== null ? now.starting : row.at
  for (const bound of ['proven', 'cautious'] as const) {
    const own = bookOf(now.book, row.driver!)[bound]
    // While his card was doubted he may have been counted already.
    const has = (piece: Piece): boolean =>
      flat(own).some(({ from, to }) => from === piece.from && to === piece.to)
    const stint = stintOf(nobody[bound], policy, until)
    if (stint === null) continue
    now.held.set(row.driver!, row.at)
    const pieces = flat(nobody[bound]).filter((piece) => piece.from >= stint && !has(piece))
    if (pieces.length === 0) continue
    own.push({ is: 'inherited', at: row.at, stint, pieces })
  }
}

function flat(entries: readonly Entry[]): Piece[] {
  return entries.flatMap((entry) => (entry.is === 'driven' ? [entry] : entry.pieces))
}

/** Driving between two rests, one stint after the other. What is taken over counts from the stint of whoever left it. */
function stintsOf(entries: readonly Entry[], policy: Policy): Piece[] {
  const rest = policy.fatigue.restS * 1000
  const stints: Piece[] = []
  for (const entry of entries) {
    const begins = entry.is === 'driven' ? entry.from : entry.at
    const from = entry.is === 'driven' ? entry.from : entry.stint
    const { to } = entry.is === 'driven' ? entry : entry.pieces.at(-1)!
    const last = stints.at(-1)
    const goesOn = last !== undefined && begins - last.to < rest && from - last.to < rest
    if (goesOn) stints[stints.length - 1] = { from: last.from, to }
    else stints.push({ from, to })
  }
  return stints
}

/** Start of the stint that is under way at `until`; null when it ended in a rest. */
function stintOf(entries: readonly Entry[], policy: Policy, until: number): number | null {
  const last = stintsOf(entries, policy).at(-1)
  return last === undefined || until - last.to >= policy.fatigue.restS * 1000 ? null : last.from
}

/** Episodes end when the rest is complete, at the last driving before it. */
function close(
  open: Map<string, { said: Said; stint: number }>,
  history: History,
  row: Row,
  policy: Policy,
  all: Said[],
): void {
  for (const [key, { said, stint }] of [...open]) {
    const name = key.split('|')[0]!
    const bound = said.kind === 'fatigue' ? 'proven' : 'cautious'
    const entries = history.book.get(name)?.[bound]
    const now = entries === undefined ? null : stintOf(entries, policy, history.starting ?? row.at)
    if (now === stint) continue
    open.delete(key)
    const own = stintsOf(entries ?? [], policy).find(({ from }) => from === stint)
    const at = own?.to ?? endOf(history.handedOver[bound], stint, policy)
    all.push({ ...said, phase: 'ended', at, decided: row.at, severity: '' })
  }
}

/** The last driving of the stint that began then. */
function endOf(pieces: Piece[], stint: number, policy: Policy): number {
  let end = stint
  for (const { from, to } of pieces) {
    if (from < stint) continue
    if (from - end >= policy.fatigue.restS * 1000) break
    end = to
  }
  return end
}

function speak(
  open: Map<string, { said: Said; stint: number }>,
  history: History,
  row: Row,
  policy: Policy,
  vehicle: string,
  all: Said[],
): void {
  for (const name of history.answering) {
    if (name === '' && history.lastKnown !== null) continue
    const book = bookOf(history.book, name)
    for (const reason of reasons) {
      for (const kind of ['fatigue', 'fatigue-warning'] as const) {
        const bound = kind === 'fatigue' ? 'proven' : 'cautious'
        const stint = stintOf(book[bound], policy, row.at)
        if (stint === null) continue
        const limit = limitOf(reason, kind, policy)
        if (limit === null) continue
        const pieces = flat(book[bound])
        const key = `${name}|${kind}|${reason}`
        const known = open.get(key)
        const at = overSince(pieces, stint, reason, limit, row.at, history.held.get(name) ?? null)
        if (known === undefined && at !== null) {
          const subject = name === '' ? vehicle : name
          const severity =
            kind === 'fatigue' ? (worse(pieces, stint, reason, limit, row.at) ?? first[reason]) : 'info'
          const said = { phase: 'started', kind, reason, subject, at, decided: row.at, severity }
          open.set(key, { said, stint })
          all.push(said)
        }
        const episode = open.get(key)
        if (episode === undefined || kind !== 'fatigue') continue
        const severity = worse(pieces, stint, reason, limit, row.at)
        if (severity === null || severity === episode.said.severity) continue
        episode.said = { ...episode.said, severity }
        all.push({ ...episode.said, phase: 'updated', decided: row.at })
      }
    }
  }
}

const first = { continuousDay: 'major', continuousNight: 'critical', rolling24h: 'minor', rolling7d: 'minor' }

function limitOf(reason: Reason, kind: string, policy: Policy): number | null {
  const { continuousS, nightContinuousS, rolling24hS, rolling7dS, warnBeforeS } = policy.fatigue
  if (reason === 'rolling24h') return kind === 'fatigue' ? rolling24hS * 1000 : null
  if (reason === 'rolling7d') return kind === 'fatigue' ? rolling7dS * 1000 : null
  const limit = reason === 'continuousDay' ? continuousS : nightContinuousS
  return (kind === 'fatigue' ? limit : limit - warnBeforeS) * 1000
}

function worse(pieces: Piece[], stint: number, reason: Reason, limit: number, at: number): string | null {
  if (reason === 'continuousDay' && at - stint >= limit + hour) return 'critical'
  if (reason === 'rolling24h' && sum(pieces, at, 24 * hour) >= limit + hour / 2) return 'major'
  return null
}

/** Since when the clock of the reason has been over its limit while driving; null when it is not. */
function overSince(
  pieces: Piece[],
  stint: number,
  reason: Reason,
  limit: number,
  now: number,
  held: number | null,
): number | null {
  const driven = pieces.filter(({ from, to }) => from >= stint && to > from)
  if (reason === 'rolling24h' || reason === 'rolling7d') {
    const span = reason === 'rolling24h' ? 24 * hour : 168 * hour
    return sumOverSince(pieces, driven, span, limit, now, held)
  }
  const clock = (at: number): number => (reason === 'continuousDay' ? at - stint : portion(stint, at))
  if (clock(now) <= limit) return null
  const passed = Math.max(
    bisect(stint, now, (at) => clock(at) > limit),
    held ?? 0,
  )
  const piece = driven.find(({ to }) => to > passed)
  return piece === undefined ? null : Math.max(piece.from, passed)
}

/** The part of [stint, at] in the last night (22:00-06:00 Beijing, UTC+8) that had begun by then. */
function portion(stint: number, at: number): number {
  const local = at + 8 * hour
  const tonight = Math.floor((local - 22 * hour) / (24 * hour)) * 24 * hour + 22 * hour - 8 * hour
  return Math.max(0, Math.min(at, tonight + 8 * hour) - Math.max(stint, tonight))
}

function sum(pieces: readonly Piece[], at: number, span: number): number {
  return pieces.reduce(
    (total, { from, to }) => total + Math.max(0, Math.min(to, at) - Math.max(from, at - span)),
    0,
  )
}

/** Backwards through the driving of the stint: inside a run the sum never falls. */
function sumOverSince(
  pieces: Piece[],
  driven: Piece[],
  span: number,
  limit: number,
  now: number,
  held: number | null,
): number | null {
  if (sum(pieces, now, span) <= limit || (held !== null && now <= held)) return null
  let since: number | null = null
  for (const { from, to } of driven.toReversed()) {
    const end = Math.min(to, now)
    if (sum(pieces, end, span) <= limit) break
    const at = bisect(from, end, (instant) => sum(pieces, instant, span) > limit)
    if (held !== null && at < held) return since ?? (held < to ? held : null)
    since = at
    if (at > from || sum(pieces, from, span) <= limit) break
  }
  return since
}

/** The last whole millisecond at which the test still fails, between one at which it may and one at which it holds. */
function bisect(low: number, high: number, holds: (at: number) => boolean): number {
  if (holds(low)) return low
  let [no, yes] = [low, high]
  while (yes - no > 1) {
    const middle = Math.floor((no + yes) / 2)
    if (holds(middle)) yes = middle
    else no = middle
  }
  return no
}
