/**
 * Alerts of one vehicle that belong together: what happens within an hour of the last on the same trip is one episode, one
 * row of the list and one thing to handle. Pure.
 */

export const apartMs = 3_600_000

/** What the evidence of an ended one says of how long it lasted. */
const lengths = ['durationS', 'silentS', 'frozenS', 'lastedS']

/** When it began: `at` of one that has ended is its end. Null: nothing that is known of it says when. */
export function beganMs({ phase, at, evidence = {} }) {
  if (phase !== 'ended') return Date.parse(at)
  const sinceMs = Date.parse(evidence.since ?? '')
  if (!Number.isNaN(sinceMs)) return sinceMs
  const seconds = lengths.map((name) => evidence[name]).find((value) => typeof value === 'number')
  return seconds === undefined ? null : Date.parse(at) - seconds * 1000
}
export const endedMs = ({ phase, at }) => (phase === 'ended' ? Date.parse(at) : null)
const firstMs = (alert) => beganMs(alert) ?? Date.parse(alert.at)

const lastMs = (alert) => Math.max(Date.parse(alert.at), Date.parse(alert.decidedAt ?? alert.at))
const isOtherTrip = (a, b) => a !== null && b !== null && a !== b

/** Episodes of these alerts, in no order; `alerts` of each by their beginning. */
export function episodesOf(alerts) {
  const byVehicle = new Map()
  for (const alert of alerts) {
    const key = `${alert.fleet}/${alert.vehicle}`
    const known = byVehicle.get(key)
    if (known === undefined) byVehicle.set(key, [alert])
    else known.push(alert)
  }
  return [...byVehicle].flatMap(([key, own]) => cut(key, own))
}

function cut(key, own) {
  const sorted = own.toSorted((a, b) => firstMs(a) - firstMs(b) || (a.id < b.id ? -1 : 1))
  const episodes = []
  let untilMs = Number.NEGATIVE_INFINITY
  for (const alert of sorted) {
    const last = episodes.at(-1)
    const before = last?.alerts.at(-1)
    const isNew =
      last === undefined ||
      firstMs(alert) - untilMs > apartMs ||
      isOtherTrip(before.trip ?? null, alert.trip ?? null)
    if (isNew) {
      episodes.push({ key: `${key}/${alert.id}`, alerts: [alert] })
      untilMs = lastMs(alert)
    } else {
      last.alerts.push(alert)
      untilMs = Math.max(untilMs, lastMs(alert))
    }
  }
  return episodes
}

/** Episodes by what presses most; in each, `lead` is the alert that does. `before` compares two alerts. */
export function ranked(alerts, before) {
  return episodesOf(alerts)
    .map(({ key, alerts: own }) => ({ key, alerts: own.toSorted(before) }))
    .map((episode) => ({ ...episode, lead: episode.alerts[0] }))
    .sort((a, b) => before(a.lead, b.lead))
}
