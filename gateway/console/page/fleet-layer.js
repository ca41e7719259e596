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
  let read = { items: [], zoom: null, atMs: Number.NEGATIVE_INFINITY }
  /** What moves is looked at a few times a second; in between, while the map is dragged, it is only shifted. */
  const items = () => {
    const zoom = map.getZoom()
    if (read.zoom !== zoom || performance.now() - read.atMs > readMs)
      read = { items: projected(map, vehicles(), zoom), zoom, atMs: performance.now() }
    return read.items
  }
  const draw = () => {
    due = false
    if (isOver) return
    L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([0, 0]))
    const now = map.getSize()
    if (now.x !== size.x || now.y !== size.y) measure()
    context.clearRect(0, 0, size.x, size.y)
    shown = placed(map, items(), size)
    if (map.getZoom() >= trailsFrom) for (const one of shown) drawTrail(context, map, one)
    drawVehicles(context, shown)
    if (shown.length <= namesUpTo) drawNames(context, shown)
  }
  const redraw = () => {
    read.zoom = null
    if (due) return
    due = true
    requestAnimationFrame(draw)
  }
  let later = null
  /** Something moved: a few times a second is enough. */
  const soon = () => {
    later ??= setTimeout(() => {
      later = null
      redraw()
    }, readMs)
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
    ...{ redraw, soon },
    remove: () => {
      isOver = true
      clearTimeout(later)
      canvas.remove()
    },
  }
}

const readMs = 250
const trailsFrom = 10
const namesUpTo = 150
const nearPx = 14

function projected(map, vehicles, zoom) {
  return Array.from(vehicles, (one) => {
    const { x, y } = map.project(seen(one.lat, one.lon), zoom)
    return { ...one, worldX: x, worldY: y, x: 0, y: 0 }
  })
}

/** Those in view, at their pixels. */
function placed(map, items, { x: width, y: height }) {
  const origin = map.getPixelOrigin()
  const pane = map.layerPointToContainerPoint([0, 0])
  const [right, down] = [pane.x - origin.x, pane.y - origin.y]
  return items.filter((one) => {
    one.x = one.worldX + right
    one.y = one.worldY + down
    return one.x > -20 && one.y > -20 && one.x < width + 20 && one.y < height + 20
  })
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

/** One path for each colour: a canvas is slow in strokes, not in points. */
function drawVehicles(context, shown) {
  const rings = new Map()
  const bodies = new Map()
  const of = (paths, colour) => {
    if (!paths.has(colour)) paths.set(colour, new Path2D())
    return paths.get(colour)
  }
  for (const one of shown) {
    const { x, y, isMoving, isOld, worst, isChosen, courseDeg } = one
    if (worst !== null || isChosen) {
      const ring = of(rings, worst === null ? '#1d5fae' : colours[worst])
      const radius = isChosen ? 13 : 10
      ring.moveTo(x + radius, y)
      ring.arc(x, y, radius, 0, 7)
    }
    const body = of(bodies, isOld ? '#8a919c' : isMoving ? '#1c7038' : '#1d5fae')
    if (isMoving && courseDeg !== null) arrow(body, x, y, courseDeg)
    else body.rect(x - 4, y - 4, 8, 8)
  }
  for (const [colour, path] of rings) {
    context.strokeStyle = colour
    context.lineWidth = 2.5
    context.stroke(path)
  }
  context.strokeStyle = '#fff'
  context.lineWidth = 1.2
  for (const [colour, path] of bodies) {
    context.fillStyle = colour
    context.fill(path)
    context.stroke(path)
  }
}

const corners = [
  [0, -8],
  [5.5, 6],
  [0, 3],
  [-5.5, 6],
]
function arrow(path, x, y, courseDeg) {
  const [sin, cos] = [Math.sin((courseDeg * Math.PI) / 180), Math.cos((courseDeg * Math.PI) / 180)]
  for (const [at, [right, down]] of corners.entries()) {
    const [px, py] = [x + right * cos - down * sin, y + right * sin + down * cos]
    if (at === 0) path.moveTo(px, py)
    else path.lineTo(px, py)
  }
  path.closePath()
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
