import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { sha256 } from '../../proto/canonical.ts'
import type { Alert, EnvelopeKey } from '../../proto/model.ts'
import { BadInput } from '../../proto/problem.ts'
import { localText } from '../../proto/time.ts'
import type { Journal, JournalEnvelope, JournalGroup, StreamKey } from '../journal.ts'
import { type Day, openDay } from './day.ts'
import { lockFolder } from './lock.ts'
import { hasSeq } from './ranges.ts'
import { createWatermarks, statesAfter } from './watermarks.ts'

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
export function openSqliteJournal({ dataDir, zone, nowMs }: SqliteJournalOptions): Journal {
  const folder = makeFolder(dataDir)
  const lock = lockFolder(folder)
  const days = new Map<string, Day>()
  const dayOf = (name: string): Day => {
    let day = days.get(name)
    if (day === undefined) days.set(name, (day = openNamed(folder, name)))
    return day
  }
  for (const name of dayNames(folder)) dayOf(name)
  const newestFirst = (): Day[] => [...days.keys()].sort().reverse().map(dayOf)
  const oldestFirst = (): Day[] => newestFirst().reverse()

  const marks = createWatermarks()
  for (const day of oldestFirst()) for (const mark of day.states()) marks.set(mark, mark.state)
  let cursor = Math.max(0, ...newestFirst().map((day) => day.lastCursor()))
  let published = Math.max(0, ...newestFirst().map((day) => day.meta('published') ?? 0))

  /** World time may be set back between two runs; the newest file stays the newest all the same. */
  const currentDay = (): Day => {
    const today = localText(nowMs(), zone).slice(0, 10)
    const newest = [...days.keys()].sort().at(-1) ?? today
    return dayOf(newest > today ? newest : today)
  }
  const first = <T>(look: (day: Day) => T | null): T | null => {
    for (const day of newestFirst()) {
      const found = look(day)
      if (found !== null) return found
    }
    return null
  }

  const append = (group: JournalGroup): readonly Alert[] => {
    const stored = group.alerts.map((alert, index) => ({ ...alert, cursor: cursor + index + 1 }))
    const after = statesAfter(
      marks,
      group.envelopes.map(({ envelope }) => envelope),
      group.closed,
    )
    for (const { envelope } of group.envelopes)
      if (hasSeq(marks.get(envelope), envelope.seq) && first((day) => day.hashOf(envelope)) !== null)
        throw new Error(`journaled twice: ${envelope.fleet}/${envelope.vehicle} seq ${envelope.seq}`)
    const day = currentDay()
    day.transaction(() => {
      for (const { key, state } of after.values()) day.putState(key, state)
      for (const row of group.envelopes) day.putEnvelope(row)
      for (const alert of stored) day.putAlert(alert)
      for (const item of group.quarantined) day.putQuarantined(item, sha256(item.bytes))
      for (const { fleet, vehicle, state } of group.snapshots) day.putSnapshot(fleet, vehicle, state)
      day.putMeta('published', published)
    })
    for (const { key, state } of after.values()) marks.set(key, state)
    cursor += stored.length
    return stored
  }

  return {
    append: async (group) => append(group),
    hashOf: (key: EnvelopeKey) => first((day) => day.hashOf(key)),
    state: marks.get,
    watermarks: marks.all,
    read: async (key, fromSeq, limit) => readAcross(oldestFirst(), key, fromSeq, limit),
    snapshot: (fleet, vehicle) =>
      JSON.parse(first((day) => day.snapshot(fleet, vehicle)) ?? 'null') as unknown,
    alert: (id) => first((day) => day.alert(id)),
    revision: (id, revision) => first((day) => day.revision(id, revision)),
    openAlerts: () => openAcross(newestFirst().slice(0, openDays)),
    alertsAfter: async (after, limit, fleet) => alertsAcross(oldestFirst(), after, limit, fleet),
    unpublished: (limit) => alertsAcross(oldestFirst(), published, limit, null),
    markPublished: (upToCursor) => {
      // Written with the next group: an alert published twice has the same id, a lost mark costs nothing.
      published = Math.max(published, upToCursor)
    },
    close: async () => {
      const newest = newestFirst()[0]
      newest?.transaction(() => newest.putMeta('published', published))
      for (const day of days.values()) day.close()
      lock.release()
    },
  }
}

function makeFolder(dataDir: string): string {
  try {
    mkdirSync(dataDir, { recursive: true })
  } catch {
    throw new BadInput(`${dataDir}: cannot be made a folder; name a folder this user may write to`)
  }
  return dataDir
}

function dayNames(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => filePattern.exec(name)?.[1] ?? [])
}

function openNamed(folder: string, name: string): Day {
  const file = path.join(folder, `journal-${name}.db`)
  const old = existsSync(file)
  try {
    return openDay(file)
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
