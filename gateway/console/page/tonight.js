import { get } from '/desk/api.js'
import { kindName } from '/desk/list.js'
import { openAlerts } from '/desk/store.js'
import { el, labelled, layout, select, table, trouble } from '/desk/ui.js'
import { instant, said, word } from '/desk/words.js'

/** Tonight's board: every coach that will still be out at 02:00, its plan, and whether it will be in order. */

const verdicts = ['red', 'amber', 'green']
const shown = { verdict: '', fleet: '' }
const readMs = 20_000

export function open(root, _args, desk) {
  const holder = el('div')
  const counts = el('p', { class: 'boardcounts', role: 'status' })
  const read = async () => {
    const { ok, value } = await get('/tonight', { fleet: shown.fleet })
    if (!ok) return holder.replaceChildren(trouble(value))
    draw(value.items)
  }
  const pick = (name, options) =>
    labelled(
      name,
      select(options, shown[name], (value) => {
        shown[name] = value
        void read()
      }),
    )
  const fleets = [...new Set([...desk.store.states.values()].map(({ fleet }) => fleet))].sort()
  const tools = [
    pick('verdict', [['', word('all')], ...verdicts.map((one) => [one, word(`verdict.${one}`)])]),
    pick('fleet', [['', word('all')], ...fleets.map((one) => [one, one])]),
  ]
  root.append(
    ...layout('page.tonight', tools, el('p', { class: 'soft' }, word('tonightAbout')), counts, holder),
  )

  function draw(items) {
    counts.replaceChildren(
      ...verdicts.map((one) =>
        el(
          'span',
          { class: one },
          `${word(`verdict.${one}`)} ${items.filter(({ verdict }) => verdict === one).length}　`,
        ),
      ),
      el(
        'span',
        { class: 'soft' },
        `${word('asOf')} ${instant(new Date(desk.nowMs()).toISOString()).slice(11, 16)}`,
      ),
    )
    const rows = items
      .filter(({ verdict }) => shown.verdict === '' || verdict === shown.verdict)
      .sort(
        (a, b) =>
          verdicts.indexOf(a.verdict) - verdicts.indexOf(b.verdict) ||
          (a.etaAt ?? '').localeCompare(b.etaAt ?? ''),
      )
    const focused = document.activeElement?.getAttribute?.('href')
    holder.replaceChildren(
      table({
        caption: word('page.tonight'),
        rows,
        empty: word('tonightEmpty'),
        href: ({ fleet, vehicle }) => `#/map/${fleet}/${vehicle}`,
        mark: ({ verdict }) => verdict,
        columns: [
          { name: 'plate', cell: (row) => plateOf(row, desk) },
          {
            name: 'verdict',
            cell: ({ verdict }) => el('span', { class: verdict }, word(`verdict.${verdict}`)),
          },
          { name: 'why', cell: ({ why }) => said(why) },
          {
            name: 'plan',
            cell: ({ plan, place }) => `${word(`plan.${plan}`)}${place ? ` · ${placeName(place)}` : ''}`,
          },
          { name: 'eta', number: true, cell: ({ etaAt }) => etaAt },
          {
            name: 'stops',
            cell: ({ safeStops }) => safeStops.map((stop) => el('span', { class: 'block' }, stopText(stop))),
          },
          { name: 'openAlerts', cell: (row) => alertsOf(row, desk) },
          { name: 'driver', cell: ({ driver }) => driver ?? word('noDriver') },
          { name: 'line', cell: ({ line, trip }) => line ?? trip },
        ],
      }),
    )
    if (focused) holder.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus()
  }
  void read()
  const timer = setInterval(read, readMs)
  return { close: () => clearInterval(timer) }
}

/** What is open about it: from there the cab is spoken to, a stop is named, a relay is accepted. */
function alertsOf({ fleet, vehicle }, desk) {
  const open = openAlerts(desk.store, null).filter((one) => one.fleet === fleet && one.vehicle === vehicle)
  return open
    .slice(0, 3)
    .map((one) => el('a', { class: 'block', href: `#/live/${one.id}` }, kindName(desk.about, one.kind)))
}

const placeName = (place) => (typeof place === 'string' ? place : (place.name ?? place.area ?? ''))
const plateOf = ({ fleet, vehicle, plate }, desk) =>
  plate ?? desk.store.states.get(`${fleet}/${vehicle}`)?.plate ?? vehicle
const stopText = ({ area, name, distanceKm, etaAt }) =>
  `${name ?? area} · ${Math.round(distanceKm * 10) / 10} km${etaAt ? ` · ${etaAt}` : ''}`
