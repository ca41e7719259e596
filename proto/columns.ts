import type { roadwarden } from './generated/roadwarden.js'
import type { Sample, SatelliteSystem, Sky, SpeedAgreement, SpeedSource } from './model.ts'
import { fromWire, quantise, toWire, wire } from './telemetry.ts'

/**
 * Samples <-> columns. Packed columns of deltas are 2.8 times smaller than a message per sample and 3.6 times
 * faster to decode (measured): a night of telemetry fits a bad cell.
 */

type WireTelemetry = roadwarden.v1.Telemetry.$Properties
type WireColumn = roadwarden.v1.Column.$Properties

const sources: readonly (SpeedSource | null)[] = [null, 'wheel', 'tachograph', 'gnss', 'position', 'file']
const agreements: readonly (SpeedAgreement | null)[] = [null, 'agree', 'differ', 'single']

export function encodeColumns(samples: readonly Sample[]): WireTelemetry {
  const rows = samples.map(quantise)
  const drivers = [
    ...new Set(rows.flatMap(({ driver, coDriver }) => [driver, coDriver]).filter((id) => id !== null)),
  ]
  const column = (value: (row: Sample) => number | null, perUnit: number): WireColumn | null => {
    const units = rows.map((row) => {
      const known = value(row)
      return known === null ? null : toWire(known, perUnit)
    })
    return encodeColumn(units)
  }
  const flag = (value: (row: Sample) => boolean | null) => column((row) => toBit(value(row)), 1)
  const columns: { [name in keyof WireTelemetry]: WireTelemetry[name] | null } = {
    atMs: deltas(rows.map(({ atMs }) => atMs)),
    latE7: column(({ fix }) => fix?.lat ?? null, wire.deg),
    lonE7: column(({ fix }) => fix?.lon ?? null, wire.deg),
    speedCkmh: column(({ speedKmh }) => speedKmh, wire.kmh),
    courseDdeg: column(({ courseDeg }) => courseDeg, wire.courseDeg),
    odometer_5m: column(({ odometerM }) => odometerM, wire.odometerM),
    accuracyDm: column(({ fix }) => fix?.accuracyM ?? null, wire.accuracyM),
    satellites: column(({ fix }) => fix?.satellites ?? null, 1),
    speedSource: column(({ speedSource }) => indexOrNull(sources, speedSource), 1),
    speedAgreement: column(({ speedAgreement }) => indexOrNull(agreements, speedAgreement), 1),
    ignition: flag(({ ignition }) => ignition),
    doorOpen: flag(({ doorOpen }) => doorOpen),
    untrusted: column(({ trusted }) => (trusted ? null : 1), 1),
    clockStepMs: column(({ clockStepMs }) => (clockStepMs === 0 ? null : clockStepMs), 1),
    driver: column(({ driver }) => indexOrNull(drivers, driver), 1),
    coDriver: column(({ coDriver }) => indexOrNull(drivers, coDriver), 1),
    drivers,
    brake: flag(({ brake }) => brake),
    positionRefused: column(
      ({ positionRefused, reseeded }) => (positionRefused ? 1 : reseeded ? 2 : null),
      1,
    ),
    sky: encodeSky(rows),
  }
  return Object.fromEntries(Object.entries(columns).filter(([, part]) => part !== null)) as WireTelemetry
}

type WireSky = roadwarden.v1.Sky.$Properties

const systems: readonly SatelliteSystem[] = ['gps', 'glonass', 'galileo', 'beidou', 'qzss', 'navic']
const noSky: Sky = []

/** The sky where it changes; null when nothing is known of it in any row. */
function encodeSky(rows: readonly Sample[]): WireSky[] | null {
  const told: WireSky[] = []
  let before = noSky
  rows.forEach(({ sky = noSky }, row) => {
    if (!sameSky(sky, before)) told.push({ row, systems: sky.map(wireSystem) })
    before = sky
  })
  return told.length === 0 ? null : told
}

function wireSystem({ system, used, inView, snrDb }: Sky[number]): roadwarden.v1.SkySystem.$Properties {
  return { system: systems.indexOf(system) + 1, used, inView, snrDb }
}

function sameSky(a: Sky, b: Sky): boolean {
  if (a === b) return true
  return a.length === b.length && a.every((one, i) => sameSystem(one, b[i]!))
}

const sameSystem = (a: Sky[number], b: Sky[number]): boolean =>
  a.system === b.system && a.used === b.used && a.inView === b.inView && a.snrDb === b.snrDb

/** Row by row, what was told last. */
function decodeSky(told: readonly WireSky[], rows: number): Sky[] {
  const skies: Sky[] = new Array<Sky>(rows).fill(noSky)
  let lastRow = -1
  for (const { row, systems: parts } of told) {
    const at = row ?? 0
    if (at <= lastRow || at >= rows) throw new RangeError('a sky of a row that is not there')
    skies.fill((parts ?? []).map(skySystemOf), at)
    lastRow = at
  }
  return skies
}

const satellitesMax = 1000

function skySystemOf({ system, used, inView, snrDb }: roadwarden.v1.SkySystem.$Properties): Sky[number] {
  const name = systems[(system ?? 0) - 1]
  const known = (value: number | null | undefined): number | null => value ?? null
  const figures = { used: known(used), inView: known(inView), snrDb: known(snrDb) }
  if (name === undefined) throw new RangeError(`no satellite system ${system}`)
  if (Object.values(figures).some((value) => value !== null && value > satellitesMax))
    throw new RangeError(`more than ${satellitesMax} satellites`)
  return { system: name, ...figures }
}

