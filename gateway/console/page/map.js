import { areasFor, colours, createMap, drawAreas, drawRoutes, label, routesFor, seen } from '/desk/geo.js'
import * as L from '/desk/leaflet.js'
import { word } from '/desk/words.js'

/** The place of one alert: its areas, the trip before and after, the trail of the vehicle and where it is now. */

let map = null
let layers = null
let shown = null
let drawn = ''

let due = null
/**
 * `begunAt`: where one that has ended began, when that is known; `place` of it is its end. Drawn once the facts are on the
 * screen: who walks down the list reads words first, and waits for no map of what is passed by.
 */
export function drawMap(desk, alert, begunAt) {
  const isWaiting = due !== null
  due = { desk, alert, begunAt }
  if (isWaiting) return
  requestAnimationFrame(() => setTimeout(drawDue))
}

function drawDue() {
  if (due === null) return
  const { desk, alert, begunAt } = due
  due = null
  if (desk.chosen === alert.id) drawNow(desk, alert, begunAt)
}

function drawNow(desk, alert, begunAt) {
  const state = desk.store.stateOf(alert)
  const holder = document.querySelector('#map')
  const wasHidden = holder.hidden
  holder.hidden = alert.place === null && (state?.place ?? null) === null
  if (holder.hidden) return
  if (map === null) {
    map = createMap(holder, word('map'))
    // Told by the browser when it changes: asking for it lays the whole page out.
    new ResizeObserver(() => map.invalidateSize()).observe(holder)
    layers = {
      areas: L.layerGroup().addTo(map),
      trip: L.layerGroup().addTo(map),
      moving: L.layerGroup().addTo(map),
    }
  }
  holder.setAttribute('aria-label', word('map'))
  // A later revision may say another place: the map follows it, and stays where the officer moved it otherwise.
  const began = alert.phase === 'ended' ? begunAt : alert.place
  if (wasHidden) map.invalidateSize()
  if (wasHidden || shown !== viewOf(alert, began)) choose(desk, alert, began, state)
  drawMoving(desk, alert, began, state)
}

const viewOf = ({ id, place }, began) => `${id} ${(began ?? place)?.lat} ${(began ?? place)?.lon}`

function choose(desk, alert, began, state) {
  const isOther = shown?.split(' ')[0] !== alert.id
  shown = viewOf(alert, began)
  const place = began ?? alert.place ?? state.place
  // Both ends of it are in view, wherever they are; of one that goes on, also where the vehicle is by now.
  const now = alert.phase === 'ended' ? null : (state?.place ?? null)
  const ends = [place, alert.place, now].filter((one) => one !== null).map(({ lat, lon }) => seen(lat, lon))
  map.fitBounds(L.latLngBounds(ends).pad(0.3), { maxZoom: 13 })
  layers.areas.clearLayers()
  if (isOther) layers.trip.clearLayers()
  void Promise.all([areasFor(alert), routesFor(alert)]).then(([areas, routes]) => {
    if (desk.chosen !== alert.id) return
    layers.areas.clearLayers()
    if (routes !== null) drawRoutes(layers.areas, routes)
    if (areas !== null) drawAreas(layers.areas, areas)
  })
}

/** Where it drove before and after: over the limit in the colour of alerts. */
export function drawTrip({ lat, lon, speedKmh, limitKmh }) {
  // Of the one that is chosen now: what is drawn for it later would take this away again.
  drawDue()
  if (layers === null || !Array.isArray(lat)) return
  layers.trip.clearLayers()
  const isOver = (at) => limitKmh[at] !== null && speedKmh[at] !== null && speedKmh[at] > limitKmh[at]
  let piece = []
  const finish = (over) => {
    if (piece.length > 1)
      L.polyline(piece, { color: over ? colours.alert : colours.trail, weight: 4, opacity: 0.55 }).addTo(
        layers.trip,
      )
  }
  for (let at = 0; at < lat.length; at++) {
    if (lat[at] === null || lon[at] === null) continue
    const point = seen(lat[at], lon[at])
    piece.push(point)
    if (at > 0 && isOver(at) !== isOver(at - 1)) {
      finish(isOver(at - 1))
      piece = [point]
    }
  }
  finish(isOver(lat.length - 1))
}

function drawMoving({ store, isStanding }, alert, began, state) {
  const trail = store.trailOf(alert)
  const here = isStanding() ? 'vehicleThen' : 'vehicleHere'
  // Drawn anew only when something moved: a label that is read should not blink.
  const mark = JSON.stringify([
    alert.id,
    alert.revision,
    began,
    trail.at(-1),
    state?.place,
    here,
    document.documentElement.lang,
  ])
  if (mark === drawn) return
  drawn = mark
  layers.moving.clearLayers()
  const line = trail.map(([lat, lon]) => seen(lat, lon))
  if (line.length > 1)
    L.polyline(line, { color: colours.trail, weight: 4, opacity: 0.7 }).addTo(layers.moving)
  const isOver = alert.phase === 'ended'
  if (began !== null) point(began, colours.alert, isOver ? 'beganHere' : 'alertHere')
  if (isOver && alert.place !== null) point(alert.place, colours.alert, 'endedHere')
  if (state?.place) point(state.place, colours.trail, here)
}

function point({ lat, lon }, color, name) {
  const style = { radius: 8, color, weight: 3, fillOpacity: 0.5 }
  L.circleMarker(seen(lat, lon), style)
    .bindTooltip(label(word(name)), {
      permanent: true,
      // Above and below: two ends side by side leave no room beside them.
      direction: name === 'alertHere' || name === 'beganHere' ? 'top' : 'bottom',
    })
    .addTo(layers.moving)
}
