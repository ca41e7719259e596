import { dueMs, openAlerts, severities } from '/desk/store.js'
import { said, span, word } from '/desk/words.js'

/** The list on the left, and what is counted in the heading. Rows are kept by id, so that focus and reading hold. */

export const element = (tag, className, text) => {
  const made = document.createElement(tag)
  if (className) made.className = className
  if (text !== undefined) made.textContent = text
  return made
}

export const kindName = (about, kind) => said(about.kinds[kind]) || kind

export function drawList(desk) {
  const { store, about, nowMs } = desk
  const list = document.querySelector('#list')
  const alerts = openAlerts(store, about, desk.chosen)
  document.querySelector('#nothing').hidden = alerts.length > 0
  const rows = new Map([...list.children].map((row) => [row.dataset.id, row]))
  const wanted = alerts.map((alert) => drawRow(desk, alert, rows.get(alert.id) ?? element('div'), nowMs()))
  if (wanted.length !== list.children.length || wanted.some((row, at) => list.children[at] !== row))
    list.replaceChildren(...wanted)
  const chosen = wanted.find((row) => row.dataset.id === desk.chosen)
  if (chosen === undefined) list.removeAttribute('aria-activedescendant')
  else list.setAttribute('aria-activedescendant', chosen.id)
  drawCounts(openAlerts(store, about, null))
}

function drawRow({ store, about, chosen }, alert, row, nowMs) {
  const status = store.cases.get(alert.id)?.status ?? 'raised'
  row.id = `alert-${alert.id}`
  row.dataset.id = alert.id
  row.role = 'option'
  row.className = alert.severity
  row.ariaSelected = String(alert.id === chosen)
  const due = dueText(alert, about, status, nowMs)
  const mark = [alert.id, alert.revision, status, due, document.documentElement.lang].join(' ')
  if (row.dataset.mark === mark) return row
  row.dataset.mark = mark
  const line = element('p', 'line')
  line.append(
    element('span', 'severity', word(alert.severity)),
    element('span', 'plate', alert.plate ?? alert.vehicle),
    element('span', '', kindName(about, alert.kind)),
    element('span', 'soft', word(alert.withdrawn ? 'withdrawn' : alert.phase)),
    element('span', nowMs > dueMs(alert, about) && status === 'raised' ? 'due late' : 'due', due),
  )
  row.replaceChildren(line, element('p', 'soft', said(alert.explain)))
  return row
}

function dueText(alert, about, status, nowMs) {
  if (status !== 'raised') return word(status)
  const left = dueMs(alert, about) - nowMs
  return left >= 0 ? word('dueIn', span(left)) : word('overdue', span(-left))
}

function drawCounts(alerts) {
  const counts = document.querySelector('#counts')
  const parts = severities.map((severity) => {
    const count = alerts.filter((alert) => alert.severity === severity).length
    return element('span', `severity ${severity}`, `${word(severity)} ${count}  `)
  })
  counts.replaceChildren(...parts)
  const critical = alerts.filter(({ severity }) => severity === 'critical').length
  document.title = `${critical > 0 ? `(${critical}) ` : ''}${word('title')} Roadwarden`
  if (critical > 0) navigator.setAppBadge?.(critical).catch(() => {})
  else navigator.clearAppBadge?.().catch(() => {})
}

/** The next or the one before; the first when none is chosen. */
export function neighbour({ store, about, chosen }, by) {
  const alerts = openAlerts(store, about, chosen)
  const at = alerts.findIndex(({ id }) => id === chosen)
  const next = at === -1 ? 0 : Math.min(alerts.length - 1, Math.max(0, at + by))
  return alerts[next]?.id ?? null
}
