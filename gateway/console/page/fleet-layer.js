import { colours, seen } from '/desk/geo.js'
import * as L from '/desk/leaflet.js'

/**
 * All vehicles on one canvas, drawn in one go: thousands of them move without one element each. A vehicle is an arrow in the
 * direction it goes, a square where it stands; a ring has the colour of the worst that is open about it. The canvas is
 * wider than what is seen of it: while the map is dragged it is moved with the ground and not drawn at all, until its rim
 * would be seen.
 */
export function createFleetLayer(map, { vehicles, pick }) {
  // Above roads and borders, below what is said of them.
  const pane = map.getPane('fleet') ?? map.createPane('fleet')
  Object.assign(pane.style, { zIndex: 450, pointerEvents: 'none' })
  const canvas = L.DomUtil.create('canvas', 'fleet', pane)
  const context = canvas.getContext('2d')
  let shown = []
  let due = false
  let isOver = false
  let size = L.point(0, 0)
  /** Where the canvas lies, in pixels of the layer; null: nothing is drawn. */
  let corner = null
  let zoom = null
  const measure = () => {
    size = map
      .getSize()
      .multiplyBy(1 + 2 * rim)
      .round()
    const ratio = Math.min(2, devicePixelRatio)
    Object.assign(canvas, { width: size.x * ratio, height: size.y * ratio })
    Object.assign(canvas.style, { width: `${size.x}px`, height: `${size.y}px`, pointerEvents: 'none' })
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
  }
  const draw = () => {
    due = false
    if (isOver) return
    const seenSize = map.getSize()
    if (
      Math.round(seenSize.x * (1 + 2 * rim)) !== size.x ||
      Math.round(seenSize.y * (1 + 2 * rim)) !== size.y
    )
      measure()
    corner = map.containerPointToLayerPoint(seenSize.multiplyBy(-rim)).round()
    zoom = map.getZoom()
    L.DomUtil.setPosition(canvas, corner)
    context.clearRect(0, 0, size.x, size.y)
    const from = map.getPixelOrigin().add(corner)
    shown = placed(map, vehicles(), zoom, from, size)
    if (zoom >= trailsFrom) for (const one of shown) drawTrail(context, map, one, from)
    drawVehicles(context, shown)
    if (shown.length <= namesUpTo) drawNames(context, shown)
  }
  const redraw = () => {
    if (due) return
    due = true
    requestAnimationFrame(draw)
  }
  let later = null
  let isDragged = false
  /** Something moved: a few times a second is enough; once while the map itself is moved, which nobody reads meanwhile. */
  const soon = () => {
    later ??= setTimeout(
      () => {
        later = null
        redraw()
      },
      isDragged ? draggedMs : redrawMs,
    )
  }
  /** While the rim is out of sight the pane carries the canvas; at another zoom nothing on it is right any more. */
  const moved = () => {
    if (corner === null || map.getZoom() !== zoom) return draw()
    const { x, y } = map.layerPointToContainerPoint(corner)
    const { x: width, y: height } = map.getSize()
    if (x > 0 || y > 0 || x + size.x < width || y + size.y < height) draw()
  }
  const clicked = ({ layerPoint }) => {
    const near = corner === null ? null : nearest(shown, layerPoint.subtract(corner))
    if (near !== null) pick(near.key)
  }
  map.on('dragstart dragend', ({ type }) => {
    isDragged = type === 'dragstart'
  })
  map.on('move', moved)
  map.on('zoomend viewreset resize', draw)
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

/** Of the width and height of the map, on each side. */
const rim = 0.25
const redrawMs = 250
const draggedMs = 1000
const trailsFrom = 10
const namesUpTo = 150
const nearPx = 14

/** Those on the canvas, at its pixels. */
function placed(map, vehicles, zoom, from, { x: width, y: height }) {
  const found = []
  for (const one of vehicles) {
    const point = map.project(seen(one.lat, one.lon), zoom)
    one.x = point.x - from.x
    one.y = point.y - from.y
    if (one.x > -20 && one.y > -20 && one.x < width + 20 && one.y < height + 20) found.push(one)
  }
  return found
}

function drawTrail(context, map, { trail }, from) {
  const points = trail()
  if (points.length < 2) return
  context.beginPath()
  for (const [lat, lon] of points) {
    const { x, y } = map.project(seen(lat, lon))
    context.lineTo(x - from.x, y - from.y)
  }
  context.strokeStyle = colours.trail
  context.globalAlpha = 0.45
  context.lineWidth = 3
  context.stroke()
  context.globalAlpha = 1
}

/** Each mark is drawn once and stamped from then on: without a graphics card paths are what a canvas is slow in. */
function drawVehicles(context, shown) {
  const paint = isDark() ? onDark : onLight
  for (const { x, y, worst, isChosen } of shown) {
    if (worst === null && !isChosen) continue
    stamp(context, ringOf(worst === null ? paint.standing : paint[worst], isChosen ? 13 : 10), x, y)
  }
  for (const { x, y, isMoving, isOld, courseDeg } of shown) {
    const colour = isOld ? paint.old : isMoving ? paint.moving : paint.standing
    const heading = isMoving && courseDeg !== null ? Math.round(courseDeg / stepDeg) % (360 / stepDeg) : null
    stamp(context, bodyOf(colour, paint.rim, heading), x, y)
  }
}

/** The ground is dark when the page is. */
const isDark = () => (document.documentElement.dataset.theme ?? (night.matches ? 'dark' : 'light')) === 'dark'
const night = matchMedia('(prefers-color-scheme: dark)')
const onLight = {
  ...{ moving: '#1c7038', standing: '#1d5fae', old: '#8a919c', rim: '#fff' },
  ...{ ink: '#14171c', halo: 'rgb(255 255 255 / 85%)' },
  ...{ critical: colours.critical, major: colours.major, minor: colours.minor, info: colours.info },
}
const onDark = {
  ...{ moving: '#6fd08c', standing: '#7db7ff', old: '#8a919c', rim: '#14171c' },
  ...{ ink: '#e8eaed', halo: 'rgb(20 23 28 / 85%)' },
  ...{ critical: '#ff6b6b', major: '#ffad5c', minor: '#e8cf62', info: '#7db7ff' },
}

const stepDeg = 7.5
const markPx = 32
const marks = new Map()
const stamp = (context, mark, x, y) =>
  context.drawImage(mark, Math.round(x) - markPx / 2, Math.round(y) - markPx / 2, markPx, markPx)

function markOf(key, draw) {
  const ratio = Math.min(2, devicePixelRatio)
  const known = marks.get(`${key} ${ratio}`)
  if (known !== undefined) return known
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = markPx * ratio
  const context = canvas.getContext('2d')
  context.scale(ratio, ratio)
  context.translate(markPx / 2, markPx / 2)
  draw(context)
  marks.set(`${key} ${ratio}`, canvas)
  return canvas
}

const ringOf = (colour, radius) =>
  markOf(`ring ${colour} ${radius}`, (context) => {
    context.arc(0, 0, radius, 0, 7)
    context.strokeStyle = colour
    context.lineWidth = 2.5
    context.stroke()
  })

const bodyOf = (colour, rim, heading) =>
  markOf(`body ${colour} ${rim} ${heading}`, (context) => {
    if (heading === null) context.rect(-4, -4, 8, 8)
    else {
      context.rotate((heading * stepDeg * Math.PI) / 180)
      for (const [right, down] of corners) context.lineTo(right, down)
      context.closePath()
    }
    context.fillStyle = colour
    context.fill()
    context.strokeStyle = rim
    context.lineWidth = 1.2
    context.stroke()
  })

const corners = [
  [0, -8],
  [5.5, 6],
  [0, 3],
  [-5.5, 6],
]

/** Names where there is room, of those first about which something is open. */
function drawNames(context, shown) {
  context.font = '12px system-ui, "Noto Sans CJK SC", sans-serif'
  context.lineWidth = 3
  const paint = isDark() ? onDark : onLight
  const taken = []
  const first = (one) => (one.isChosen ? 0 : one.worst === null ? 2 : 1)
  for (const { x, y, name } of shown.toSorted((a, b) => first(a) - first(b))) {
    const box = { left: x + 12, right: x + 14 + context.measureText(name).width, top: y - 8, bottom: y + 8 }
    const isOver = (other) =>
      box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom
    if (taken.some(isOver)) continue
    taken.push(box)
    context.strokeStyle = paint.halo
    context.strokeText(name, x + 12, y + 4)
    context.fillStyle = paint.ink
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
