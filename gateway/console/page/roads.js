import { get } from '/desk/api.js'
import { colours, coordsToLatLng, isGone, label } from '/desk/geo.js'
import * as L from '/desk/leaflet.js'
import { el, problemText } from '/desk/ui.js'
import { word } from '/desk/words.js'

/**
 * Every approved route of the fleets one may see, or of one of them, as light lines below all else: where one should
 * drive, under who does, and under what is drawn as an area. The gateway tells them in one answer, as exact as its size
 * allows.
 */

const routesMax = 500
const style = { color: colours.road, weight: 3, opacity: 0.8 }

/** The switch of the layer; `seen.roads` is whether it is on, and stays with the page that owns it. */
export function roadsLayer(map, seen, fleet = null) {
  const group = L.featureGroup()
  const told = el('span', { class: 'soft', role: 'status' })
  let isAsked = false
  const read = async () => {
    isAsked = true
    const { ok, value } = await get('/routes', { fleet, limit: routesMax })
    if (isGone(map)) return
    // Asked again when it is switched on anew.
    isAsked = ok
    told.textContent = ok ? countText(value) : problemText(value)
    if (ok) draw(value.items)
  }
  const draw = (features) => {
    L.geoJSON(features, { coordsToLatLng, style })
      .bindTooltip(({ feature }) => label(feature.properties.name), { sticky: true })
      .addTo(group)
    if (seen.roads) group.bringToBack()
  }
  const turn = () => {
    if (!seen.roads) return void group.remove()
    group.addTo(map).bringToBack()
    if (!isAsked) void read()
  }
  const box = el('input', {
    ...{ type: 'checkbox', id: 'on-roads', checked: seen.roads },
    change: () => {
      seen.roads = box.checked
      turn()
    },
  })
  turn()
  return el('label', { class: 'radio' }, box, word('layer.roads'), told)
}

const countText = ({ items, next }) =>
  `${items.length}${next === null ? '' : word('roadsMore', items.length)}`
