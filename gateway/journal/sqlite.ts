import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { sha256 } from '../../proto/canonical.ts'
import type { Alert, Envelope, EnvelopeKey } from '../../proto/model.ts'
import { BadInput } from '../../proto/problem.ts'
import { isoUtc, localText } from '../../proto/time.ts'
import type { EvidenceKey } from '../evidence-key.ts'
import { failPoint } from '../fail-point.ts'
import type {
  GapEntry,
  Journal,
  JournalEnvelope,
  JournalGroup,
  StreamKey,
  StreamState,
  TerminalKey,
  Watermark,
} from '../journal.ts'
import { makeFolders } from '../make-folder.ts'
import { Day } from './day.ts'
import { gapsOf } from './gaps.ts'
import { lockFolder } from './lock.ts'
import { bringFolderToDisk } from './on-disk.ts'
import { allKept, type Cap, type Unkept, withUnkept } from './quarantine.ts'
import { hasSeq } from './ranges.ts'
import { type Removal, type Upkeep, unlinkDay, writeTombstone } from './retention.ts'
import { createWatermarks, statesAfter, streamText } from './watermarks.ts'

export type SqliteJournalOptions = {
  readonly dataDir: string
  /** Named zone whose days the files are. */
  readonly zone: string
  readonly nowMs: () => number
}

const filePattern = /^journal-(\d{4}-\d\d-\d\d)\.db$/
/** Alerts that opened longer ago are looked up by id, not kept in memory. */
const openDays = 3

/**
 * The journal on node:sqlite. A group goes whole into the file of its receipt day, so one transaction of one file
 * holds everything that belongs together; what spans days (watermarks, cursors) is read from the files at start,
 * newest winning.
 */
export function openSqliteJournal(options: SqliteJournalOptions): Journal & Upkeep {
  return new SqliteJournal(options)
}

class SqliteJournal implements Journal, Upkeep {
  readonly #folder: string
  readonly #options: SqliteJournalOptions
  readonly #lock: { readonly release: () => void }
  readonly #days = new Map<string, Day>()
  readonly #marks = createWatermarks()
  readonly #keys = new Map<string, Uint8Array[]>()
  #cursor: number
  #gapCursor: number
  #published: number
  #unkept: Unkept = allKept
  #dayOver: () => void = () => {}

