import { areasFor, colours, createMap, drawAreas, drawRoutes, label, routesFor, seen } from '/desk/geo.js'
import * as L from '/desk/leaflet.js'
import { word } from '/desk/words.js'

/** The place of one alert: its areas, the trip before and after, the trail of the vehicle and where it is now. */

let map = null
let layers = null
let shown = null
let drawn = ''

export function drawMap(desk, alert) {
  const state = desk.store.stateOf(alert)
  const holder = document.querySelector('#map')
  const wasHidden = holder.hidden
  holder.hidden = alert.place === null && (state?.place ?? null) === null
  if (holder.hidden) return
  if (map === null) {
    map = createMap(holder, word('map'))
    layers = {
      areas: L.layerGroup().addTo(map),
      trip: L.layerGroup().addTo(map),
      moving: L.layerGroup().addTo(map),
    }
  }
  holder.setAttribute('aria-label', word('map'))
  // A later revision may say another place: the map follows it, and stays where the officer moved it otherwise.
  if (wasHidden || shown !== viewOf(alert)) choose(desk, alert, state)
  drawMoving(desk, alert, state)
}

const viewOf = ({ id, place }) => `${id} ${place?.lat} ${place?.lon}`

function choose(desk, alert, state) {
  const isOther = shown?.split(' ')[0] !== alert.id
  shown = viewOf(alert)
  const place = alert.place ?? state.place
  map.invalidateSize()
  map.setView(seen(place.lat, place.lon), 13)
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

function drawMoving({ store }, alert, state) {
  const trail = store.trailOf(alert)
  // Drawn anew only when something moved: a label that is read should not blink.
  const mark = JSON.stringify([
    alert.id,
    alert.revision,
    trail.at(-1),
    state?.place,
    document.documentElement.lang,
  ])
  if (mark === drawn) return
  drawn = mark
  layers.moving.clearLayers()
  const line = trail.map(([lat, lon]) => seen(lat, lon))
  if (line.length > 1)
    L.polyline(line, { color: colours.trail, weight: 4, opacity: 0.7 }).addTo(layers.moving)
  if (alert.place !== null) point(alert.place, colours.alert, 'alertHere')
  if (state?.place) point(state.place, colours.trail, 'vehicleHere')
}

function point({ lat, lon }, color, name) {
  const style = { radius: 8, color, weight: 3, fillOpacity: 0.5 }
  L.circleMarker(seen(lat, lon), style)
    .bindTooltip(label(word(name)), { permanent: true, direction: name === 'alertHere' ? 'left' : 'right' })
    .addTo(layers.moving)
}
