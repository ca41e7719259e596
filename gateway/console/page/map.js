import * as L from '/desk/leaflet.js'
import { request } from '/desk/link.js'
import { word } from '/desk/words.js'

/** The place of one alert: its areas, the trail of the vehicle and where it is now. No tiles: nothing is fetched elsewhere. */

let map = null
let layers = null
let shown = null
let drawn = ''
const areasOf = new Map()

export function drawMap(desk, alert) {
  const state = desk.store.stateOf(alert)
  const holder = document.querySelector('#map')
  holder.hidden = alert.place === null && (state?.place ?? null) === null
  if (holder.hidden) return
  if (map === null) {
    map = L.map(holder, {
      zoomControl: true,
      attributionControl: false,
      zoomAnimation: false,
      fadeAnimation: false,
    })
    L.control.scale({ imperial: false }).addTo(map)
    layers = { areas: L.layerGroup().addTo(map), moving: L.layerGroup().addTo(map) }
  }
  // A later revision may say another place: the map follows it, and stays where the officer moved it otherwise.
  if (shown !== viewOf(alert)) choose(desk, alert, state)
  drawMoving(desk, alert, state)
}

const viewOf = ({ id, place }) => `${id} ${place?.lat} ${place?.lon}`

function choose(desk, alert, state) {
  shown = viewOf(alert)
  const place = alert.place ?? state.place
  map.invalidateSize()
  map.setView([place.lat, place.lon], 13)
  layers.areas.clearLayers()
  void areas(alert).then((document) => {
    if (desk.chosen === alert.id && document !== null) drawAreas(document)
  })
}

async function areas({ fleet, vehicle }) {
  const query = new URLSearchParams({ fleet, vehicle })
  if (!areasOf.has(`${query}`)) {
    const response = await request(`/desk/areas?${query}`)
    if (!response.ok) return null
    areasOf.set(`${query}`, await response.json())
  }
  return areasOf.get(`${query}`)
}

function drawAreas(document) {
  const collections = Array.isArray(document) ? document : [document]
  for (const collection of collections) {
    L.geoJSON(collection, {
      style: { color: '#7a5cc4', weight: 2, fillOpacity: 0.12 },
      pointToLayer: ({ properties }, at) =>
        L.circle(at, { radius: properties?.radiusM ?? 50, color: '#7a5cc4' }),
      onEachFeature: ({ properties }, layer) =>
        layer.bindTooltip(text(properties?.name ?? properties?.id ?? '')),
    }).addTo(layers.areas)
  }
}

/** The library takes strings as HTML; names are other people's text. */
function text(value) {
  const span = document.createElement('span')
  span.textContent = String(value)
  return span
}

function drawMoving({ store }, alert, state) {
  const trail = store.trailOf(alert)
  // Drawn anew only when something moved: a label that is read should not blink.
  const mark = JSON.stringify([
    alert.id,
    alert.revision,
    trail.length,
    state?.place,
    document.documentElement.lang,
  ])
  if (mark === drawn) return
  drawn = mark
  layers.moving.clearLayers()
  if (trail.length > 1) L.polyline(trail, { color: '#1d5fae', weight: 4, opacity: 0.7 }).addTo(layers.moving)
  if (alert.place !== null) point(alert.place, '#c0141c', 'alertHere')
  if (state?.place) point(state.place, '#1d5fae', 'vehicleHere')
}

function point({ lat, lon }, color, name) {
  const style = { radius: 8, color, weight: 3, fillOpacity: 0.5 }
  L.circleMarker([lat, lon], style)
    .bindTooltip(text(word(name)), { permanent: true, direction: name === 'alertHere' ? 'left' : 'right' })
    .addTo(layers.moving)
}
