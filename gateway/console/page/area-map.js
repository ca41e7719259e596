import { has } from '/desk/api.js'
import { nameOf } from '/desk/areas.js'
import { coordsToLatLng, createMap, label, seen, styleOf } from '/desk/geo.js'
import * as L from '/desk/leaflet.js'
import { roadsLayer } from '/desk/roads.js'
import { el } from '/desk/ui.js'
import { showHandles } from '/desk/vertices.js'
import { word } from '/desk/words.js'

/** The map on which areas are drawn and mended: a click chooses one, whose points have handles then. */

/** What is seen below the areas, as long as the desk is open. */
const ground = { roads: true }

export function createAreaMap(page, holder) {
  const map = createMap(holder, word('page.rules'))
  map.setView(seen(30.2, 120.2), 8)
  if (has('/routes')) {
    const boxes = { class: 'tools', role: 'group', 'aria-label': word('layers') }
    holder.before(el('div', boxes, roadsLayer(map, ground, page.fleet)))
  }
  const shapes = L.layerGroup().addTo(map)
  const handles = L.layerGroup().addTo(map)
  const lookAt = (shape, margin, maxZoom) => {
    const bounds = L.geoJSON(shape, { coordsToLatLng }).getBounds()
    if (bounds.isValid()) map.fitBounds(bounds.pad(margin), { maxZoom })
  }
  return {
    map,
    redraw: () => {
      shapes.clearLayers()
      for (const [at, feature] of page.features.entries()) drawFeature(page, shapes, feature, at)
      drawHandles(page, handles)
    },
    showAll: () => lookAt(page.collection(), 0.2, 13),
    showOne: (at) => lookAt(page.features[at], 0.5, 15),
  }
}

function drawHandles(page, group) {
  const chosen = page.features[page.chosen]
  const editable = chosen === undefined ? null : outlineOf(chosen)
  if (editable === null) return void group.clearLayers()
  showHandles(group, editable.positions, {
    closed: editable.closed,
    moved: (positions) => page.change(page.features.with(page.chosen, editable.with(positions))),
  })
}

/** What a hand wrote may be no shape at all: the list still has it, so that it can be mended or removed. */
function drawFeature(page, group, feature, at) {
  try {
    drawShape(page, group, feature, at)
  } catch (error) {
    console.info(`the shape of ${nameOf(feature, at)} cannot be drawn: ${error.message}`)
  }
}

function drawShape(page, group, feature, at) {
  const style = {
    ...styleOf(feature.properties, feature.geometry),
    ...(at === page.chosen ? { weight: 4, fillOpacity: 0.25 } : {}),
  }
  L.geoJSON(feature, {
    coordsToLatLng,
    style,
    pointToLayer: ({ properties }, place) =>
      L.circle(place, { ...style, radius: properties?.radiusM ?? 100 }),
  })
    .bindTooltip(label(nameOf(feature, at)))
    .on('click', (event) => {
      if (page.drawing !== null) return
      L.DomEvent.stop(event)
      page.choose(at)
    })
    .addTo(group)
}

/** The points that can be moved: the outer ring of a polygon, a line, the middle of a circle. */
function outlineOf(feature) {
  const { type, coordinates } = feature.geometry ?? {}
  const withGeometry = (changed) => ({ ...feature, geometry: { ...feature.geometry, coordinates: changed } })
  if (type === 'Polygon')
    return {
      closed: true,
      positions: coordinates[0].slice(0, -1),
      with: (ring) => withGeometry([[...ring, ring[0]], ...coordinates.slice(1)]),
    }
  if (type === 'LineString') return { closed: false, positions: coordinates, with: withGeometry }
  if (type === 'Point')
    return { closed: false, positions: [coordinates], with: ([place]) => withGeometry(place) }
  return null
}
