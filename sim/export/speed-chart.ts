import { nextWindow, type Window, windowAt } from '../../proto/time.ts'
import type { Episode } from './episodes.ts'
import type { Row } from './gather.ts'
import { xml } from './tables.ts'
import { pathOf, thinLine, type Xy } from './thin-line.ts'
import { axisSvg, chartWidth, type TimeAxis, xOf } from './time-axis.ts'

/** Speed against the limit over time. */
export type SpeedParts = {
  readonly rows: readonly Row[]
  readonly episodes: readonly Episode[]
  readonly axis: TimeAxis
  readonly night: Window
  /** A pause longer than this is a gap: nothing is drawn across it. */
  readonly gapMs: number
}

const top = 34
const bottom = 250
const floorKmh = 100

export function speedSvg(parts: SpeedParts): string {
  const { rows, axis } = parts
  const columns = columnsOf(parts)
  const highest = Math.max(floorKmh, ...columns.map(({ kmh, limitKmh }) => Math.max(kmh ?? 0, limitKmh)))
  const ceilingKmh = Math.ceil((highest + 5) / 20) * 20
  const y = (kmh: number): number => bottom - (kmh / ceilingKmh) * (bottom - top)
  const grid = Array.from({ length: ceilingKmh / 20 + 1 }, (_, index) => index * 20).map(
    (kmh) =>
      `<path class="grid" d="M${axis.left} ${y(kmh)}H${axis.right}"/><text class="tick left" x="${axis.left - 6}" y="${y(kmh) + 4}">${kmh}</text>`,
  )
  const body = [
    nightsSvg(parts),
    ...grid,
    axisSvg(axis, top, bottom),
    ...speedPaths(columns, y),
    marksSvg(parts),
  ]
  const label = rows.length === 0 ? 'no rows' : 'speed against limit'
  return `<svg viewBox="0 0 ${chartWidth} ${bottom + 24}" role="img" aria-label="${label}">${body.join('')}</svg>`
}

/** What is drawn of all rows that fall on one column of the picture: the fastest, and the limit it was held against. */
type Column = {
  readonly x: number
  readonly kmh: number | null
  readonly limitKmh: number
  /** True when a gap lies before it. */
  readonly begins: boolean
}

function columnsOf({ rows, axis, gapMs }: SpeedParts): Column[] {
  const columns: Column[] = []
  let beforeMs: number | null = null
  for (const { sample, limitKmh } of rows) {
    const x = Math.round(xOf(axis, sample.atMs) * 2) / 2
    const last = columns.at(-1)
    const begins = beforeMs === null || sample.atMs - beforeMs > gapMs
    beforeMs = sample.atMs
    if (last === undefined || last.x !== x || begins)
      columns.push({ x, kmh: sample.speedKmh, limitKmh, begins })
    else if (margin(sample.speedKmh, limitKmh) > margin(last.kmh, last.limitKmh))
      columns[columns.length - 1] = { ...last, kmh: sample.speedKmh, limitKmh }
  }
  return columns
}

const margin = (kmh: number | null, limitKmh: number): number => (kmh ?? -1000) - limitKmh

function speedPaths(columns: readonly Column[], y: (kmh: number) => number): string[] {
  const pieces: Column[][] = []
  for (const column of columns) {
    if (column.begins || pieces.length === 0) pieces.push([])
    pieces.at(-1)!.push(column)
  }
  return pieces.flatMap((piece) => {
    const limit = steps(piece, y)
    const spoken: Xy[] = piece.flatMap(({ x, kmh }) => (kmh === null ? [] : [{ x, y: y(kmh) }]))
    const speed = thinLine(spoken, 0.2)
    const over = piece
      .filter(({ kmh, limitKmh }) => kmh !== null && kmh > limitKmh)
      .map(({ x, kmh, limitKmh }) => `M${x} ${y(limitKmh).toFixed(1)}V${y(kmh ?? 0).toFixed(1)}`)
    const area = speed.length < 2 ? '' : `${pathOf(speed)}L${speed.at(-1)!.x} ${y(0)}L${speed[0]!.x} ${y(0)}Z`
    return [
      `<path class="under" d="${area}"/>`,
      `<path class="excess" d="${over.join('')}"/>`,
      `<path class="speed" d="${pathOf(speed)}"/>`,
      `<path class="limit" d="${pathOf(limit)}"/>`,
    ]
  })
}

/** A limit holds until the next one does. */
function steps(piece: readonly Column[], y: (kmh: number) => number): Xy[] {
  const points: Xy[] = []
  for (const [index, { x, limitKmh }] of piece.entries()) {
    const before = piece[index - 1]
    if (before !== undefined && before.limitKmh !== limitKmh) points.push({ x, y: y(before.limitKmh) })
    if (before?.limitKmh !== limitKmh || index === piece.length - 1) points.push({ x, y: y(limitKmh) })
  }
  return points
}

function nightsSvg({ axis, night }: SpeedParts): string {
  const parts: string[] = []
  let window = windowAt(axis.fromMs, night, axis.zone) ?? nextWindow(axis.fromMs, night, axis.zone)
  for (let count = 0; window !== null && window.fromMs < axis.toMs && count < 60; count++) {
    const from = xOf(axis, Math.max(axis.fromMs, window.fromMs))
    const to = xOf(axis, Math.min(axis.toMs, window.toMs))
    parts.push(
      `<rect class="night" x="${from.toFixed(1)}" y="${top}" width="${Math.max(0, to - from).toFixed(1)}" height="${bottom - top}"/>`,
    )
    window = nextWindow(window.toMs, night, axis.zone)
  }
  return parts.join('')
}

/** Numbers that would cover each other are put on a second and third line. */
function marksSvg({ episodes, axis }: SpeedParts): string {
  const taken: number[] = []
  return episodes
    .map(({ number, first, last }) => {
      const x = Math.min(axis.right, Math.max(axis.left, xOf(axis, Date.parse(first.at))))
      const free = [0, 1].find((row) => (taken[row] ?? Number.NEGATIVE_INFINITY) < x - 20) ?? 1
      taken[free] = x
      const cy = 22 - free * 14
      const stem = `<path class="stem" d="M${x.toFixed(1)} ${cy + 8}V${bottom}"/>`
      return `<g class="mark ${last.severity}"><title>${xml(`${number} ${first.explain.zh} ${first.explain.en}`)}</title>${stem}<circle cx="${x.toFixed(1)}" cy="${cy}" r="8"/><text x="${x.toFixed(1)}" y="${cy + 3.5}">${number}</text></g>`
    })
    .join('')
}
