import { fromGcj02, toGcj02 } from '/desk/gcj02.js'
import * as L from '/desk/leaflet.js'
import { request } from '/desk/link.js'
import { word } from '/desk/words.js'

/**
 * Every map of the desk: the gateway's own base (cities and main roads as lines) or the tiles it is configured with, areas and
 * routes over it. Positions are WGS-84 everywhere; `seen` shifts them for tiles that are declared GCJ-02, `real` takes back
 * what was drawn on such tiles.
 */

let settings = { tiles: null, datum: 'wgs84', attribution: '', maxZoom: 18 }
let base = null
export async function learnMaps() {
  const answer = await request('/desk/map.json')
  if (answer.ok) settings = await answer.json()
}

const isShifted = () => settings.tiles !== null && settings.datum === 'gcj02'
export const seen = (lat, lon) => {
  if (!isShifted()) return [lat, lon]
  const point = toGcj02({ lat, lon })
  return [point.lat, point.lon]
}
export const real = ({ lat, lng }) => (isShifted() ? fromGcj02({ lat, lon: lng }) : { lat, lon: lng })
export const coordsToLatLng = ([lon, lat]) => L.latLng(...seen(lat, lon))

export const colours = {
  ...{ area: '#7a5cc4', route: '#0b7285', road: '#1592a6', trail: '#1d5fae', alert: '#c0141c' },
  ...{ critical: '#c0141c', major: '#b85600', minor: '#8a6f00', info: '#1d5fae' },
}

/** A map in this element. Moving it needs no animation: an officer wants the place, not the flight. */
export function createMap(holder, label) {
  const map = L.map(holder, {
    // One canvas for all that is drawn: of several the uppermost would hide from the mouse what lies below it. A thin line
    // is met by a hand as well.
    renderer: L.canvas({ padding: 0.3, tolerance: 4 }),
    ...{ preferCanvas: true, zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false },
    ...{ attributionControl: false, zoomControl: false, inertia: false },
  })
  // Each press of an arrow counts at once: while one pan runs the library takes no other.
  map.panBy = (offset, options) => L.Map.prototype.panBy.call(map, offset, { ...options, animate: false })
  L.control.zoom({ zoomInTitle: word('zoomIn'), zoomOutTitle: word('zoomOut') }).addTo(map)
  holder.setAttribute('role', 'application')
  holder.setAttribute('aria-label', label)
  L.control.scale({ imperial: false }).addTo(map)
  map.createPane('ground').style.zIndex = 250
  // What is still being read when a page is left has no map to be drawn on.
  map.on('unload', () => {
    gone.add(map)
    // A change of size just before the page was left is still on the library's clock.
    clearTimeout(map._sizeTimer)
  })
  void ground(map)
  return map
}

const gone = new WeakSet()
export const isGone = (map) => gone.has(map)

async function ground(map) {
  if (settings.tiles !== null) {
    const { tiles, attribution, maxZoom } = settings
    L.tileLayer(tiles, { maxZoom: 20, maxNativeZoom: maxZoom }).addTo(map)
    if (attribution) L.control.attribution({ prefix: false }).addAttribution(escaped(attribution)).addTo(map)
    return
  }
  L.control.attribution({ prefix: false }).addAttribution(word('baseNote')).addTo(map)
  base ??= request('/desk/base.json').then((answer) => answer.json())
  const renderer = L.canvas({ pane: 'ground', padding: 0.3 })
  const style = ({ properties: { kind } }) => ({
    renderer,
    interactive: false,
    ...(kind === 'coast'
      ? { color: '#5b8fb9', weight: 2, opacity: 0.8 }
      : { color: '#8d96a3', weight: kind === 'motorway' ? 2.5 : 1.2, opacity: 0.75 }),
  })
  const document = await base
  if (isGone(map)) return
  const names = L.layerGroup()
  L.geoJSON(document, {
    style,
    pane: 'ground',
    filter: ({ geometry }) => geometry.type !== 'Point',
  }).addTo(map)
  cities(map, document, names)
}