  constructor(options: SqliteJournalOptions) {
    this.#options = options
    this.#folder = makeFolder(options.dataDir)
    this.#lock = lockFolder(this.#folder)
    for (const name of dayNames(this.#folder)) this.#dayOf(name)
    for (const day of this.#oldestFirst()) for (const mark of day.states()) this.#marks.set(mark, mark.state)
    for (const day of this.#oldestFirst()) for (const one of day.keys()) this.#learn(one)
    const highest = (of: (day: Day) => number | null): number =>
      Math.max(0, ...this.#newestFirst().map((day) => of(day) ?? 0))
    // The day with the last alert may have been let go: a cursor that began anew would be behind what officers have read.
    this.#cursor = Math.max(
      highest((day) => day.lastCursor()),
      highest((day) => day.meta('cursor')),
    )
    this.#gapCursor = Math.max(
      highest((day) => day.lastCursor('gap')),
      highest((day) => day.meta('gap-cursor')),
    )
    this.#published = highest((day) => day.meta('published'))
  }

  async append(group: JournalGroup): Promise<readonly Alert[]> {
    const stored = group.alerts.map((alert, index) => ({ ...alert, cursor: this.#cursor + index + 1 }))
    const envelopes = group.envelopes.map(({ envelope }) => envelope)
    const after = statesAfter(this.#marks, envelopes, group.closed)
    this.#refuseDoubles(envelopes)
    const day = this.#currentDay()
    const gaps = gapsOf(group, this.#gapCursor, this.#options.nowMs())
    const caps: Cap[] = []
    day.transaction(() => {
      for (const { key, state } of after.values()) day.putState(key, state)
      for (const row of group.envelopes) day.putEnvelope(row)
      for (const alert of stored) day.putAlert(alert)
      for (const gap of gaps) day.putGap(gap)
      for (const one of group.keys ?? []) day.putKey(one)
      for (const item of group.quarantined) {
        const cap = day.putQuarantined(item, sha256(item.bytes))
        if (cap !== null) caps.push(cap)
      }
      for (const { fleet, vehicle, state } of group.snapshots) day.putSnapshot(fleet, vehicle, state)
      day.putMeta('published', this.#published)
      day.putMeta('cursor', this.#cursor + stored.length)
      day.putMeta('gap-cursor', this.#gapCursor + gaps.length)
    })
    for (const { key, state } of after.values()) this.#marks.set(key, state)
    this.#unkept = withUnkept(this.#unkept, caps)
    this.#cursor += stored.length
    this.#gapCursor += gaps.length
    for (const one of group.keys ?? []) this.#learn(one)
    return stored
  }

  hashOf(key: EnvelopeKey): Uint8Array | null {
    return this.#first((day) => day.hashOf(key))
  }

  prevHashOf(key: EnvelopeKey): Uint8Array | null {
    const row = this.#first((day) => {
      const [found] = day.read(key, key.seq, 1)
      return found?.envelope.seq === key.seq ? found : null
    })
    return row?.envelope.prevHash ?? null
  }

  unkept(): Unkept {
    return this.#unkept
  }

  state(key: StreamKey): StreamState {
    return this.#marks.get(key)
  }

  watermarks(): readonly Watermark[] {
    return this.#marks.all()
  }

  async read(key: StreamKey, fromSeq: number, limit: number): Promise<readonly JournalEnvelope[]> {
    return readAcross(this.#oldestFirst(), key, fromSeq, limit)
  }

  snapshot(fleet: string, vehicle: string): unknown {
    return JSON.parse(this.#first((day) => day.snapshot(fleet, vehicle)) ?? 'null')
  }

  alert(id: string): Alert | null {
    return this.#first((day) => day.alert(id))
  }

  revision(id: string, revision: number): Alert | null {
    return this.#first((day) => day.revision(id, revision))
  }

  openAlerts(): readonly Alert[] {
    return openAcross(this.#newestFirst().slice(0, openDays))
  }

  lastAlertCursor(): number {
    return this.#cursor
  }

  async alertsAfter(cursor: number, limit: number, fleet: string | null): Promise<readonly Alert[]> {
    return alertsAcross(this.#oldestFirst(), cursor, limit, fleet)
  }

  keysOf(fleet: string, vehicle: string): readonly Uint8Array[] {
    return this.#keys.get(`${fleet}/${vehicle}`) ?? []
  }

  #learn({ fleet, vehicle, key }: TerminalKey): void {
    const name = `${fleet}/${vehicle}`
    const known = this.#keys.get(name) ?? []
    if (!known.some((one) => Buffer.compare(one, key) === 0)) this.#keys.set(name, [...known, key])
  }

  /** Every day but the newest, which is still written. */
  #past(): string[] {
    return [...this.#days.keys()].sort().slice(0, -1)
  }

  onDayOver(told: () => void): void {
    this.#dayOver = told
  }

  async sealPast(key: EvidenceKey): Promise<readonly string[]> {
    const due = this.#past().filter((name) => !this.#dayOf(name).isSealed())
    for (const name of due) await this.#dayOf(name).seal(key, isoUtc(this.#options.nowMs()))
    return due
  }

  removePast(before: string, mayGo: (alert: Alert) => boolean, key: EvidenceKey): readonly Removal[] {
    const due = this.#past().filter((name) => name < before)
    return due.map((name): Removal => {
      const day = this.#dayOf(name)
      const held = day.alertsAfter(0, Number.MAX_SAFE_INTEGER, null).filter((alert) => !mayGo(alert))
      if (held.length > 0) return { day: name, removed: false, heldBy: held.length }
      this.#carryForward(day)
      const summary = day.summary()
      // Closing folds the write-ahead log into the file, so that its digest is that of all it says.
      day.close()
      writeTombstone(this.#folder, name, summary, key, isoUtc(this.#options.nowMs()))
      failPoint('tombstone-written')
      this.#days.delete(name)
      unlinkDay(this.#folder, name)
      return { day: name, removed: true, heldBy: 0 }
    })
  }

  /** What later days rely on and only this one says: what was received of each stream, and who signs. */
  #carryForward(day: Day): void {
    const newest = this.#newestFirst()[0]!
    const later = new Set(newest.states().map(streamText))
    newest.transaction(() => {
      for (const mark of day.states())
        if (!later.has(streamText(mark))) newest.putState(mark, this.#marks.get(mark))
      for (const one of day.keys()) newest.putKey(one)
      for (const { fleet, vehicle, state } of day.snapshots())
        if (this.#first((other) => (other === day ? null : other.snapshot(fleet, vehicle))) === null)
          newest.putSnapshotText(fleet, vehicle, state)
    })
  }

  async gapsAfter(cursor: number, limit: number, fleet: string | null): Promise<readonly GapEntry[]> {
    const found: GapEntry[] = []
    for (const day of this.#oldestFirst())
      if (found.length < limit) found.push(...day.gapsAfter(cursor, limit - found.length, fleet))
    return found
  }

  unpublished(limit: number): readonly Alert[] {
    return alertsAcross(this.#oldestFirst(), this.#published, limit, null)
  }

  /** Written with the next group: an alert published twice has the same id, a lost mark costs nothing. */
  markPublished(upToCursor: number): void {
    this.#published = Math.max(this.#published, upToCursor)
  }

  async close(): Promise<void> {
    const newest = this.#newestFirst()[0]
    newest?.transaction(() => newest.putMeta('published', this.#published))
    for (const day of this.#days.values()) day.close()
    this.#lock.release()
  }

  #refuseDoubles(envelopes: readonly Envelope[]): void {
    for (const one of envelopes)
      if (hasSeq(this.#marks.get(one), one.seq) && this.hashOf(one) !== null)
        throw new Error(`journaled twice: ${one.fleet}/${one.vehicle} seq ${one.seq}`)
  }

  /** World time may be set back between two runs; the newest file stays the newest all the same. */
  #currentDay(): Day {
    const today = localText(this.#options.nowMs(), this.#options.zone).slice(0, 10)
    const newest = [...this.#days.keys(), today].sort().at(-1)!
    if (!this.#days.has(newest)) this.#dayOver()
    return this.#dayOf(newest)
  }

  #dayOf(name: string): Day {
    let day = this.#days.get(name)
    if (day === undefined) this.#days.set(name, (day = openNamed(this.#folder, name)))
    return day
  }

  #newestFirst(): Day[] {
    const names = [...this.#days.keys()].sort().reverse()
    return names.map((name) => this.#dayOf(name))
  }

  #oldestFirst(): Day[] {
    return this.#newestFirst().reverse()
  }

  #first<T>(look: (day: Day) => T | null): T | null {
    for (const day of this.#newestFirst()) {
      const found = look(day)
      if (found !== null) return found
    }
    return null
  }
}

function makeFolder(dataDir: string): string {
  try {
    makeFolders(dataDir)
  } catch {
    throw new BadInput(`${dataDir}: cannot be made a folder; name a folder this user may write to`)
  }
  bringFolderToDisk(path.resolve(dataDir))
  return dataDir
}

function dayNames(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => filePattern.exec(name)?.[1] ?? [])
}

function openNamed(folder: string, name: string): Day {
  const file = path.join(folder, `journal-${name}.db`)
  const old = existsSync(file)
  try {
    const day = new Day(file)
    if (!old) failPoint('day-made')
    // A torn file shows where it is read: here it is still told by its name.
    day.check()
    day.states()
    day.keys()
    day.lastCursor()
    day.lastCursor('gap')
    day.meta('published')
    return day
  } catch (error) {
    const why = error instanceof Error ? error.message : 'not a database'
    throw new BadInput(
      `${file}: cannot be ${old ? 'opened' : 'made'} (${why}); restore it from a copy or make room for it`,
    )
  }
}

/** A stream's backfill may be received days after newer envelopes: the files are merged by seq. */
function readAcross(
  days: readonly Day[],
  key: StreamKey,
  fromSeq: number,
  limit: number,
): readonly JournalEnvelope[] {
  const found = days.flatMap((day) => day.read(key, fromSeq, limit))
  return found.sort((a, b) => a.envelope.seq - b.envelope.seq).slice(0, limit)
}

function alertsAcross(days: readonly Day[], after: number, limit: number, fleet: string | null): Alert[] {
  const found: Alert[] = []
  for (const day of days) {
    if (found.length >= limit) break
    found.push(...day.alertsAfter(after, limit - found.length, fleet))
  }
  return found
}

/** Newest file first: an alert is open when its last revision, wherever it is, says so. */
function openAcross(days: readonly Day[]): Alert[] {
  const open: Alert[] = []
  for (const [index, day] of days.entries())
    for (const alert of day.openAlerts())
      if (!days.slice(0, index).some((newer) => newer.alert(alert.id) !== null)) open.push(alert)
  return open
}
