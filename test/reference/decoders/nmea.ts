/**
 * A second reader of NMEA sentences, from the standard's field lists, with texts and regular expressions: slow and plain. It
 * is given the text between `$` and `*` of a sentence whose sum is right.
 */
export type Plain = { readonly [key: string]: unknown }

const decimal = /^(?:\d+\.?\d*|\.\d+)$/

/** Minus zero is zero. */
function numberIn(text = '', min = 0, max = Number.POSITIVE_INFINITY): number | null {
  const value = decimal.test(text.replace(/^-/, '')) ? Number(text) : Number.NaN
  return value >= min && value <= max ? Math.abs(value) : null
}
const signed = (text = ''): number | null => (decimal.test(text.replace(/^-/, '')) ? Number(text) : null)
const wholeUpTo = (max: number, text = ''): number | null =>
  /^\d+$/.test(text) && Number(text) <= max ? Number(text) : null

function angle(text = '', hemisphere = '', letters: string, max: number): number | null {
  if (!decimal.test(text) || hemisphere.length !== 1 || !letters.includes(hemisphere)) return null
  const degrees = Math.floor(Number(text) / 100)
  const minutes = Number(text) - degrees * 100
  const value = degrees + minutes / 60
  if (minutes >= 60 || value > max) return null
  return hemisphere === letters[1] ? -value : value
}

type Place = { readonly lat: number | null; readonly lon: number | null }

function place(fields: readonly string[], from: number, wanted: boolean): Place {
  const lat = angle(fields[from], fields[from + 1], 'NS', 90)
  const lon = angle(fields[from + 2], fields[from + 3], 'EW', 180)
  return wanted && lat !== null && lon !== null ? { lat, lon } : { lat: null, lon: null }
}

function timeOf(text = ''): number | null {
  const match = /^([01]\d|2[0-3])([0-5]\d)([0-5]\d|60)(\.\d*)?$/.exec(text)
  if (match === null || (match[3] === '60' && !text.startsWith('2359'))) return null
  const [hour, minute, second] = match.slice(1, 4).map(Number) as [number, number, number]
  return (hour * 60 + minute) * 60_000 + second * 1000 + Math.round(Number(`0${match[4] ?? ''}`) * 1000)
}

function dayOf(year: number, month: number, day: number): number | null {
  const at = new Date(Date.UTC(2000, 0, 1))
  at.setUTCFullYear(year, month - 1, day)
  const same = at.getUTCFullYear() === year && at.getUTCMonth() === month - 1 && at.getUTCDate() === day
  return same ? at.getTime() : null
}

type Reader = (fields: readonly string[]) => Plain

