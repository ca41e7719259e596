import { dueMs, isOver, openEpisodes, severities, statusOf } from '/desk/store.js'
import { el, element } from '/desk/ui.js'
import { said, span, word } from '/desk/words.js'

/** The list on the left: one row for each episode of a vehicle. Rows are kept by their key, so that focus and reading hold. */

export const kindName = (about, kind) => said(about.kinds[kind]) || kind

/** What the list shows now: rows that press, and those a quiet rule covers. */
export function episodesOf(desk) {
  const stamp = `${desk.store.version.alerts} ${keptFor(desk)} ${desk.quietVersion()}`
  if (last.stamp !== stamp) last = { stamp, ...sorted(desk) }
  return last
}
let last = { stamp: null, loud: [], quiet: [] }

/** The one that is looked at stays in the list though it is over or quiet; any other choice changes nothing of the list. */
function keptFor({ store, chosen, isQuiet }) {
  const alert = store.alerts.get(chosen)
  return alert !== undefined && (isOver(store, alert) || isQuiet(alert)) ? chosen : ''
}

function sorted(desk) {
  const all = openEpisodes(desk.store, desk.about, desk.chosen)
  const isQuiet = ({ alerts }) => alerts.every((alert) => desk.isQuiet(alert) && alert.id !== desk.chosen)
  return { loud: all.filter((one) => !isQuiet(one)), quiet: all.filter(isQuiet) }
}

export function drawList(desk) {
  const list = document.querySelector('#list')
  const episodes = episodesOf(desk)
  const nowMs = desk.nowMs()
  const mark = `${Math.floor(nowMs / 1000)} ${document.documentElement.lang} ${[...desk.marked]} ${desk.showQuiet}`
  if (drawn.episodes !== episodes || drawn.mark !== mark) drawRows(desk, list, episodes, nowMs)
  drawn = { episodes, mark }
  select(list, episodes.loud, desk.chosen)
}
/** Of hundreds of rows only two change when another is chosen. */
let drawn = { episodes: null, mark: '' }

function drawRows(desk, list, { loud, quiet }, nowMs) {
  document.querySelector('#nothing').hidden = loud.length > 0
  const rows = new Map([...list.children].map((row) => [row.dataset.key, row]))
  const wanted = loud.map((episode) => drawRow(desk, episode, rows.get(episode.key) ?? element('div'), nowMs))
  if (wanted.length !== list.children.length || wanted.some((row, at) => list.children[at] !== row))
    list.replaceChildren(...wanted)
  drawMarked(desk)
  drawQuiet(desk, quiet)
  drawCounts(loud)
}

function select(list, loud, chosen) {
  const at = loud.findIndex(({ alerts }) => alerts.some(({ id }) => id === chosen))
  const row = at === -1 ? null : list.children[at]
  for (const other of list.querySelectorAll('[aria-selected=true]'))
    if (other !== row) other.ariaSelected = 'false'
  if (row === null) return list.removeAttribute('aria-activedescendant')
  if (row.ariaSelected !== 'true') row.ariaSelected = 'true'
  if (list.getAttribute('aria-activedescendant') !== row.id)
    list.setAttribute('aria-activedescendant', row.id)
}

function drawRow(desk, episode, row, nowMs) {
  const { store, about, marked } = desk
  const { key, lead, alerts } = episode
  const isMarked = alerts.some(({ id }) => marked.has(id))
  // Only what changes is written: the browser looks at every row that is touched.
  if (row.ariaSelected === null) row.ariaSelected = 'false'
  const status = statusOf(store, lead)
  const due = dueText(lead, about, status, nowMs)
  const stamp = alerts.map((alert) => `${alert.id}${alert.revision}${statusOf(store, alert)}`).join()
  const mark = [stamp, due, isMarked, document.documentElement.lang].join(' ')
  if (row.dataset.mark === mark) return row
  row.dataset.mark = mark
  row.dataset.key = key
  row.dataset.id = lead.id
  if (isMarked) row.ariaChecked = 'true'
  else row.removeAttribute('aria-checked')
  row.id = `alert-${lead.id}`
  row.role = 'option'
  row.className = lead.severity
  const isLate = nowMs > dueMs(lead, about) && status === 'raised'
  const line = el(
    'p',
    { class: 'line' },
    isMarked ? element('span', 'tick', '☑') : null,
    element('span', 'severity', word(lead.severity)),
    element('span', 'plate', lead.plate ?? lead.vehicle),
    element('span', '', kindName(about, lead.kind)),
    alerts.length > 1 ? element('span', 'count', word('episodeOf', alerts.length)) : null,
    element('span', isLate ? 'due late' : 'due', due),
  )
  const phase = word(lead.withdrawn ? 'withdrawn' : lead.phase)
  row.replaceChildren(line, element('p', 'soft', `${phase} · ${said(lead.explain)}`))
  return row
}

