import { call } from '/desk/api.js'
import { showProblems } from '/desk/area-check.js'
import { badLineOf, clashes, featuresIn } from '/desk/areas.js'
import { fromGcj02 } from '/desk/gcj02.js'
import { button, el, problemText } from '/desk/ui.js'
import { word } from '/desk/words.js'

/** Areas come in and go out as GeoJSON. */

export async function importAreas(page, file) {
  const [chosen] = file.files
  if (chosen === undefined) return
  const text = await chosen.text()
  file.value = ''
  let document
  try {
    document = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return page.show(el('p', { class: 'trouble', role: 'alert' }, word('notJsonAt', badLineOf(text))))
  }
  const features = featuresIn(document, fromGcj02)
  if (features === null) return page.show(el('p', { class: 'trouble', role: 'alert' }, word('notGeojson')))
  // The gate of every file of areas, before anything of it is beside what is in force.
  const { ok, value } = await call('POST', '/areas/check', document)
  if (!ok && !value.problems)
    return page.show(el('p', { class: 'trouble', role: 'alert' }, problemText(value)))
  const problems = [...value.problems, ...clashes(page.features, features)].map((one) => ({
    ...one,
    foreign: true,
  }))
  if (problems.length === 0) return takeIn(page, features)
  const wrong = new Set(problems.map(({ index }) => index))
  const others = wrong.has(null) ? [] : features.filter((_, at) => !wrong.has(at))
  const rest = button('importOthers', () => takeIn(page, others), { primary: true })
  rest.textContent = word('importOthers', others.length)
  showProblems(
    page,
    problems,
    word('notImportedAreas', problems.length),
    ...(others.length > 0 ? [el('p', {}, rest)] : []),
  )
}

function takeIn(page, features) {
  page.change([...page.features, ...features], -1)
  page.showAll()
  const roleless = features.filter(({ properties }) => !properties?.role).length
  page.show(
    el('p', { class: 'green' }, word('importedAreas', features.length)),
    ...(roleless > 0 ? [el('p', { class: 'trouble' }, word('roleless', roleless))] : []),
  )
}

export function exportAreas(page) {
  const link = el('a', {
    href: URL.createObjectURL(
      new Blob([JSON.stringify(page.collection(), null, 2)], { type: 'application/geo+json' }),
    ),
    download: `${page.fleet}-areas.geojson`,
  })
  link.click()
  URL.revokeObjectURL(link.href)
}