const readers: { readonly [type: string]: Reader } = {
  RMC: (f) => {
    const [, day, month, yy] = /^(\d\d)(\d\d)(\d\d)$/.exec(f[9] ?? '') ?? []
    const year = Number(yy) >= 80 ? 1900 + Number(yy) : 2000 + Number(yy)
    const date = yy === undefined ? null : dayOf(year, Number(month), Number(day))
    const time = timeOf(f[1])
    const at = place(f, 3, true)
    const knots = numberIn(f[7], 0, 1000)
    const valid = f[2] === 'A' && f[12] !== 'N' && date !== null && time !== null && at.lat !== null
    if (!valid)
      return { kind: 'rmc', valid, utcMs: null, lat: null, lon: null, speedKmh: null, courseDeg: null }
    const speedKmh = knots === null ? null : knots * 1.852
    return { kind: 'rmc', valid, utcMs: date + time, ...at, speedKmh, courseDeg: numberIn(f[8], 0, 360) }
  },
  GGA: (f) => {
    const quality = wholeUpTo(8, f[6])
    return {
      ...{ kind: 'gga', timeOfDayMs: timeOf(f[1]), quality, ...place(f, 2, (quality ?? 0) > 0) },
      ...{ satellites: wholeUpTo(255, f[7]), hdop: numberIn(f[8], 0, 1000), altitudeM: signed(f[9]) },
    }
  },
  GNS: (f) => ({
    ...{ kind: 'gns', timeOfDayMs: timeOf(f[1]), modes: f[6] ?? '' },
    ...place(
      f,
      2,
      [...(f[6] ?? '')].some((mode) => 'ADEFMPRS'.includes(mode)),
    ),
    ...{ satellites: wholeUpTo(255, f[7]), hdop: numberIn(f[8], 0, 1000), altitudeM: signed(f[9]) },
  }),
  GLL: (f) => {
    const at = place(f, 1, f[6] === 'A' && f[7] !== 'N')
    return { kind: 'gll', timeOfDayMs: timeOf(f[5]), valid: at.lat !== null, ...at }
  },
  GSA: (f) => ({
    ...{ kind: 'gsa', fixType: wholeUpTo(3, f[2]) || null },
    satelliteIds: f.slice(3, 15).flatMap((id) => wholeUpTo(999, id) || []),
    ...{ pdop: numberIn(f[15], 0, 1000), hdop: numberIn(f[16], 0, 1000), vdop: numberIn(f[17], 0, 1000) },
    system: wholeUpTo(15, f[18]),
  }),
  GSV: (f) => {
    const fours = Array.from({ length: Math.floor((f.length - 4) / 4) }, (_, i) =>
      f.slice(4 + i * 4, 8 + i * 4),
    )
    return {
      ...{
        kind: 'gsv',
        total: wholeUpTo(99, f[1]),
        number: wholeUpTo(99, f[2]),
        inView: wholeUpTo(255, f[3]),
      },
      satellites: fours.flatMap(([id, elevation, azimuth, snr]) => {
        const known = wholeUpTo(999, id)
        const angles = { elevationDeg: wholeUpTo(90, elevation), azimuthDeg: wholeUpTo(360, azimuth) }
        return known === null ? [] : [{ id: known, ...angles, snrDb: wholeUpTo(99, snr) }]
      }),
    }
  },
  VTG: (f) => {
    const knots = numberIn(f[5], 0, 1000)
    const kmh = numberIn(f[7], 0, 1852) ?? (knots === null ? null : knots * 1.852)
    const valid = f[9] !== 'N'
    return { kind: 'vtg', courseDeg: valid ? numberIn(f[1], 0, 360) : null, speedKmh: valid ? kmh : null }
  },
  ZDA: (f) => {
    const [day, month, year] = [wholeUpTo(31, f[2]), wholeUpTo(12, f[3]), wholeUpTo(9999, f[4])]
    const time = timeOf(f[1])
    const known = day !== null && month !== null && year !== null && year >= 1980
    const date = known ? dayOf(year, month, day) : null
    return { kind: 'zda', utcMs: date === null || time === null ? null : date + time }
  },
  GST: (f) => {
    const [latErrorM, lonErrorM, altitudeErrorM] = [f[6], f[7], f[8]].map((text) => numberIn(text, 0, 2e7))
    return { kind: 'gst', timeOfDayMs: timeOf(f[1]), latErrorM, lonErrorM, altitudeErrorM }
  },
  HDT: (f) => ({ kind: 'hdt', headingDeg: f[2] === 'T' ? numberIn(f[1], 0, 360) : null }),
  THS: (f) => ({ kind: 'ths', headingDeg: f[2] === 'V' ? null : numberIn(f[1], 0, 360), mode: f[2] ?? '' }),
  TXT: (f) => {
    const text = f.slice(4).join(',').toUpperCase()
    const [, word] = /^ANTENNA (OPEN|SHORT|OK)$/.exec(text) ?? /^ANTSTATUS=(OPEN|SHORT|OK)$/.exec(text) ?? []
    return word === undefined
      ? { kind: 'sentence', type: 'TXT' }
      : { kind: 'antenna', state: word.toLowerCase() }
  },
}

export const plainTypes: readonly string[] = Object.keys(readers)

export function plainSentence(body: string): Plain {
  const fields = body.split(',')
  const [, talker = '', type = ''] = /^(..)(...)$/.exec(fields[0]!) ?? []
  return { talker, ...readers[type]!(fields) }
}
