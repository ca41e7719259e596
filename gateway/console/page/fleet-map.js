import { has } from '/desk/api.js'
import { createFleetLayer } from '/desk/fleet-layer.js'
import {
  areasFor,
  colours,
  createMap,
  drawAreas,
  drawRoutes,
  isGone,
  label,
  routesFor,
  seen,
} from '/desk/geo.js'
import * as L from '/desk/leaflet.js'
import { kindName } from '/desk/list.js'
import { compass, minuteOf } from '/desk/one.js'
import { roadsLayer } from '/desk/roads.js'
import { openAlerts, severities } from '/desk/store.js'
import { el, labelled } from '/desk/ui.js'
import { said, span, word } from '/desk/words.js'

/** All vehicles at once, beside a list of the same: who cannot use a map finds everything in the list. */

const oldMs = 300_000
const rowsMax = 100
const listMs = 1000
const layers = ['areas', 'routes', 'findings']
/** Which are seen, as long as the desk is open. */
const on = { areas: true, routes: true, findings: true, roads: true }

export function open(root, [fleet, vehicle], desk) {
  const chosen = { key: fleet && vehicle ? `${fleet}/${vehicle}` : null, text: '' }
  const holder = el('div', { class: 'bigmap', tabindex: '0' })
  const about = el('div', { class: 'aboutone', 'aria-live': 'polite' })
  const rows = el('ul', { class: 'vehiclelist' })
  const count = el('p', { class: 'soft', role: 'status' })
  const fit = el(
    'button',
    { type: 'button', 'data-key': '0', 'aria-keyshortcuts': '0', click: showAll },
    word('fit'),
    el('kbd', {}, '0'),
  )
  const field = el('input', {
    ...{ type: 'search', id: 'find', placeholder: word('searchVehicles'), autocomplete: 'off' },
    input: () => {
      chosen.text = field.value.trim().toLowerCase()
      drawRows()
    },
  })
  root.append(
    el(
      'div',
      { class: 'mappage' },
      el(
        'section',
        { 'aria-label': word('page.vehicles') },
        el('h2', {}, word('fleetMap')),
        labelled('search', field),
        count,
        rows,
      ),
      el(
        'section',
        { 'aria-label': word('fleetMap') },
        tools(),
        holder,
        el('p', { class: 'soft legend' }, word('legend')),
        about,
      ),
    ),
  )
  const map = createMap(holder, word('fleetMap'))
  map.setView(seen(30.2, 120.2), 8)
  const groups = { areas: L.layerGroup(), routes: L.layerGroup(), findings: L.layerGroup() }
  for (const [name, group] of Object.entries(groups)) if (on[name]) group.addTo(map)
  if (has('/routes')) fit.before(roadsLayer(map, on))
  const worst = worstOf(desk)
  const fleetLayer = createFleetLayer(map, {
    vehicles: () => vehiclesOf(desk, worst(), chosen.key),
    pick: choose,
  })
  const drawnRows = new Map()
  const more = el('li', { class: 'soft' })

  function tools() {
    const boxes = layers.map((name) => {
      const box = el('input', {
        type: 'checkbox',
        id: `on-${name}`,
        checked: on[name],
        change: () => {
          on[name] = box.checked
          if (box.checked) groups[name].addTo(map)
          else groups[name].remove()
        },
      })
      return el('label', { class: 'radio' }, box, word(`layer.${name}`))
    })
    return el('div', { class: 'tools', role: 'group', 'aria-label': word('layers') }, boxes, fit)
  }

  function showAll() {
    const places = [...desk.store.states.values()].filter(({ place }) => place !== null)
    if (places.length === 0) return
    map.fitBounds(L.latLngBounds(places.map(({ place }) => seen(place.lat, place.lon))).pad(0.1), {
      maxZoom: 13,
    })
  }

  function choose(key) {
    chosen.key = key
    const state = desk.store.states.get(key)
    history.replaceState(null, '', `#/map/${key}`)
    if (state?.place) map.setView(seen(state.place.lat, state.place.lon), Math.max(map.getZoom(), 12))
    fleetLayer.redraw()
    drawRows()
    drawAbout()
    if (state !== undefined) void around(state)
  }

  /** The borders and roads of the one that is looked at: those of all would hide each other. */
  async function around(state) {
    const [areas, routes] = await Promise.all([areasFor(state), routesFor(state)])
    if (isGone(map) || chosen.key !== `${state.fleet}/${state.vehicle}`) return
    groups.areas.clearLayers()
    groups.routes.clearLayers()
    if (areas !== null) drawAreas(groups.areas, areas)
    if (routes !== null) drawRoutes(groups.routes, routes)
  }

  function drawRows() {
    const order = worst()
    const all = [...desk.store.states]
      .filter(
        ([key, { plate }]) =>
          chosen.text === '' || `${key} ${plate ?? ''}`.toLowerCase().includes(chosen.text),
      )
      .sort(([a], [b]) => (order.get(a)?.rank ?? 9) - (order.get(b)?.rank ?? 9) || (a < b ? -1 : 1))
    const text = word('vehiclesShown', all.length)
    if (count.textContent !== text) count.textContent = text
    const wanted = all.slice(0, rowsMax).map(([key, state]) => rowOf(key, state, order.get(key)))
    more.textContent = all.length > rowsMax ? word('moreRows', all.length - rowsMax) : ''
    if (all.length > rowsMax) wanted.push(more)
    if (wanted.length === rows.children.length && wanted.every((row, at) => rows.children[at] === row)) return
    const focused = document.activeElement?.dataset?.vehicle
    rows.replaceChildren(...wanted)
    if (focused) rows.querySelector(`[data-vehicle="${CSS.escape(focused)}"]`)?.focus()
  }

  /** A row is kept while it says the same: what is read, or has the focus, stays where it is. */
  function rowOf(key, { plate, vehicle, at, speedKmh }, open) {
    const texts = [
      open ? `${word(open.severity)}${open.count > 1 ? ` · ${word('episodeOf', open.count)}` : ''}` : '·',
      plate ?? vehicle,
      speedKmh === null ? '–' : `${Math.round(speedKmh)} km/h`,
      at === null ? word('unknown') : isOld(at) ? span(desk.nowMs() - Date.parse(at)) : '',
    ]
    if (!drawnRows.has(key)) drawnRows.set(key, emptyRow(key))
    const { row, button, parts } = drawnRows.get(key)
    const pressed = String(key === chosen.key)
    if (button.ariaPressed !== pressed) button.ariaPressed = pressed
    const level = open ? `severity ${open.severity}` : 'soft'
    if (parts[0].className !== level) parts[0].className = level
    for (const [at, text] of texts.entries()) if (parts[at].textContent !== text) parts[at].textContent = text
    return row
  }

  function emptyRow(key) {
    const parts = ['soft', 'plate', 'due', 'soft'].map((name) => el('span', { class: name }))
    const button = el(
      'button',
      { type: 'button', 'data-vehicle': key, 'aria-pressed': 'false', click: () => choose(key) },
      parts,
    )
    return { row: el('li', {}, button), button, parts }
  }
  const isOld = (at) => desk.nowMs() - Date.parse(at) > oldMs

  function drawAbout() {
    const state = desk.store.states.get(chosen.key)
    if (state === undefined) {
      about.dataset.mark = ''
      return about.replaceChildren()
    }
    const { fleet: id, vehicle: one, plate, speedKmh, courseDeg, at, driver } = state
    const open = openAlerts(desk.store, null)
      .filter((alert) => alert.fleet === id && alert.vehicle === one)
      .sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity))
    const facts = [
      speedKmh === null ? word('unknown') : `${Math.round(speedKmh)} km/h`,
      courseDeg === null ? null : compass(courseDeg),
      at === null ? null : word('lastFix', span(desk.nowMs() - Date.parse(at))),
      driver ? `${word('driver')} ${[...driver][0]}**` : null,
    ]
    const now = facts.filter(Boolean).join(' · ')
    const mark = `${chosen.key} ${open.map(({ id, revision }) => id + revision)} ${document.documentElement.lang}`
    // Each second only the line of now is written: what is read out, or has the focus, stays.
    if (about.dataset.mark === mark) {
      if (about.children[1].textContent !== now) about.children[1].textContent = now
      return
    }
    about.dataset.mark = mark
    about.replaceChildren(
      el('h3', {}, `${plate ?? one} · ${id}`),
      el('p', { 'aria-live': 'off' }, now),
      el(
        'ul',
        {},
        open.map((alert) =>
          el(
            'li',
            {},
            el(
              'a',
              { href: `#/live/${alert.id}` },
              `${word(alert.severity)} ${kindName(desk.about, alert.kind)} ${minuteOf(alert)} — ${said(alert.explain)}`,
            ),
          ),
        ),
      ),
      ...(has('/vehicles/*/*')
        ? [el('p', {}, el('a', { href: `#/vehicles/${id}/${one}` }, word('openVehicle')))]
        : []),
    )
  }

  let findingsMark = -1
  function drawFindings() {
    if (findingsMark === desk.store.version.alerts) return
    findingsMark = desk.store.version.alerts
    groups.findings.clearLayers()
    for (const alert of openAlerts(desk.store, null)) {
      if (alert.place === null) continue
      L.circleMarker(seen(alert.place.lat, alert.place.lon), {
        radius: 5,
        weight: 2,
        color: colours[alert.severity],
        fillOpacity: 0.6,
      })
        .bindTooltip(label(`${alert.plate ?? alert.vehicle} ${kindName(desk.about, alert.kind)}`))
        .on('click', () => (location.hash = `#/live/${alert.id}`))
        .addTo(groups.findings)
    }
  }

  drawRows()
  drawFindings()
  if (chosen.key !== null) choose(chosen.key)
  else if (desk.store.states.size > 0) showAll()
  let isFitted = chosen.key === null ? desk.store.states.size > 0 : desk.store.states.has(chosen.key)
  const tick = setInterval(() => {
    drawAbout()
    drawFindings()
    drawRows()
    if (!isFitted && chosen.key === null && desk.store.states.size > 0) {
      isFitted = true
      showAll()
    }
    if (!isFitted && desk.store.states.has(chosen.key)) {
      isFitted = true
      choose(chosen.key)
    }
    fleetLayer.redraw()
  }, listMs)
  map.invalidateSize()
  return {
    keys: { '/': () => field.focus() },
    told: (what) => what === 'states' && fleetLayer.soon(),
    close: () => {
      clearInterval(tick)
      fleetLayer.remove()
      map.remove()
    },
  }
}

