import { get, list, query } from '/desk/api.js'
import { drawChart } from '/desk/chart.js'
import { areasFor, colours, createMap, drawAreas, drawRoutes, isGone, routesFor, seen } from '/desk/geo.js'
import * as L from '/desk/leaflet.js'
import { button, download, el, facts, labelled, layout, table, trouble } from '/desk/ui.js'
import { currentLanguage, instant, span, word } from '/desk/words.js'

/** Vehicles: the list, and one with what is known of it, its papers in force, its gaps and its track. */

const filter = { text: '' }

export function open(root, [fleet, vehicle], desk) {
  return fleet && vehicle ? one(root, fleet, vehicle, desk) : all(root, desk)
}

async function all(root, desk) {
  const { ok, value } = await list('/vehicles', { limit: 2000 }, 10_000)
  if (!ok) return void root.append(trouble(value))
  const holder = el('div')
  const field = el('input', {
    ...{ type: 'search', id: 'find', placeholder: word('searchVehicles'), value: filter.text },
    input: () => {
      filter.text = field.value
      draw()
    },
  })
  root.append(
    ...layout(
      'page.vehicles',
      [
        labelled('search', field),
        download('exportCsv', `/api/v1/vehicles.csv${query({ lang: currentLanguage() })}`, 'vehicles.csv'),
      ],
      holder,
    ),
  )
  const draw = () => {
    const wanted = filter.text.trim().toLowerCase()
    const rows = value.filter((row) =>
      `${row.plate ?? ''} ${row.fleet}/${row.vehicle}`.toLowerCase().includes(wanted),
    )
    holder.replaceChildren(
      el('p', { class: 'soft', role: 'status' }, word('vehiclesShown', rows.length)),
      table({
        caption: word('page.vehicles'),
        rows: rows.slice(0, shownMax),
        href: (row) => `#/vehicles/${row.fleet}/${row.vehicle}`,
        columns: [
          { name: 'plate', cell: ({ plate, vehicle }) => plate ?? vehicle },
          { name: 'vehicleId', cell: (row) => row.vehicle },
          { name: 'fleet', cell: (row) => row.fleet },
          { name: 'class', cell: (row) => word(`class.${row.class}`) },
          {
            name: 'service',
            cell: ({ serviceClass }) => (serviceClass === null ? null : word(`service.${serviceClass}`)),
          },
          { name: 'speed', number: true, cell: ({ state }) => speedText(state) },
          { name: 'fix', cell: ({ state }) => agoText(state, desk) },
          { name: 'clock', cell: ({ state }) => word(`clock.${state.timeTrusted}`) },
          { name: 'openAlerts', number: true, cell: ({ state }) => countOf(state.openAlerts) },
        ],
      }),
      ...(rows.length > shownMax
        ? [el('p', { class: 'soft' }, word('moreRows', rows.length - shownMax))]
        : []),
    )
  }
  draw()
  return { keys: { '/': () => field.focus() } }
}
const shownMax = 200

const countOf = (open) => String(Array.isArray(open) ? open.length : (open ?? 0))
const speedText = ({ speedKmh }) =>
  speedKmh === null || speedKmh === undefined ? null : `${Math.round(speedKmh)} km/h`
const agoText = ({ at }, desk) => (at ? word('agoOf', span(desk.nowMs() - Date.parse(at))) : word('never'))