/** Names of cities, the greater ones first: as many as the zoom has room for. */
function cities(map, { features }, group) {
  const points = features.filter(({ geometry }) => geometry.type === 'Point')
  let drawn = ''
  const draw = () => {
    const zoom = map.getZoom()
    const bounds = map.getBounds().pad(0.2)
    const shown = points.filter(
      ({ properties, geometry }) =>
        zoom >= properties.zoom && bounds.contains(coordsToLatLng(geometry.coordinates)),
    )
    const mark = `${shown.map(({ properties }) => properties.name.en)}${document.documentElement.lang}`
    if (mark === drawn) return
    drawn = mark
    group.clearLayers()
    for (const { properties, geometry } of shown) {
      const icon = L.divIcon({ className: 'city', html: escaped(said(properties.name)), iconSize: null })
      L.marker(coordsToLatLng(geometry.coordinates), {
        icon,
        interactive: false,
        keyboard: false,
        pane: 'ground',
      }).addTo(group)
    }
  }
  group.addTo(map)
  map.on('moveend', draw)
  draw()
}
const said = (name) => (document.documentElement.lang === 'en' ? name.en : name.zh)

/** The library takes strings as HTML; names are other people's text. */
function escaped(value) {
  const span = document.createElement('span')
  span.textContent = String(value)
  return span.innerHTML
}
export function label(value) {
  const span = document.createElement('span')
  span.textContent = String(value)
  return span
}

/** Areas and corridors of a GeoJSON document, or of several. */
export function drawAreas(group, documents, { named = false, pick } = {}) {
  for (const document of [documents].flat().filter(Boolean))
    L.geoJSON(document, {
      coordsToLatLng,
      style: ({ geometry, properties }) => styleOf(properties, geometry),
      pointToLayer: ({ properties }, at) =>
        L.circle(at, { radius: properties?.radiusM ?? 50, ...styleOf(properties, {}) }),
      onEachFeature: (feature, layer) => {
        const { properties } = feature
        layer.bindTooltip(label(properties?.name ?? properties?.id ?? feature.id ?? ''), { permanent: named })
        if (pick) layer.on('click', () => pick(feature))
      },
    }).addTo(group)
}

const roleColours = {
  ...{ noEntry: '#b3141c', noStopping: '#b3141c', stayWithin: '#1c7038', speedZone: '#a24a00' },
  ...{ serviceArea: '#1d5fae', relayPoint: '#1d5fae', station: '#1d5fae', hub: '#1d5fae' },
}
export const styleOf = (properties, { type }) => ({
  color: roleColours[properties?.role ?? 'noEntry'] ?? colours.area,
  weight: type === 'LineString' ? 6 : 2,
  opacity: type === 'LineString' ? 0.5 : 0.9,
  fillOpacity: 0.1,
})

/** The routes a vehicle's trips name, as GeoJSON. */
export function drawRoutes(group, documents) {
  for (const document of [documents].flat().filter(Boolean))
    L.geoJSON(document, {
      coordsToLatLng,
      style: { color: colours.route, weight: 5, opacity: 0.5 },
    })
      .bindTooltip(({ feature }) => label(feature?.properties?.name ?? feature?.properties?.id ?? ''))
      .addTo(group)
}

const areasOf = new Map()
/** What the gateway pushes to this vehicle: the borders by which it is judged, and the routes it is to keep to. */
const pushedTo = async (what, { fleet, vehicle }) => {
  const key = `${what}?${new URLSearchParams({ fleet, vehicle })}`
  if (!areasOf.has(key)) {
    const response = await request(`/desk/${key}`)
    if (!response.ok) return null
    areasOf.set(key, await response.json())
  }
  return areasOf.get(key)
}
export const areasFor = (of) => pushedTo('areas', of)
export const routesFor = (of) => pushedTo('routes', of)
export const forgetAreas = () => areasOf.clear()
