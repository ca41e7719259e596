import { call, get, has, list } from '/desk/api.js'
import { badLineOf, clashes, featuresIn, placeOf, withValues } from '/desk/areas.js'
import { openForm } from '/desk/form.js'
import { fromGcj02 } from '/desk/gcj02.js'
import { coordsToLatLng, createMap, forgetAreas, label, seen, styleOf } from '/desk/geo.js'
import * as L from '/desk/leaflet.js'
import { kindName } from '/desk/list.js'
import { roadsLayer } from '/desk/roads.js'
import { button, el, labelled, layout, news, problemText, select, table } from '/desk/ui.js'
import { showHandles, startDrawing } from '/desk/vertices.js'
import { windowsField } from '/desk/windows.js'
import { instant, said, word } from '/desk/words.js'

/** Areas and corridors of a fleet: drawn and mended on the map, checked, tried on last week, pushed, and seen to be taken. */

const roles = [
  ...['noEntry', 'stayWithin', 'speedZone', 'noStopping', 'riskSection', 'tunnelPortal'],
  ...['relayPoint', 'serviceArea', 'station', 'hub', 'exit', 'region'],
]
const classes = ['coach', 'hazmat', 'truck', 'lowSpeedEv']
const undoMax = 50
/** What is seen below the areas, as long as the desk is open. */
const ground = { roads: true }