/** The worst that is open about each vehicle; counted anew only when alerts changed. */
export function worstOf(desk) {
  let version = -1
  let known = new Map()
  return () => {
    if (version === desk.store.version.alerts) return known
    version = desk.store.version.alerts
    known = new Map()
    for (const { fleet, vehicle, severity } of openAlerts(desk.store, null)) {
      const key = `${fleet}/${vehicle}`
      const rank = severities.indexOf(severity)
      const before = known.get(key)
      if (before === undefined) known.set(key, { severity, rank, count: 1 })
      else {
        before.count++
        if (rank < before.rank) Object.assign(before, { severity, rank })
      }
    }
    return known
  }
}

function* vehiclesOf(desk, worst, chosenKey) {
  const nowMs = desk.nowMs()
  for (const [key, state] of desk.store.states) {
    if (state.place === null) continue
    yield {
      key,
      lat: state.place.lat,
      lon: state.place.lon,
      courseDeg: state.courseDeg,
      isMoving: (state.speedKmh ?? 0) > 0,
      isOld: state.at === null || nowMs - Date.parse(state.at) > oldMs,
      worst: worst.get(key)?.severity ?? null,
      isChosen: key === chosenKey,
      name: state.plate ?? state.vehicle,
      trail: () => desk.store.trailOf(state),
    }
  }
}
