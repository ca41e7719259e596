import { colours, seen } from '/desk/geo.js'
import * as L from '/desk/leaflet.js'

/**
 * All vehicles on one canvas, drawn in one go: thousands of them move without one element each. A vehicle is an arrow in the
 * direction it goes, a square where it stands; a ring has the colour of the worst that is open about it.
 */
export function createFleetLayer(map, { vehicles, pick }) {
  const canvas = L.DomUtil.create('canvas', 'fleet', map.getPanes().overlayPane)
  const context = canvas.getContext('2d')
  let shown = []
  let due = false
  let size = L.point(0, 0)
  const measure = () => {
    size = map.getSize()
    const ratio = Math.min(2, devicePixelRatio)
    Object.assign(canvas, { width: size.x * ratio, height: size.y * ratio })
    Object.assign(canvas.style, { width: `${size.x}px`, height: `${size.y}px`, pointerEvents: 'none' })
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
  }
  let isOver = false
  const draw = () => {
    due = false
    if (isOver) return
    L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([0, 0]))
    const now = map.getSize()
    if (now.x !== size.x || now.y !== size.y) measure()
    context.clearRect(0, 0, size.x, size.y)
    shown = placed(map, vehicles(), size)
    if (map.getZoom() >= trailsFrom) for (const one of shown) drawTrail(context, map, one)
    for (const one of shown) drawVehicle(context, one)
    if (shown.length <= namesUpTo) drawNames(context, shown)
  }
  const redraw = () => {
    if (due) return
    due = true
    requestAnimationFrame(draw)
  }
  const moved = () => {
    // At once: the library has moved the pane the canvas lies on.
    draw()
  }
  const clicked = ({ containerPoint }) => {
    const near = nearest(shown, containerPoint)
    if (near !== null) pick(near.key)
  }
  map.on('move zoomend viewreset resize', moved)
  map.on('click', clicked)
  measure()
  redraw()
  return {
    redraw,
    remove: () => {
      isOver = true
      canvas.remove()
    },
  }
}

const trailsFrom = 10
const namesUpTo = 150
const nearPx = 14

function placed(map, vehicles, { x: width, y: height }) {
  const result = []
  for (const one of vehicles) {
    const { x, y } = map.latLngToContainerPoint(seen(one.lat, one.lon))
    if (x > -20 && y > -20 && x < width + 20 && y < height + 20) result.push({ ...one, x, y })
  }
  return result
}

function drawTrail(context, map, { trail }) {
  const points = trail()
  if (points.length < 2) return
  context.beginPath()
  for (const [lat, lon] of points) {
    const { x, y } = map.latLngToContainerPoint(seen(lat, lon))
    context.lineTo(x, y)
  }
  context.strokeStyle = colours.trail
  context.globalAlpha = 0.45
  context.lineWidth = 3
  context.stroke()
  context.globalAlpha = 1
}

function drawVehicle(context, { x, y, courseDeg, isMoving, isOld, worst, isChosen }) {
  context.save()
  context.translate(x, y)
  if (worst !== null || isChosen) {
    context.beginPath()
    context.arc(0, 0, isChosen ? 13 : 10, 0, 7)
    context.strokeStyle = worst === null ? '#000' : colours[worst]
    context.lineWidth = isChosen ? 4 : 2.5
    context.stroke()
  }
  context.beginPath()
  if (isMoving && courseDeg !== null) {
    context.rotate((courseDeg * Math.PI) / 180)
    context.moveTo(0, -8)
    context.lineTo(5.5, 6)
    context.lineTo(0, 3)
    context.lineTo(-5.5, 6)
  } else context.rect(-4, -4, 8, 8)
  context.closePath()
  context.fillStyle = isOld ? '#8a919c' : isMoving ? '#1c7038' : '#1d5fae'
  context.fill()
  context.strokeStyle = '#fff'
  context.lineWidth = 1.2
  context.stroke()
  context.restore()
}

/** Names where there is room, of those first about which something is open. */
function drawNames(context, shown) {
  context.font = '12px system-ui, "Noto Sans CJK SC", sans-serif'
  context.lineWidth = 3
  const taken = []
  const first = (one) => (one.isChosen ? 0 : one.worst === null ? 2 : 1)
  for (const { x, y, name } of shown.toSorted((a, b) => first(a) - first(b))) {
    const box = { left: x + 12, right: x + 14 + context.measureText(name).width, top: y - 8, bottom: y + 8 }
    const isOver = (other) =>
      box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom
    if (taken.some(isOver)) continue
    taken.push(box)
    context.strokeStyle = 'rgb(255 255 255 / 85%)'
    context.strokeText(name, x + 12, y + 4)
    context.fillStyle = '#14171c'
    context.fillText(name, x + 12, y + 4)
  }
}

function nearest(shown, { x, y }) {
  let best = null
  let bestPx = nearPx
  for (const one of shown) {
    const px = Math.hypot(one.x - x, one.y - y)
    if (px <= bestPx) [best, bestPx] = [one, px]
  }
  return best
}