async function one(root, fleet, vehicle, desk) {
  const { ok, value } = await get(`/vehicles/${fleet}/${vehicle}`)
  if (!ok) return void root.append(trouble(value))
  const { state, papers, trip, time, gaps } = value
  const holder = el('div', { class: 'medmap' })
  const chart = el('figure', {})
  const replay = el('div')
  root.append(
    ...layout(
      'page.vehicles',
      el('a', { class: 'button', href: '#/vehicles' }, word('back')),
      el('h3', { class: 'casetitle' }, `${value.plate ?? vehicle} · ${vehicle} · ${fleet}`),
      el(
        'div',
        { class: 'columns' },
        el(
          'section',
          { class: 'card', 'aria-label': word('lastState') },
          el('h3', {}, word('lastState')),
          facts([
            ['fix', state.at === null ? word('never') : `${instant(state.at)} · ${agoText(state, desk)}`],
            ['speed', speedText(state)],
            [
              'place',
              state.place === null
                ? word('unknown')
                : `${state.place.lat.toFixed(5)}, ${state.place.lon.toFixed(5)}`,
            ],
            ['driver', state.driver ?? word('noDriver')],
            ['clock', word(`clock.${time.trusted}`)],
            ['trip', trip?.id ?? state.trip],
            ['route', value.route],
            [
              'class',
              `${word(`class.${papers.class}`)}${papers.serviceClass ? ` · ${word(`service.${papers.serviceClass}`)}` : ''}`,
            ],
            ['oneWay', papers.oneWayKm === null ? word('unknown') : `${papers.oneWayKm} km`],
            [
              'relayPapers',
              papers.relay === null ? word('none') : `${papers.relay.certificate} · ${papers.relay.validTo}`,
            ],
            ['openAlerts', countOf(state.openAlerts)],
          ]),
        ),
        el(
          'section',
          { class: 'card', 'aria-label': word('inForce') },
          el('h3', {}, word('inForce')),
          inForce(value.inForce),
        ),
      ),
      el(
        'section',
        { class: 'card', 'aria-label': word('track') },
        el('h3', {}, word('track')),
        replay,
        holder,
        chart,
      ),
      el(
        'section',
        { class: 'card', 'aria-label': word('gaps') },
        el('h3', {}, word('gaps')),
        gapTable(gaps),
      ),
    ),
  )
  const map = createMap(holder, word('track'))
  map.setView(state.place === null ? seen(30.2, 120.2) : seen(state.place.lat, state.place.lon), 11)
  const areas = L.layerGroup().addTo(map)
  void Promise.all([areasFor({ fleet, vehicle }), routesFor({ fleet, vehicle })]).then(
    ([borders, routes]) => {
      if (isGone(map)) return
      if (routes !== null) drawRoutes(areas, routes)
      if (borders !== null) drawAreas(areas, borders)
    },
  )
  const stop = trackReplay({ fleet, vehicle, map, replay, chart, desk })
  return {
    keys: { Escape: () => (location.hash = '#/vehicles') },
    close: () => {
      stop()
      map.remove()
    },
  }
}

function inForce(documents) {
  if (documents === null) return el('p', { class: 'soft' }, word('nothingPushed'))
  const rows = ['policy', 'areas', 'route', 'trip'].map((name) => ({ name, ...documents[name] }))
  return el(
    'div',
    {},
    table({
      caption: word('inForce'),
      rows,
      mark: ({ state }) => ({ refused: 'red', waiting: 'amber', asWanted: 'green' })[state] ?? null,
      columns: [
        { name: 'document', cell: ({ name }) => word(`document.${name}`) },
        { name: 'status', cell: ({ state }) => word(`pushed.${state}`) },
        {
          name: 'since',
          cell: ({ inForce: held }) => (held?.since ? instant(held.since).slice(0, 16) : null),
        },
        { name: 'why', cell: ({ refused }) => refused?.reason ?? null },
      ],
    }),
    el(
      'p',
      { class: 'soft' },
      `${word('reported')} ${documents.reportedAt === null ? word('never') : instant(documents.reportedAt)}`,
    ),
  )
}

const gapTable = (gaps) =>
  table({
    caption: word('gaps'),
    rows: gaps.toReversed(),
    empty: word('noGaps'),
    columns: [
      { name: 'from', cell: ({ from, recordedAt }) => instant(from ?? recordedAt) },
      { name: 'to', cell: ({ to }) => (to === null ? null : instant(to)) },
      { name: 'kind', cell: ({ is }) => word(`gap.${is}`) },
      { name: 'count', number: true, cell: ({ count }) => String(count) },
      { name: 'why', cell: ({ reason }) => reason },
    ],
  })

