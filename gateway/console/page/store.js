import { ranked } from '/desk/episodes.js'

/** What the desk knows. Whatever comes twice, late or in another order ends the same: the highest revision holds. */

export const severities = ['critical', 'major', 'minor', 'info']
const trailMax = 240
/** Alerts nobody has to look at any more are kept so many, the newest; a shift must not fill the memory. */
const overMax = 1000

/** `tell` is told what did: `alerts` or `states`. */
export function createStore(tell) {
  const version = { alerts: 0 }
  const changed = (what, key) => {
    if (what === 'alerts') version.alerts++
    tell(what, key)
  }
  const alerts = new Map()
  const cases = new Map()
  const states = new Map()
  const trails = new Map()
  const heardViews = new WeakSet()
  const cursors = { alerts: 0, cases: 0 }
  const store = {
    ...{ alerts, cases, states, cursors, version },
    keep: () => null,
    stateOf: ({ fleet, vehicle }) => states.get(`${fleet}/${vehicle}`) ?? null,
    trailOf: ({ fleet, vehicle }) => trails.get(`${fleet}/${vehicle}`)?.points() ?? [],
    /** True when it is an alert nobody here has seen before. */
    takeAlert(alert) {
      // The copy for those who listen to the old severity only says where the alert went.
      if (alert.movedTo !== undefined) return false
      const known = alerts.get(alert.id)
      if (known !== undefined && known.revision >= alert.revision) return false
      alerts.set(alert.id, alert)
      if (alert.supersedes !== null) alerts.delete(alert.supersedes)
      changed('alerts')
      return known === undefined
    },
    /**
     * What is `heard` over the live channel has the names of people masked; what was asked for is as whole as this officer
     * may read it. Of the same revision, whichever comes first, the whole one holds.
     */
    takeCase(view, heard = false) {
      const known = cases.get(view.alert)
      if (known !== undefined && known.revision > view.revision) return
      if (known?.revision === view.revision && (heard || !heardViews.has(known))) return
      if (heard) heardViews.add(view)
      cases.set(view.alert, view)
      changed('alerts')
    },
    /** Whether what is known of its case was only heard. */
    isHeard: (id) => cases.has(id) && heardViews.has(cases.get(id)),
    takeState(state) {
      const key = `${state.fleet}/${state.vehicle}`
      states.set(key, state)
      if (state.place !== null) {
        if (!trails.has(key)) trails.set(key, createTrail())
        trails.get(key).add(state.place.lat, state.place.lon)
      }
      changed('states', key)
    },
    /** Forgets the oldest of what is over. */
    forget() {
      const done = [...alerts.values()].filter((alert) => isOver(store, alert) && alert.id !== store.keep())
      for (const { id } of done.slice(0, Math.max(0, done.length - overMax))) {
        alerts.delete(id)
        cases.delete(id)
      }
    },
  }
  return store
}

/** The last places of one vehicle, in room that never grows. */
function createTrail() {
  const room = new Float64Array(trailMax * 2)
  let from = 0
  let count = 0
  const at = (index) => ((from + index) % trailMax) * 2
  return {
    add(lat, lon) {
      if (count > 0) {
        const last = at(count - 1)
        if (room[last] === lat && room[last + 1] === lon) return
      }
      if (count === trailMax) from = (from + 1) % trailMax
      else count++
      const place = at(count - 1)
      room[place] = lat
      room[place + 1] = lon
    },
    points: () => Array.from({ length: count }, (_, index) => [room[at(index)], room[at(index) + 1]]),
  }
}

const over = new Set(['closed', 'falseAlarm', 'consolidated', 'superseded'])
export const statusOf = (store, { id }) => store.cases.get(id)?.status ?? 'raised'
export const isOver = (store, alert) => alert.withdrawn === true || over.has(statusOf(store, alert))

const rank = ({ severity }) => severities.indexOf(severity)
/** By severity, then by deadline, then by id so that nothing jumps. */
const pressing = (about) => (a, b) =>
  rank(a) - rank(b) || dueMs(a, about) - dueMs(b, about) || (a.id < b.id ? -1 : 1)

/** What is still somebody's to do, and the one that is looked at. */
export function openAlerts(store, keep) {
  const chosen = store.alerts.get(keep)
  const open = [...store.alerts.values()].filter((alert) => alert !== chosen && !isOver(store, alert))
  return chosen === undefined ? open : [...open, chosen]
}

/** The same as episodes of vehicles, the most pressing first. */
export const openEpisodes = (store, about, keep) => ranked(openAlerts(store, keep), pressing(about))

const receivedMs = new WeakMap()
/** By when somebody should have acknowledged it. Asked for each row each second: the date is read once. */
export function dueMs(alert, about) {
  let atMs = receivedMs.get(alert)
  if (atMs === undefined) {
    atMs = Date.parse(alert.receivedAt)
    receivedMs.set(alert, atMs)
  }
  return atMs + about.acknowledgeWithinMin[alert.severity] * 60_000
}
