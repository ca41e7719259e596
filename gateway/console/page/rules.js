import { get, has, list } from '/desk/api.js'
import { checkAreas } from '/desk/area-check.js'
import { drawArea } from '/desk/area-drawing.js'
import { exportAreas, importAreas } from '/desk/area-files.js'
import { drawAreaList } from '/desk/area-list.js'
import { createAreaMap } from '/desk/area-map.js'
import { tryAreas } from '/desk/area-preview.js'
import { pushAreas, whoTook } from '/desk/area-push.js'
import { featuresIn } from '/desk/areas.js'
import { showDetours } from '/desk/detours.js'
import { fromGcj02 } from '/desk/gcj02.js'
import { button, el, labelled, layout, problemText, select } from '/desk/ui.js'
import { word } from '/desk/words.js'

/** Areas and corridors of a fleet: drawn and mended on the map, checked, tried on last week, pushed, and seen to be taken. */

const undoMax = 50

export async function open(root, [wanted], desk) {
  const fleets = await fleetsOf(desk)
  const holder = el('div', { class: 'bigmap', tabindex: '0' })
  const rows = el('ul', { class: 'vehiclelist' })
  const result = el('div', { class: 'aboutone', role: 'status' })
  const drawingTold = el('p', { class: 'soft', role: 'status' })
  const saveButton = button('push', () => void pushAreas(page), { key: 'S', primary: true })
  /** What the parts of the page work on together. */
  const page = {
    ...createAreas(wanted ?? fleets[0] ?? '', () => redraw()),
    desk,
    isOpen: () => root.isConnected,
    redraw,
    choose: (at) => {
      page.chosen = at
      redraw()
      shapes.showOne(at)
    },
    showAll: () => shapes.showAll(),
    show: (...parts) => {
      page.shows = null
      result.replaceChildren(...parts)
      // On a phone it lies below the map.
      result.scrollIntoView({ block: 'nearest' })
    },
  }
  const draw = (kind) => drawArea(page, shapes.map, kind, drawingTold)
  root.append(
    ...layout(
      'page.rules',
      toolsOf(page, { fleets, draw, saveButton }),
      el(
        'div',
        { class: 'mappage rulespage' },
        el('section', { 'aria-label': word('areaList') }, rows),
        el('section', { 'aria-label': word('map') }, drawingTold, holder, result),
      ),
    ),
  )
  const shapes = createAreaMap(page, holder)

  function redraw() {
    shapes.redraw()
    saveButton.disabled = !page.isDirty()
    drawAreaList(page, rows)
  }

  await read(page, holder)
  return {
    keys: {
      Escape: () => {
        page.chosen = -1
        redraw()
      },
      ArrowDown: () =>
        page.features.length > 0 && page.choose(Math.min(page.features.length - 1, page.chosen + 1)),
      ArrowUp: () => page.features.length > 0 && page.choose(Math.max(0, page.chosen - 1)),
    },
    close: () => {
      clearTimeout(page.asking)
      page.drawing?.cancel()
      shapes.map.remove()
    },
  }
}

/** The areas as they are on the screen, which of them is chosen, and what they were before. */
function createAreas(fleet, redraw) {
  return {
    ...{ fleet, features: [], saved: '[]', chosen: -1, before: [], drawing: null, problems: [] },
    collection() {
      return { type: 'FeatureCollection', features: this.features }
    },
    isDirty() {
      return JSON.stringify(this.features) !== this.saved
    },
    change(features, chosen = this.chosen) {
      this.before.push(JSON.stringify(this.features))
      this.before = this.before.slice(-undoMax)
      Object.assign(this, { features, chosen })
      redraw()
    },
    undo() {
      const before = this.before.pop()
      if (before === undefined) return
      this.features = JSON.parse(before)
      this.chosen = Math.min(this.chosen, this.features.length - 1)
      redraw()
    },
  }
}

function toolsOf(page, { fleets, draw, saveButton }) {
  const file = el('input', {
    type: 'file',
    class: 'unseen',
    tabindex: '-1',
    'aria-label': word('importGeojson'),
    accept: '.json,.geojson,application/geo+json',
    id: 'areas-file',
    change: () => void importAreas(page, file),
  })
  return [
    labelled(
      'fleet',
      select(
        fleets.map((one) => [one, one]),
        page.fleet,
        (fleet) => (location.hash = `#/rules/${fleet}`),
      ),
    ),
    button('drawArea', () => draw('polygon'), { key: 'D' }),
    button('drawCircle', () => draw('point'), { key: 'C' }),
    button('drawCorridor', () => draw('line'), { key: 'R' }),
    button('finishDrawing', () => page.drawing?.finish(), { key: 'F', id: 'finish' }),
    button('undo', () => page.undo(), { key: 'Z' }),
    button('importGeojson', () => file.click(), { key: 'I' }),
    file,
    button('exportGeojson', () => exportAreas(page), { key: 'E' }),
    button('check', () => void checkAreas(page), { key: 'K' }),
    has('/areas/preview') ? button('preview', () => void tryAreas(page), { key: 'P' }) : null,
    saveButton,
    has('/in-force') ? button('whoTook', () => void whoTook(page), { key: 'W' }) : null,
    has('/detours') ? button('detours', () => void showDetours(page), { key: 'G' }) : null,
  ]
}

async function read(page, holder) {
  const { ok, value, etag } = await get(`/areas/${page.fleet}`)
  // Left meanwhile: there is no map any more to draw on.
  if (!holder.isConnected) return
  if (!ok) return page.show(el('p', { class: 'trouble' }, problemText(value)))
  page.etag = etag
  page.features = structuredClone([value].flat().flatMap((one) => featuresIn(one, fromGcj02) ?? []))
  page.saved = JSON.stringify(page.features)
  page.redraw()
  page.showAll()
}

async function fleetsOf(desk) {
  const known = new Set([...desk.store.states.values()].map(({ fleet }) => fleet))
  if (known.size === 0 && has('/vehicles')) {
    const { ok, value } = await list('/vehicles', { limit: 500 }, 2000)
    if (ok) for (const { fleet } of value) known.add(fleet)
  }
  return [...known].sort()
}