/** The track of some hours with a slider over time; Space plays, arrows on the slider step. */
function trackReplay({ fleet, vehicle, map, replay, chart, desk }) {
  const group = L.layerGroup().addTo(map)
  let track = null
  let marker = null
  let timer = null
  const local = (ms) => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 16)
  const nowMs = desk.nowMs()
  const from = el('input', { type: 'datetime-local', id: 'from', value: local(nowMs - 6 * 3_600_000) })
  const to = el('input', { type: 'datetime-local', id: 'to', value: local(nowMs + 60_000) })
  const slider = el('input', {
    type: 'range',
    min: '0',
    max: '0',
    value: '0',
    'aria-label': word('timeSlider'),
    input: () => show(Number(slider.value)),
  })
  const output = el('output', { 'aria-live': 'off' })
  const links = el('span', { class: 'tools' })
  const path = `/vehicles/${fleet}/${vehicle}/track`
  const spanOf = () => ({ from: `${from.value}:00+08:00`, to: `${to.value}:00+08:00` })
  const told = el('p', { class: 'trouble', role: 'alert' })
  const read = async () => {
    stop()
    const { ok, value } = await get(path, spanOf())
    if (isGone(map)) return
    told.textContent = ok
      ? value.atMs.length === 0
        ? word('noTrack')
        : ''
      : (value.remedy?.[document.documentElement.lang === 'en' ? 'en' : 'zh'] ?? '')
    links.replaceChildren(
      ...['csv', 'gpx', 'geojson'].map((format) =>
        download(
          `export.${format}`,
          `/api/v1${path}.${format}${query(spanOf())}`,
          `${fleet}-${vehicle}.${format}`,
        ),
      ),
    )
    if (!ok) return
    track = value
    group.clearLayers()
    marker = null
    const line = track.lat.map((lat, at) => seen(lat, track.lon[at]))
    slider.max = String(Math.max(0, line.length - 1))
    if (line.length === 0) return
    const drawn = L.polyline(line, { color: colours.trail, weight: 4, opacity: 0.6 }).addTo(group)
    map.fitBounds(drawn.getBounds().pad(0.1), { maxZoom: 14 })
    drawChart(
      chart,
      { atMs: track.atMs, speedKmh: track.speedKmh, limitKmh: track.atMs.map(() => null) },
      null,
    )
    slider.value = slider.max
    show(line.length - 1)
  }
  const show = (at) => {
    if (track === null || track.atMs.length === 0) return
    const place = seen(track.lat[at], track.lon[at])
    marker ??= L.circleMarker(place, { radius: 8, color: colours.alert, weight: 3, fillOpacity: 0.6 }).addTo(
      group,
    )
    marker.setLatLng(place)
    if (!map.getBounds().contains(place)) map.panTo(place, { animate: false })
    const speed = track.speedKmh[at] === null ? word('unknown') : `${Math.round(track.speedKmh[at])} km/h`
    output.textContent = `${instant(new Date(track.atMs[at]).toISOString())} · ${speed} · ${track.driver[at] ?? word('noDriver')}`
    slider.setAttribute('aria-valuetext', output.textContent)
  }
  const stop = () => {
    clearInterval(timer)
    timer = null
    play.setAttribute('aria-pressed', 'false')
  }
  const step = () => {
    const next = Math.min(
      Number(slider.max),
      Number(slider.value) + Math.max(1, Math.round(Number(slider.max) / 600)),
    )
    slider.value = String(next)
    show(next)
    if (next >= Number(slider.max)) stop()
  }
  const play = button(
    'play',
    () => {
      if (timer !== null) return stop()
      if (slider.value === slider.max) slider.value = '0'
      timer = setInterval(step, 50)
      play.setAttribute('aria-pressed', 'true')
    },
    { key: 'P' },
  )
  replay.append(
    el(
      'div',
      { class: 'tools' },
      labelled('from', from),
      labelled('to', to),
      button('show', () => void read(), { key: 'S', primary: true }),
      links,
    ),
    el('div', { class: 'replay' }, play, slider, output),
    told,
  )
  void read()
  return stop
}
