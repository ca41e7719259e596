import { sha256Hex } from '../../proto/canonical.ts'
import type { Alert } from '../../proto/model.ts'
import type {
  GapEntry,
  Journal,
  JournalEnvelope,
  JournalGroup,
  Quarantined,
  TerminalKey,
} from '../journal.ts'
import { gapsOf } from './gaps.ts'
import { allKept, QuarantineRoom, withUnkept } from './quarantine.ts'
import { createWatermarks, statesAfter, streamText } from './watermarks.ts'

/** The contract without a disk: for tests, and the plainest statement of what the contract says. */
export function createMemoryJournal(): Journal & { readonly quarantined: () => readonly Quarantined[] } {
  const marks = createWatermarks()
  const envelopes = new Map<string, JournalEnvelope>()
  const snapshots = new Map<string, string>()
  const alerts: Alert[] = []
  const quarantined: Quarantined[] = []
  const gaps: GapEntry[] = []
  const keys: TerminalKey[] = []
  const setAside = new Set<string>()
  const room = new QuarantineRoom()
  let unkept = allKept
  let published = 0

  const lastOf = (id: string): Alert | null => alerts.findLast((alert) => alert.id === id) ?? null

  const append = (group: JournalGroup): Promise<readonly Alert[]> => {
    const after = statesAfter(
      marks,
      group.envelopes.map(({ envelope }) => envelope),
      group.closed,
    )
    const doubled = group.envelopes.find(({ envelope }) => envelopes.has(seqText(envelope)))
    if (doubled !== undefined)
      return Promise.reject(new Error(`journaled twice: ${seqText(doubled.envelope)}`))
    for (const row of group.envelopes) envelopes.set(seqText(row.envelope), row)
    for (const { key, state } of after.values()) marks.set(key, state)
    for (const { fleet, vehicle, state } of group.snapshots)
      snapshots.set(`${fleet}/${vehicle}`, JSON.stringify(state))
    for (const item of group.quarantined) {
      const hash = sha256Hex(item.bytes)
      if (setAside.has(hash)) continue
      const cap = room.capOn(item)
      if (cap !== null) unkept = withUnkept(unkept, [cap])
      else {
        setAside.add(hash)
        room.add(item)
        quarantined.push(item)
      }
    }
    keys.push(...(group.keys ?? []))
    gaps.push(...gapsOf(group, gaps.length, 0))
    const stored = group.alerts.map((alert, index) => ({ ...alert, cursor: alerts.length + index + 1 }))
    alerts.push(...stored)
    return Promise.resolve(stored)
  }

  return {
    append,
    hashOf: (key) => envelopes.get(seqText(key))?.hash ?? null,
    prevHashOf: (key) => envelopes.get(seqText(key))?.envelope.prevHash ?? null,
    unkept: () => unkept,
    state: marks.get,
    watermarks: marks.all,
    read: (key, fromSeq, limit) =>
      Promise.resolve(
        [...envelopes.values()]
          .filter(({ envelope }) => streamText(envelope) === streamText(key) && envelope.seq >= fromSeq)
          .sort((a, b) => a.envelope.seq - b.envelope.seq)
          .slice(0, limit),
      ),
    snapshot: (fleet, vehicle) => JSON.parse(snapshots.get(`${fleet}/${vehicle}`) ?? 'null') as unknown,
    alert: lastOf,
    revision: (id, revision) =>
      alerts.find((alert) => alert.id === id && alert.revision === revision) ?? null,
    openAlerts: () =>
      alerts.filter((alert) => lastOf(alert.id) === alert && alert.phase !== 'ended' && !alert.withdrawn),
    lastAlertCursor: () => alerts.length,
    alertsAfter: (cursor, limit, fleet) =>
      Promise.resolve(
        alerts
          .filter((alert) => alert.cursor > cursor && (fleet === null || alert.fleet === fleet))
          .slice(0, limit),
      ),
    keysOf: (fleet, vehicle) =>
      keys.filter((one) => one.fleet === fleet && one.vehicle === vehicle).map(({ key }) => key),
    gapsAfter: (cursor, limit, fleet) =>
      Promise.resolve(
        gaps.filter((gap) => gap.cursor > cursor && (fleet === null || gap.fleet === fleet)).slice(0, limit),
      ),
    unpublished: (limit) => alerts.filter(({ cursor }) => cursor > published).slice(0, limit),
    markPublished: (upToCursor) => {
      published = Math.max(published, upToCursor)
    },
    close: () => Promise.resolve(),
    quarantined: () => quarantined,
  }
}

const seqText = (key: Parameters<typeof streamText>[0] & { readonly seq: number }): string =>
  `${streamText(key)}/${key.seq}`
