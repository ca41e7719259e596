import { openAreaForm } from '/desk/area-form.js'
import { startDrawing } from '/desk/vertices.js'
import { word } from '/desk/words.js'

/** A new area: a polygon, a corridor along a line, or a circle, whose form opens as soon as it is drawn. */

export function drawArea(page, map, kind, told) {
  page.drawing?.cancel()
  page.chosen = -1
  page.redraw()
  page.drawing = startDrawing(map, kind, {
    changed: (count) => {
      told.textContent = word('drawing', count)
    },
    done: (positions) => {
      page.drawing = null
      told.textContent = ''
      if (positions !== null) add(page, kind, positions)
    },
  })
}

function add(page, kind, positions) {
  const id = `area-${page.features.length + 1}-${Date.now().toString(36)}`
  const geometry = {
    polygon: () => ({ type: 'Polygon', coordinates: [[...positions, positions[0]]] }),
    line: () => ({ type: 'LineString', coordinates: positions }),
    point: () => ({ type: 'Point', coordinates: positions[0] }),
  }[kind]()
  const extra = { line: { halfWidthM: 50 }, point: { radiusM: 200 }, polygon: {} }[kind]
  page.change(
    [
      ...page.features,
      { type: 'Feature', properties: { id, name: word('newArea'), role: 'noEntry', ...extra }, geometry },
    ],
    page.features.length,
  )
  openAreaForm(page, page.features.length - 1)
}