function dueText(alert, about, status, nowMs) {
  if (status !== 'raised') return word(status)
  const left = dueMs(alert, about) - nowMs
  return left >= 0 ? word('dueIn', span(left)) : word('overdue', span(-left))
}

function drawMarked({ marked }) {
  const line = document.querySelector('#marked')
  const text = marked.size === 0 ? '' : word('markedMany', marked.size)
  if (line.textContent !== text) line.textContent = text
}

/** What a tunnel, a garage, a planned stop or a repair explains: one line, opened on demand. */
function drawQuiet(desk, quiet) {
  const holder = document.querySelector('#quiet')
  const mark = `${quiet.map(({ key }) => key).join()} ${desk.showQuiet} ${document.documentElement.lang}`
  if (holder.dataset.mark === mark) return
  holder.dataset.mark = mark
  if (quiet.length === 0) return holder.replaceChildren()
  const toggle = el(
    'button',
    { type: 'button', 'aria-expanded': String(desk.showQuiet), click: desk.turnQuiet, class: 'plain' },
    word('quietMany', quiet.length),
  )
  const rows = quiet.map(({ lead, alerts }) =>
    el(
      'li',
      {},
      el(
        'button',
        { type: 'button', class: 'plain', click: () => desk.choose(lead.id) },
        `${lead.plate ?? lead.vehicle} · ${kindName(desk.about, lead.kind)}${alerts.length > 1 ? ` ×${alerts.length}` : ''} · ${desk.quietReason(lead)}`,
      ),
    ),
  )
  holder.replaceChildren(toggle, ...(desk.showQuiet ? [el('ul', {}, rows)] : []))
}

function drawCounts(episodes) {
  const holder = document.querySelector('#counts')
  const counts = severities.map((one) => episodes.filter(({ lead }) => lead.severity === one).length)
  const mark = `${counts} ${document.documentElement.lang}`
  if (holder.dataset.mark === mark) return
  holder.dataset.mark = mark
  const parts = severities.map((one, at) =>
    element('span', `severity ${one}`, `${word(one)} ${counts[at]}  `),
  )
  holder.replaceChildren(element('span', 'soft', `${word('countsOf')} `), ...parts)
  const [critical] = counts
  const title = `${critical > 0 ? `(${critical}) ` : ''}${word('title')} Roadwarden`
  if (document.title !== title) document.title = title
  showBadge(critical)
}

/** On the icon of the desk, where the system has icons that count: asked for only when it changes. */
let badged = 0
function showBadge(critical) {
  if (critical === badged) return
  badged = critical
  if (critical > 0) navigator.setAppBadge?.(critical).catch(() => {})
  else navigator.clearAppBadge?.().catch(() => {})
}

/** The episode after the one that is looked at, or before; the first when none is. */
export function neighbour(desk, by) {
  const { loud } = episodesOf(desk)
  const at = loud.findIndex(({ alerts }) => alerts.some(({ id }) => id === desk.chosen))
  const next = at === -1 ? 0 : Math.min(loud.length - 1, Math.max(0, at + by))
  return at === next ? desk.chosen : (loud[next]?.lead.id ?? null)
}

/** The alerts of the episode that is looked at, the most pressing first. */
export function episodeAlerts(desk) {
  const { loud, quiet } = episodesOf(desk)
  return [...loud, ...quiet].find(({ alerts }) => alerts.some(({ id }) => id === desk.chosen))?.alerts ?? []
}

export const openOnes = (desk, alerts) => alerts.filter((alert) => !isOver(desk.store, alert))
