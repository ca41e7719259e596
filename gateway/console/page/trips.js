import { call, list } from '/desk/api.js'
import { button, download, el, labelled, layout, news, problemText, table, trouble } from '/desk/ui.js'
import { instant, word } from '/desk/words.js'

/** Trips: what vehicles are to do, taken from a file of the dispatcher; every problem is shown at its row and field. */

const filter = { text: '' }

export async function open(root, _args, desk) {
  const holder = el('div')
  const problems = el('div', { role: 'alert' })
  const file = el('input', {
    ...{ type: 'file', class: 'unseen', tabindex: '-1', 'aria-label': word('importFile') },
    ...{ id: 'trip-file', accept: '.csv,.json,text/csv,application/json', change: () => void send() },
  })
  const field = el('input', {
    type: 'search',
    id: 'find',
    value: filter.text,
    placeholder: word('searchTrips'),
    input: () => {
      filter.text = field.value
      draw()
    },
  })
  let trips = []
  root.append(
    ...layout(
      'page.trips',
      [labelled('search', field), download('exportCsv', '/api/v1/trips.csv', 'trips.csv')],
      el(
        'section',
        { class: 'card', 'aria-label': word('importTrips') },
        el('h3', {}, word('importTrips')),
        el('p', { class: 'soft' }, word('importAbout')),
        el('pre', { class: 'example' }, 'id,fleet,vehicle,from,to,drivers,serviceClass,oneWayKm,route'),
        el(
          'div',
          { class: 'tools' },
          file,
          button('chooseFile', () => file.click(), { key: 'Q', primary: true }),
        ),
        problems,
      ),
      holder,
    ),
  )

  /** The whole file or nothing: half an import nobody finds again. */
  async function send() {
    const chosen = file.files[0]
    if (chosen === undefined) return
    await desk.named()
    const text = await chosen.text()
    const isJson = chosen.name.endsWith('.json')
    const { ok, value } = isJson
      ? await call('POST', '/trips', parsed(text))
      : await call('POST', '/trips', text, 'text/csv')
    file.value = ''
    if (!ok) return showProblems(value)
    problems.replaceChildren(el('p', { class: 'green' }, word('imported', value.filed.length)))
    news(word('imported', value.filed.length))
    await read()
  }

  function showProblems(value) {
    const rows = value.problems ?? [value]
    problems.replaceChildren(
      el('p', { class: 'trouble' }, word('notImported', rows.length + (value.more ?? 0))),
      table({
        caption: word('importTrips'),
        rows,
        columns: [
          { name: 'fieldName', cell: ({ field }) => placeText(field) },
          { name: 'remedy', cell: (one) => problemText({ remedy: one.remedy }) },
        ],
      }),
      ...(value.more > 0 ? [el('p', { class: 'soft' }, word('moreProblems', value.more))] : []),
    )
  }

  async function read() {
    const { ok, value } = await list('/trips', { limit: 500 }, 5000)
    if (!ok) return holder.replaceChildren(trouble(value))
    trips = value
    draw()
  }

  function draw() {
    const wanted = filter.text.trim().toLowerCase()
    const nowMs = desk.nowMs()
    const rows = trips.filter((trip) => JSON.stringify(trip).toLowerCase().includes(wanted))
    holder.replaceChildren(
      table({
        caption: word('page.trips'),
        rows: rows.slice(0, 500),
        columns: [
          { name: 'trip', cell: ({ id }) => el('strong', {}, id) },
          {
            name: 'vehicle',
            cell: ({ fleet, vehicle }) =>
              fleet
                ? el('a', { href: `#/vehicles/${fleet}/${vehicle}` }, `${plate(fleet, vehicle)}`)
                : vehicle,
          },
          { name: 'fleet', cell: ({ fleet }) => fleet },
          { name: 'from', cell: ({ from }) => instant(from).slice(0, 16) },
          { name: 'to', cell: ({ to }) => instant(to).slice(0, 16) },
          {
            name: 'phase',
            cell: ({ from, to }) =>
              word(
                Date.parse(to) < nowMs ? 'trip.over' : Date.parse(from) > nowMs ? 'trip.coming' : 'trip.now',
              ),
          },
          { name: 'driver', cell: ({ drivers }) => (drivers ?? []).join('、') },
          {
            name: 'service',
            cell: ({ serviceClass }) => (serviceClass ? word(`service.${serviceClass}`) : null),
          },
          { name: 'route', cell: ({ route }) => route },
          { name: 'remove', cell: (trip) => button('remove', () => void remove(trip)) },
        ],
      }),
    )
  }
  const plate = (fleet, vehicle) => desk.store.states.get(`${fleet}/${vehicle}`)?.plate ?? vehicle

  async function remove({ fleet, id }) {
    if (!confirm(word('removeTrip', id))) return
    await desk.named()
    const { ok, value } = await call(
      'DELETE',
      `/trips/${encodeURIComponent(fleet)}/${encodeURIComponent(id)}`,
    )
    if (!ok) problems.replaceChildren(trouble(value))
    await read()
  }
  await read()
  return { keys: { '/': () => field.focus() } }
}

/** `line 7: vehicle` and `[3].vehicle` in words. */
const placeText = (field) =>
  field
    .replace(/^line (\d+): /, (_, line) => `${word('row')} ${line} · `)
    .replace(/^line (\d+)$/, (_, line) => `${word('row')} ${line}`)
    .replace(/^\[(\d+)\]\./, (_, index) => `${word('row')} ${Number(index) + 1} · `)

function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
