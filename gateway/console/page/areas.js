/** Areas as the page of areas holds them: features of GeoJSON in WGS-84, with all that stands in them. Pure. */

/**
 * The features of a document as people have them: a collection, one feature, or a bare shape; null: none of these. `real`
 * takes a point of shifted maps back to where it is.
 */
export function featuresIn(document, real) {
  const { type, features, crs } = document ?? {}
  const own = (feature) => asWgs84(feature, crs, real)
  if (type === 'FeatureCollection') return Array.isArray(features) ? features.map(own) : null
  if (type === 'Feature') return [own(document)]
  const isShape = ['Polygon', 'MultiPolygon', 'Point', 'LineString'].includes(type)
  return isShape ? [own({ type: 'Feature', properties: {}, geometry: document })] : null
}

const isGcj02 = (crs) => crs === 'gcj02' || crs?.properties?.name === 'gcj02'

/** What is said to be shifted is shifted back once: its points are moved by hand beside those of others. */
function asWgs84(feature, fileCrs, real) {
  const { crs = fileCrs, ...properties } = feature?.properties ?? {}
  if (!isGcj02(crs) || !feature?.geometry) return feature
  const { geometry } = feature
  return {
    ...feature,
    properties,
    geometry: { ...geometry, coordinates: unshifted(geometry.coordinates, real) },
  }
}

const digits = 1e7
function unshifted(coordinates, real) {
  if (!Array.isArray(coordinates)) return coordinates
  if (Array.isArray(coordinates[0])) return coordinates.map((one) => unshifted(one, real))
  const [lon, lat] = coordinates
  if (typeof lon !== 'number' || typeof lat !== 'number') return coordinates
  const place = real({ lat, lon })
  return [Math.round(place.lon * digits) / digits, Math.round(place.lat * digits) / digits]
}

/** By which an area is called in findings: as the gateway reads it. */
export const idOf = ({ properties, id }, at) => String(properties?.id ?? id ?? properties?.name ?? at)

/** By which people call it. */
export const nameOf = ({ properties, id }, at) => String(properties?.name ?? properties?.id ?? id ?? at)

/** Those of a file whose ids are here already, as the gateway would tell of them in one file. */
export function clashes(here, more) {
  const known = new Map(here.map((feature, at) => [idOf(feature, at), feature]))
  return more.flatMap((feature, index) => {
    const id = idOf(feature, index)
    const first = known.get(id)
    if (first === undefined) return []
    const name = String(first.properties?.name ?? id)
    return [
      {
        ...{ id, index, field: `features[${index}].properties.id`, reason: 'duplicate-id' },
        remedy: {
          zh: `编号“${id}”已由“${name}”使用，请改为不同的编号`,
          en: `"${name}" has the id "${id}" already; give each area its own`,
        },
      },
    ]
  })
}

/** What a form says of an area over what it was: what the form does not ask for stays, what was emptied goes. */
export function withValues(given, values) {
  const { windows, classes, doorForbidden, ...plain } = values
  const asked = new Set(Object.keys(values))
  const kept = Object.entries(given).filter(([name]) => !asked.has(name))
  const filled = Object.entries(plain).filter(
    ([, value]) => value !== '' && value !== null && value !== undefined,
  )
  return {
    ...Object.fromEntries([...kept, ...filled]),
    ...(windows.length > 0 ? { windows } : {}),
    ...(classes.length > 0 ? { classes } : {}),
    ...(doorForbidden ? { doorForbidden } : {}),
  }
}

/** Where a problem of one feature stands in the form: the field, and what of it. */
export function placeOf(field) {
  const [, name = field, rest = ''] = /properties\.(\w+)(.*)$/.exec(field) ?? []
  const [, at] = /^\[(\d+)\]/.exec(rest) ?? []
  return { name, row: at === undefined ? null : Number(at) + 1 }
}

/**
 * The line at which a text stops being JSON. Browsers tell it in words of their own, or not at all: the shortest beginning
 * that no ending could mend ends there.
 */
export function badLineOf(text) {
  let [good, bad] = [0, text.length]
  while (bad - good > 1) {
    const middle = (good + bad) >> 1
    if (mayGoOn(text.slice(0, middle))) good = middle
    else bad = middle
  }
  return text.slice(0, bad - 1).split('\n').length
}

function mayGoOn(beginning) {
  try {
    JSON.parse(beginning)
    return true
  } catch ({ message }) {
    const [, at] = /position (\d+)/.exec(message) ?? []
    return /end of|unterminated/i.test(message) || (at !== undefined && Number(at) >= beginning.length)
  }
}
