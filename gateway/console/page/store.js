/** What the desk knows. Whatever comes twice, late or in another order ends the same: the highest revision holds. */

export const severities = ['critical', 'major', 'minor', 'info']
const trailMax = 2000

export function createStore(changed) {
  const alerts = new Map()
  const cases = new Map()
  const states = new Map()
  const trails = new Map()
  const cursors = { alerts: 0, cases: 0 }
  return {
    alerts,
    cases,
    cursors,
    stateOf: ({ fleet, vehicle }) => states.get(`${fleet}/${vehicle}`) ?? null,
    trailOf: ({ fleet, vehicle }) => trails.get(`${fleet}/${vehicle}`) ?? [],
    /** True when it is an alert nobody here has seen before. */
    takeAlert(alert) {
      // The copy for those who listen to the old severity only says where the alert went.
      if (alert.movedTo !== undefined) return false
      const known = alerts.get(alert.id)
      if (known !== undefined && known.revision >= alert.revision) return false
      alerts.set(alert.id, alert)
      if (alert.supersedes !== null) alerts.delete(alert.supersedes)
      changed()
      return known === undefined
    },
    takeCase(view) {
      const known = cases.get(view.alert)
      if (known !== undefined && known.revision >= view.revision) return
      cases.set(view.alert, view)
      changed()
    },
    takeState(state) {
      const key = `${state.fleet}/${state.vehicle}`
      states.set(key, state)
      if (state.place !== null) {
        const trail = trails.get(key) ?? []
        const last = trail.at(-1)
        if (last === undefined || last[0] !== state.place.lat || last[1] !== state.place.lon)
          trail.push([state.place.lat, state.place.lon])
        trails.set(key, trail.slice(-trailMax))
      }
      changed()
    },
  }
}

const over = new Set(['closed', 'falseAlarm'])
const statusOf = (store, { id }) => store.cases.get(id)?.status ?? 'raised'

/** What is still somebody's to do: by severity, then by deadline, then by id so that nothing jumps. */
export function openAlerts(store, about, keep) {
  const open = [...store.alerts.values()].filter(
    (alert) => alert.id === keep || (alert.withdrawn !== true && !over.has(statusOf(store, alert))),
  )
  const rank = ({ severity }) => severities.indexOf(severity)
  return open.sort((a, b) => rank(a) - rank(b) || dueMs(a, about) - dueMs(b, about) || (a.id < b.id ? -1 : 1))
}

export const dueMs = ({ receivedAt, severity }, about) =>
  Date.parse(receivedAt) + about.acknowledgeWithinMin[severity] * 60_000