export async function open(root, [wanted], desk) {
  const fleets = await fleetsOf(desk)
  const page = {
    fleet: wanted ?? fleets[0] ?? '',
    features: [],
    saved: '[]',
    chosen: -1,
    undo: [],
    drawing: null,
    problems: [],
  }
  const holder = el('div', { class: 'bigmap', tabindex: '0' })
  const rows = el('ul', { class: 'vehiclelist' })
  const result = el('div', { class: 'aboutone', role: 'status' })
  const drawingTold = el('p', { class: 'soft', role: 'status' })
  const file = el('input', {
    type: 'file',
    class: 'unseen',
    tabindex: '-1',
    'aria-label': word('importGeojson'),
    accept: '.json,.geojson,application/geo+json',
    id: 'areas-file',
    change: () => void importFile(),
  })
  const saveButton = button('push', () => void push(), { key: 'S', primary: true })
  const tools = [
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
    button('undo', undo, { key: 'Z' }),
    button('importGeojson', () => file.click(), { key: 'I' }),
    file,
    button('exportGeojson', exportFile, { key: 'E' }),
    button('check', () => void check(), { key: 'K' }),
    has('/areas/preview') ? button('preview', () => void preview(), { key: 'P' }) : null,
    saveButton,
    has('/in-force') ? button('whoTook', () => void whoTook(), { key: 'W' }) : null,
    has('/detours') ? button('detours', () => void detours(), { key: 'G' }) : null,
  ]
  root.append(
    ...layout(
      'page.rules',
      tools,
      el(
        'div',
        { class: 'mappage rulespage' },
        el('section', { 'aria-label': word('areaList') }, rows),
        el('section', { 'aria-label': word('map') }, drawingTold, holder, result),
      ),
    ),
  )
  const map = createMap(holder, word('page.rules'))
  map.setView(seen(30.2, 120.2), 8)
  if (has('/routes')) {
    const boxes = { class: 'tools', role: 'group', 'aria-label': word('layers') }
    holder.before(el('div', boxes, roadsLayer(map, ground, page.fleet)))
  }
  const shapes = L.layerGroup().addTo(map)
  const handles = L.layerGroup().addTo(map)
  async function read() {
    const { ok, value, etag } = await get(`/areas/${page.fleet}`)
    // Left meanwhile: there is no map any more to draw on.
    if (!holder.isConnected) return
    if (!ok) return show(el('p', { class: 'trouble' }, problemText(value)))
    page.etag = etag
    page.features = structuredClone([value].flat().flatMap((one) => featuresIn(one, fromGcj02) ?? []))
    page.saved = JSON.stringify(page.features)
    redraw()
    showAll()
  }

  function showAll() {
    const bounds = L.geoJSON(collection(), { coordsToLatLng }).getBounds()
    if (bounds.isValid()) map.fitBounds(bounds.pad(0.2), { maxZoom: 13 })
  }

  function change(features, chosen = page.chosen) {
    page.undo.push(JSON.stringify(page.features))
    page.undo = page.undo.slice(-undoMax)
    page.features = features
    page.chosen = chosen
    redraw()
  }
  function undo() {
    const before = page.undo.pop()
    if (before === undefined) return
    page.features = JSON.parse(before)
    page.chosen = Math.min(page.chosen, page.features.length - 1)
    redraw()
  }

  const collection = () => ({ type: 'FeatureCollection', features: page.features })
  const isDirty = () => JSON.stringify(page.features) !== page.saved
  const nameOf = ({ properties, id }, at) => String(properties?.name ?? properties?.id ?? id ?? at)

  function redraw() {
    shapes.clearLayers()
    for (const [at, feature] of page.features.entries()) drawFeature(feature, at)
    const chosen = page.features[page.chosen]
    const editable = chosen === undefined ? null : outlineOf(chosen)
    if (editable === null) handles.clearLayers()
    else
      showHandles(handles, editable.positions, {
        closed: editable.closed,
        moved: (positions) => change(page.features.with(page.chosen, editable.with(positions))),
      })
    saveButton.disabled = !isDirty()
    drawRows()
  }

  /** What a hand wrote may be no shape at all: the list still has it, so that it can be mended or removed. */
  function drawFeature(feature, at) {
    try {
      drawShape(feature, at)
    } catch (error) {
      console.info(`the shape of ${nameOf(feature, at)} cannot be drawn: ${error.message}`)
    }
  }

  function drawShape(feature, at) {
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
        choose(at)
      })
      .addTo(shapes)
  }

  function choose(at) {
    page.chosen = at
    redraw()
    const bounds = L.geoJSON(page.features[at], { coordsToLatLng }).getBounds()
    if (bounds.isValid()) map.fitBounds(bounds.pad(0.5), { maxZoom: 15 })
  }

  function drawRows() {
    const focused = document.activeElement?.dataset?.at
    rows.replaceChildren(
      ...page.features.map((feature, at) =>
        el(
          'li',
          {},
          el(
            'button',
            {
              type: 'button',
              'data-at': String(at),
              'aria-pressed': String(at === page.chosen),
              click: () => choose(at),
            },
            el('span', { class: 'plate' }, nameOf(feature, at)),
            el('span', { class: 'soft due' }, aboutArea(feature.properties ?? {})),
            page.problems.some(({ index }) => index === at) ? el('span', { class: 'red' }, '!') : null,
          ),
          at === page.chosen
            ? el(
                'div',
                { class: 'tools' },
                button('properties', () => properties(at), { key: 'Q' }),
                button('remove', () => change(page.features.toSpliced(at, 1), -1), { key: 'X' }),
              )
            : null,
        ),
      ),
      ...(page.features.length === 0 ? [el('li', { class: 'empty' }, word('noAreas'))] : []),
    )
    if (focused !== undefined) rows.querySelector(`[data-at="${focused}"]`)?.focus()
  }

  function draw(kind) {
    page.drawing?.cancel()
    page.chosen = -1
    redraw()
    page.drawing = startDrawing(map, kind, {
      changed: (count) => {
        drawingTold.textContent = word('drawing', count)
      },
      done: (positions) => {
        page.drawing = null
        drawingTold.textContent = ''
        if (positions !== null) add(kind, positions)
      },
    })
  }

  function add(kind, positions) {
    const id = `area-${page.features.length + 1}-${Date.now().toString(36)}`
    const geometry = {
      polygon: () => ({ type: 'Polygon', coordinates: [[...positions, positions[0]]] }),
      line: () => ({ type: 'LineString', coordinates: positions }),
      point: () => ({ type: 'Point', coordinates: positions[0] }),
    }[kind]()
    const extra = { line: { halfWidthM: 50 }, point: { radiusM: 200 }, polygon: {} }[kind]
    change(
      [
        ...page.features,
        { type: 'Feature', properties: { id, name: word('newArea'), role: 'noEntry', ...extra }, geometry },
      ],
      page.features.length,
    )
    properties(page.features.length - 1)
  }

  function properties(at) {
    const feature = page.features[at]
    const given = feature.properties ?? {}
    const { type } = feature.geometry
    const number = (name) => ({ name, label: word(`prop.${name}`), kind: 'number', value: given[name] ?? '' })
    const text = (name, hint) => ({ name, label: word(`prop.${name}`), value: given[name] ?? '', hint })
    openForm({
      title: word('properties'),
      about: nameOf(feature, at),
      fields: [
        text('id'),
        text('name'),
        {
          name: 'role',
          label: word('prop.role'),
          kind: 'select',
          options: roles.map((one) => [one, word(`role.${one}`)]),
          value: given.role ?? 'noEntry',
        },
        {
          name: 'classes',
          label: word('prop.classes'),
          kind: 'checks',
          hint: word('hint.classes'),
          options: classes.map((one) => [one, word(`class.${one}`)]),
          value: given.classes ?? [],
        },
        ...(type === 'Point' ? [number('radiusM')] : []),
        ...(type === 'LineString' ? [number('halfWidthM')] : []),
        number('limitKmh'),
        number('nightLimitKmh'),
        number('dwellS'),
        windowsField(given.windows ?? []),
        number('approachM'),
        text('validFrom', word('hint.validity')),
        text('validTo', word('hint.validity')),
        {
          ...{ name: 'doorForbidden', label: word('prop.doorForbidden'), kind: 'check' },
          value: given.doorForbidden === true,
        },
        text('province'),
      ],
      send: async (values) => {
        const next = { ...feature, properties: withValues(given, values) }
        const problem = await checked({ type: 'FeatureCollection', features: [next] })
        if (problem !== null) return problem
        change(page.features.with(at, next), at)
        return null
      },
    })
  }

  /** The first problem of what a form makes, before it goes onto the map. */
  async function checked(document) {
    const { ok, value } = await call('POST', '/areas/check', document)
    if (!ok && !value.problems) return value
    const [first] = value.problems
    if (first === undefined) return null
    const { name, row } = placeOf(first.field)
    const about = row === null ? '' : `${word('windowOf', row)}：`
    const { zh, en } = first.remedy
    return { field: name, remedy: { zh: `${about}${zh}`, en: `${about}${en}` } }
  }

  async function check() {
    const { ok, value } = await call('POST', '/areas/check', collection())
    page.problems = value.problems ?? []
    redraw()
    if (!ok && page.problems.length === 0) return show(el('p', { class: 'trouble' }, problemText(value)))
    if (page.problems.length === 0)
      return show(el('p', { class: 'green' }, word('allValid', page.features.length)))
    showProblems(page.problems)
  }

  function showProblems(problems, title = word('problems', problems.length), ...more) {
    show(
      el('p', { class: 'trouble', role: 'alert' }, title),
      ...more,
      table({
        caption: word('check'),
        rows: problems.slice(0, 200),
        columns: [
          {
            name: 'areaName',
            cell: ({ id, index, foreign }) =>
              foreign || index === null
                ? (id ?? word('fileName'))
                : el('button', { type: 'button', class: 'plain', click: () => choose(index) }, id ?? '–'),
          },
          { name: 'fieldName', cell: ({ field }) => fieldText(field) },
          { name: 'why', cell: ({ reason }) => word(`reason.${reason}`) },
          { name: 'remedy', cell: ({ remedy }) => said(remedy) },
        ],
      }),
    )
  }
  /** `features[3].properties.windows[1].from` as the form names it. */
  const fieldText = (field) => {
    const { name, row } = placeOf(field.replace(/^features\[\d+\]\./, ''))
    const key = name.startsWith('geometry') ? 'prop.geometry' : `prop.${name}`
    const known = word(key)
    const text = known === key ? name : known
    return row === null ? text : `${text} · ${word('windowOf', row)}`
  }

  async function preview() {
    show(el('p', { class: 'soft' }, word('previewing')))
    const { ok, value } = await call('POST', '/areas/preview', { fleet: page.fleet, areas: collection() })
    if (!ok)
      return value.problems
        ? showProblems(value.problems)
        : show(el('p', { class: 'trouble' }, problemText(value)))
    const { differences, coverage } = value
    show(
      el('p', {}, word('previewed', differences.length)),
      el(
        'p',
        { class: 'soft' },
        word(
          coverage.complete ? 'coverage' : 'coverageCut',
          `${coverage.vehicles}/${coverage.of} · ${coverage.days}`,
        ),
      ),
      table({
        caption: word('preview'),
        rows: differences.slice(0, 200),
        empty: word('previewSame'),
        columns: [
          { name: 'change', cell: ({ difference }) => word(`change.${difference}`) },
          { name: 'vehicle', cell: ({ vehicle }) => plateOf(vehicle) },
          { name: 'kind', cell: ({ of }) => kindName(desk.about, of) },
          { name: 'severity', cell: ({ severity }) => word(severity) },
          { name: 'from', cell: ({ shadow, inForce }) => instant((shadow ?? inForce)?.from) },
          {
            name: 'to',
            cell: ({ shadow, inForce }) => ((shadow ?? inForce)?.to ? instant((shadow ?? inForce).to) : null),
          },
          { name: 'areaName', cell: ({ subject }) => subject },
        ],
      }),
    )
  }
  const plateOf = (vehicle) => desk.store.states.get(`${page.fleet}/${vehicle}`)?.plate ?? vehicle

  /** What the officer saw goes along: areas that another has changed meanwhile are not overwritten. */
  async function push() {
    if (!isDirty()) return
    await desk.named()
    const shown = page.etag === null ? {} : { 'if-match': page.etag }
    const { ok, value } = await call('PUT', `/areas/${page.fleet}`, collection(), 'application/json', shown)
    if (!ok) {
      page.problems = value.problems ?? []
      redraw()
      return page.problems.length > 0
        ? showProblems(page.problems)
        : show(el('p', { class: 'trouble', role: 'alert' }, problemText(value)))
    }
    const { etag } = await get(`/areas/${page.fleet}`)
    page.etag = etag
    page.saved = JSON.stringify(page.features)
    page.problems = []
    forgetAreas()
    redraw()
    news(word('pushed'))
    if (has('/in-force')) await whoTook()
  }

  async function whoTook() {
    const { ok, value } = await list('/in-force', { fleet: page.fleet }, 3000)
    if (!ok) return show(el('p', { class: 'trouble' }, problemText(value)))
    showTaken(value)
    clearTimeout(page.asking)
    // Terminals answer one by one: whoever pushed watches it come in.
    const isWaiting = value.some(({ areas }) => areas?.state === 'waiting')
    if (isWaiting && root.isConnected)
      page.asking = setTimeout(() => page.shows === 'taken' && void whoTook(), 3000)
  }

  function showTaken(states) {
    const count = (state) => states.filter(({ areas }) => areas?.state === state).length
    show(
      el(
        'p',
        { id: 'taken' },
        ['asWanted', 'waiting', 'refused', 'own', 'unknown']
          .map((state) => `${word(`pushed.${state}`)} ${count(state)}`)
          .join(' · '),
      ),
      table({
        caption: word('whoTook'),
        rows: states.filter(({ areas }) => areas?.state !== 'asWanted').slice(0, 200),
        empty: word('allTook'),
        mark: ({ areas }) => (areas?.state === 'refused' ? 'red' : 'amber'),
        columns: [
          {
            name: 'vehicle',
            cell: ({ fleet, vehicle }) =>
              el(
                'a',
                { href: `#/vehicles/${fleet}/${vehicle}` },
                desk.store.states.get(`${fleet}/${vehicle}`)?.plate ?? vehicle,
              ),
          },
          { name: 'status', cell: ({ areas }) => word(`pushed.${areas?.state ?? 'unknown'}`) },
          { name: 'why', cell: ({ areas }) => areas?.refused?.reason ?? null },
        ],
      }),
    )
    page.shows = 'taken'
  }

  /** What officers approved for hours lies over the routes: until when, and its end by one button. */
  async function detours() {
    const { ok, value } = await get('/detours', { fleet: page.fleet })
    if (!ok) return show(el('p', { class: 'trouble' }, problemText(value)))
    show(
      el('h3', {}, word('detours')),
      table({
        caption: word('detours'),
        rows: value.items,
        empty: word('detoursNone'),
        columns: [
          { name: 'route', cell: ({ route }) => route },
          { name: 'stretch', cell: ({ fromM, toM }) => `${fromM / 1000}–${toM / 1000} km` },
          { name: 'holds', cell: ({ to }) => instant(to).slice(5, 16) },
          { name: 'approvedBy', cell: ({ by }) => by },
          {
            name: 'do.revokeDetour',
            cell: ({ alert }) => (alert === null ? null : button('do.revokeDetour', () => revoke(alert))),
          },
        ],
      }),
    )
  }

  function revoke(alert) {
    openForm({
      title: word('do.revokeDetour'),
      fields: [{ name: 'words', label: word('field.words'), kind: 'area' }],
      send: async ({ words }) => {
        await desk.named()
        const known = await get(`/cases/${alert}`)
        if (!known.ok) return known.value
        const step = { revision: known.value.revision, action: 'revokeDetour', words }
        const { ok, value } = await call('POST', `/cases/${alert}/steps`, step)
        if (!ok) return value
        news(word('detourRevoked'))
        await detours()
        return null
      },
    })
  }

  async function importFile() {
    const [chosen] = file.files
    if (chosen === undefined) return
    const text = await chosen.text()
    file.value = ''
    let document
    try {
      document = JSON.parse(text.replace(/^\uFEFF/, ''))
    } catch {
      return show(el('p', { class: 'trouble', role: 'alert' }, word('notJsonAt', badLineOf(text))))
    }
    const features = featuresIn(document, fromGcj02)
    if (features === null) return show(el('p', { class: 'trouble', role: 'alert' }, word('notGeojson')))
    // The gate of every file of areas, before anything of it is beside what is in force.
    const { ok, value } = await call('POST', '/areas/check', document)
    if (!ok && !value.problems) return show(el('p', { class: 'trouble', role: 'alert' }, problemText(value)))
    const problems = [...value.problems, ...clashes(page.features, features)].map((one) => ({
      ...one,
      foreign: true,
    }))
    if (problems.length === 0) return takeIn(features)
    const wrong = new Set(problems.map(({ index }) => index))
    const others = wrong.has(null) ? [] : features.filter((_, at) => !wrong.has(at))
    const rest = button('importOthers', () => takeIn(others), { primary: true })
    rest.textContent = word('importOthers', others.length)
    showProblems(
      problems,
      word('notImportedAreas', problems.length),
      ...(others.length > 0 ? [el('p', {}, rest)] : []),
    )
  }

  function takeIn(features) {
    change([...page.features, ...features], -1)
    showAll()
    const roleless = features.filter(({ properties }) => !properties?.role).length
    show(
      el('p', { class: 'green' }, word('importedAreas', features.length)),
      ...(roleless > 0 ? [el('p', { class: 'trouble' }, word('roleless', roleless))] : []),
    )
  }

  function exportFile() {
    const link = el('a', {
      href: URL.createObjectURL(
        new Blob([JSON.stringify(collection(), null, 2)], { type: 'application/geo+json' }),
      ),
      download: `${page.fleet}-areas.geojson`,
    })
    link.click()
    URL.revokeObjectURL(link.href)
  }

  function show(...parts) {
    page.shows = null
    result.replaceChildren(...parts)
    // On a phone it lies below the map.
    result.scrollIntoView({ block: 'nearest' })
  }

  await read()
  return {
    keys: {
      Escape: () => {
        page.chosen = -1
        redraw()
      },
      ArrowDown: () =>
        page.features.length > 0 && choose(Math.min(page.features.length - 1, page.chosen + 1)),
      ArrowUp: () => page.features.length > 0 && choose(Math.max(0, page.chosen - 1)),
    },
    close: () => {
      clearTimeout(page.asking)
      page.drawing?.cancel()
      map.remove()
    },
  }
}

async function fleetsOf(desk) {
  const known = new Set([...desk.store.states.values()].map(({ fleet }) => fleet))
  if (known.size === 0 && has('/vehicles')) {
    const { ok, value } = await list('/vehicles', { limit: 500 }, 2000)
    if (ok) for (const { fleet } of value) known.add(fleet)
  }
  return [...known].sort()
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

/** What it is for, and what is behind its form: how many hours and classes it has. */
function aboutArea({ role = 'noEntry', windows = [], classes = [], limitKmh }) {
  return [
    word(`role.${role}`),
    limitKmh === undefined ? null : `${limitKmh} km/h`,
    windows.length === 0 ? null : word('windowCount', windows.length),
    classes.length === 0 ? null : classes.map((one) => word(`class.${one}`)).join('、'),
  ]
    .filter(Boolean)
    .join(' · ')
}