const toBit = (value: boolean | null): number | null => (value === null ? null : value ? 1 : 0)
const indexOrNull = <T>(names: readonly T[], value: T | null): number | null =>
  value === null ? null : names.indexOf(value)

function deltas(values: readonly number[]): number[] {
  let previous = 0
  return values.map((value) => {
    const delta = value - previous
    previous = value
    return delta
  })
}

function encodeColumn(units: readonly (number | null)[]): WireColumn | null {
  const known = units.filter((value) => value !== null)
  if (known.length === 0) return null
  if (known.length === units.length) return { values: deltas(known) }
  const has = new Uint8Array(Math.ceil(units.length / 8))
  units.forEach((value, row) => {
    if (value !== null) has[row >> 3] = has[row >> 3]! | (1 << (row & 7))
  })
  return { has, values: deltas(known) }
}

/** Throws on columns that do not fit together; the codec turns that into a reason. */
export function decodeColumns(message: roadwarden.v1.Telemetry, rowsMax: number): Sample[] {
  const rows = message.atMs.length
  if (rows === 0 || rows > rowsMax)
    throw new RangeError(`a batch of ${rows} samples, 1 to ${rowsMax} allowed`)
  const at = sums(message.atMs.map(Number))
  const column = (part: WireColumn | null | undefined, low: number, high: number) =>
    decodeColumn(part, rows, low, high)
  const lat = column(message.latE7, -90e7, 90e7)
  const lon = column(message.lonE7, -180e7, 180e7)
  const speed = column(message.speedCkmh, 0, 100_000)
  const course = column(message.courseDdeg, 0, 3600)
  const odometer = column(message.odometer_5m, 0, 2 ** 40)
  const accuracy = column(message.accuracyDm, 0, 1e9)
  const satellites = column(message.satellites, 0, 1000)
  const source = column(message.speedSource, 0, sources.length - 1)
  const agreement = column(message.speedAgreement, 0, agreements.length - 1)
  const ignition = column(message.ignition, 0, 1)
  const door = column(message.doorOpen, 0, 1)
  const untrusted = column(message.untrusted, 0, 1)
  const step = column(message.clockStepMs, -(2 ** 52), 2 ** 52)
  const driver = column(message.driver, 0, message.drivers.length - 1)
  const coDriver = column(message.coDriver, 0, message.drivers.length - 1)
  const brake = column(message.brake, 0, 1)
  const refused = column(message.positionRefused, 0, 2)
  const skies = decodeSky(message.sky, rows)
  if (message.drivers.some((id) => id === '' || id.length > 128))
    throw new RangeError('a driver id is empty or too long')
  const samples: Sample[] = []
  for (let row = 0; row < rows; row++) {
    const ordered =
      row === 0 || untrusted[row - 1] === 1 || at[row]! > at[row - 1]! + Math.min(0, step[row] ?? 0)
    if (!ordered) throw new RangeError('samples of a batch are not in time order')
    const known = lat[row] !== null && lon[row] !== null
    samples.push({
      atMs: at[row]!,
      trusted: untrusted[row] !== 1,
      clockStepMs: step[row] ?? 0,
      fix: known
        ? {
            lat: fromWire(lat[row]!, wire.deg),
            lon: fromWire(lon[row]!, wire.deg),
            accuracyM: scaled(accuracy[row]!, wire.accuracyM),
            satellites: satellites[row] ?? null,
          }
        : null,
      positionRefused: refused[row] === 1,
      reseeded: refused[row] === 2,
      speedKmh: scaled(speed[row]!, wire.kmh),
      speedSource: sources[source[row] ?? 0] ?? null,
      speedAgreement: agreements[agreement[row] ?? 0] ?? null,
      sources: null,
      courseDeg: scaled(course[row]!, wire.courseDeg),
      odometerM: scaled(odometer[row]!, wire.odometerM),
      driver: driver[row] === null ? null : (message.drivers[driver[row]!] ?? null),
      coDriver: coDriver[row] === null ? null : (message.drivers[coDriver[row]!] ?? null),
      ignition: toBoolean(ignition[row]!),
      doorOpen: toBoolean(door[row]!),
      brake: toBoolean(brake[row]!),
      ...(skies[row]!.length === 0 ? {} : { sky: skies[row]! }),
      conduct: null,
      lines: null,
    })
  }
  return samples
}

const scaled = (units: number | null, perUnit: number): number | null =>
  units === null ? null : fromWire(units, perUnit)
const toBoolean = (bit: number | null): boolean | null => (bit === null ? null : bit === 1)

function sums(values: readonly number[]): number[] {
  let total = 0
  return values.map((value) => {
    total += value
    if (!Number.isSafeInteger(total)) throw new RangeError('a column leaves the whole numbers below 2^53')
    return total
  })
}

function decodeColumn(
  part: WireColumn | null | undefined,
  rows: number,
  low: number,
  high: number,
): (number | null)[] {
  if (part === null || part === undefined) return new Array<null>(rows).fill(null)
  const known = sums((part.values ?? []).map(Number))
  if (known.some((value) => value < low || value > high))
    throw new RangeError(`a column leaves ${low}..${high}`)
  const { has } = part
  if (has === undefined || has.length === 0) {
    if (known.length !== rows) throw new RangeError(`a column of ${known.length} values for ${rows} samples`)
    return known
  }
  if (has.length !== Math.ceil(rows / 8))
    throw new RangeError('a column says of another number of samples which are known')
  let next = 0
  const values: (number | null)[] = []
  for (let row = 0; row < rows; row++)
    values.push(((has[row >> 3]! >> (row & 7)) & 1) === 1 ? (known[next++] ?? null) : null)
  if (next !== known.length) throw new RangeError('a column has more or fewer values than it says')
  return values
}
