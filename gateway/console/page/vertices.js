import { real, seen } from '/desk/geo.js'
import * as L from '/desk/leaflet.js'
import { word } from '/desk/words.js'

/**
 * Drawing and mending shapes, by mouse, finger and keys. While drawing, a click sets a point; without a mouse the map is moved
 * by arrows under the cross in its middle and Enter sets the point there. A finished shape has a handle at each point: drag
 * it, or move it by arrows when it has the focus; Delete takes it out, Insert puts one after it.
 */

const round = (value) => Math.round(value * 1e7) / 1e7
export const position = (latLng) => {
  const { lat, lon } = real(latLng)
  return [round(lon), round(lat)]
}

/** Draws until Enter on the last point, a double click, or the button; `done` gets the positions, null when it was given up. */
export function startDrawing(map, kind, { changed, done }) {
  const points = []
  const cross = L.DomUtil.create('div', 'cross', map.getContainer())
  const shape = (kind === 'polygon' ? L.polygon : L.polyline)([], {
    color: '#0b7285',
    weight: 3,
    dashArray: '6 4',
  }).addTo(map)
  const needed = { point: 1, line: 2, polygon: 3 }[kind]
  const redraw = () => {
    shape.setLatLngs(points)
    changed(points.length, points.length >= needed)
  }
  const add = (latLng) => {
    points.push(latLng)
    redraw()
    if (kind === 'point') finish()
  }
  const clicked = ({ latlng }) => add(latlng)
  const pressed = (event) => {
    const todo = {
      Enter: () => add(map.getCenter()),
      ' ': () => add(map.getCenter()),
      Backspace: () => {
        points.pop()
        redraw()
      },
      Escape: () => end(null),
      f: finish,
      F: finish,
    }[event.key]
    if (todo === undefined) return
    event.preventDefault()
    event.stopPropagation()
    todo()
  }
  const end = (positions) => {
    map.off('click', clicked)
    map.getContainer().removeEventListener('keydown', pressed, true)
    map.doubleClickZoom.enable()
    cross.remove()
    shape.remove()
    done(positions)
  }
  function finish() {
    if (points.length >= needed) end(points.map(position))
  }
  map.doubleClickZoom.disable()
  map.on('click', clicked)
  map.getContainer().addEventListener('keydown', pressed, true)
  map.getContainer().focus()
  redraw()
  return { finish, cancel: () => end(null) }
}

/** Handles of a shape's points; `moved` gets the new positions. Holes and further polygons keep as they are. */
export function showHandles(group, positions, { closed, moved }) {
  group.clearLayers()
  const least = closed ? 3 : 2
  const change = (next, focus) => {
    moved(next)
    showHandles(group, next, { closed, moved })
    group.getLayers()[focus]?.getElement()?.focus()
  }
  positions.forEach(([lon, lat], at) => {
    const icon = L.divIcon({ className: 'handle', iconSize: [16, 16] })
    const marker = L.marker(seen(lat, lon), {
      icon,
      draggable: true,
      keyboard: true,
      title: word('handle', at + 1),
      alt: word('handle', at + 1),
    })
    const withPoint = (latLng) => positions.with(at, position(latLng))
    marker.on('dragend', () => change(withPoint(marker.getLatLng()), at))
    marker.on('add', () => {
      const element = marker.getElement()
      element.setAttribute('role', 'button')
      element.setAttribute('aria-label', word('handle', at + 1))
      element.addEventListener('keydown', (event) => {
        const next = keyed(event, marker, positions, at, least)
        if (next === null) return
        event.preventDefault()
        event.stopPropagation()
        change(next.positions, next.focus)
      })
    })
    marker.addTo(group)
  })
}

const stepPx = 6
const steps = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }

function keyed({ key, shiftKey }, marker, positions, at, least) {
  const step = steps[key]
  if (step !== undefined) {
    const map = marker._map
    const by = L.point(step).multiplyBy(shiftKey ? stepPx * 5 : stepPx)
    const place = map.containerPointToLatLng(map.latLngToContainerPoint(marker.getLatLng()).add(by))
    return { positions: positions.with(at, position(place)), focus: at }
  }
  if (key === 'Delete' && positions.length > least)
    return { positions: positions.toSpliced(at, 1), focus: Math.min(at, positions.length - 2) }
  if (key === 'Insert' || key === '+') {
    const [a, b] = [positions[at], positions[(at + 1) % positions.length]]
    const middle = [round((a[0] + b[0]) / 2), round((a[1] + b[1]) / 2)]
    return { positions: positions.toSpliced(at + 1, 0, middle), focus: at + 1 }
  }
  return null
}
