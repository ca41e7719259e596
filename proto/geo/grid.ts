/**
 * Boxes on a grid of longitude and latitude: which of them hold a point, which meet a box. A box lies in the
 * finest of four grids in which it covers at most 16 x 16 cells, so a province and a toll gate each cost little.
 * Cells are found by open addressing. Longitudes wrap at 180 degrees.
 */
export type Grid = {
  /** The boxes at a point for which the grid's `hit` is true; in no order, each once. */
  readonly at: (lon: number, lat: number) => number[]
  /** Numbers of all boxes that may meet a box (a superset), some of them twice. `east` may exceed 180. */
  readonly meeting: (west: number, south: number, east: number, north: number) => number[]
}

/** Cells per degree. */
const finenesses = [100, 10, 1, 0.1]
const cellsPerSideMax = 16
/** A question over more cells than this looks at each box instead. */
const cellsPerQuestionMax = 4096
/** Boxes reach into the next cell by this much, so that no rounding can lose a point on a cell's border. */
const slackDeg = 1e-9

type Level = {
  readonly perDegree: number
  readonly columns: number
  readonly rows: number
  readonly mask: number
  /** Cell + 1 of each slot; 0 for a free one. */
  readonly keys: Int32Array
  /** Where the boxes of the slot begin and end in `boxes`. */
  readonly from: Uint32Array
  readonly to: Uint32Array
  readonly boxes: Uint32Array
}

type Span = {
  readonly level: number
  readonly columns: readonly [number, number]
  readonly rows: readonly [number, number]
}

const columnOf = (lon: number, perDegree: number): number => Math.floor((lon + 180) * perDegree)
const rowOf = (lat: number, perDegree: number): number => Math.floor((lat + 90) * perDegree)

/** The finest grid for a box, and the cells it covers there; null when it is too large for all. */
function spanOf(west: number, south: number, east: number, north: number): Span | null {
  for (let level = 0; level < finenesses.length; level++) {
    const perDegree = finenesses[level]!
    const columns = [columnOf(west - slackDeg, perDegree), columnOf(east + slackDeg, perDegree)] as const
    const rows = [rowOf(south - slackDeg, perDegree), rowOf(north + slackDeg, perDegree)] as const
    if (columns[1] - columns[0] < cellsPerSideMax && rows[1] - rows[0] < cellsPerSideMax)
      return { level, columns, rows }
  }
  return null
}

/** Visits the cell numbers of a span; columns wrap round the earth. */
function cellsOf({ level, columns, rows }: Span, visit: (cell: number) => void): void {
  const around = Math.round(360 * finenesses[level]!)
  for (let column = columns[0]; column <= columns[1]; column++) {
    const wrapped = ((column % around) + around) % around
    for (let row = Math.max(0, rows[0]); row <= rows[1]; row++) visit(cellNumber(wrapped, row, level))
  }
}

/** One number per cell of a level: 180 degrees and one row more above each other. */
function cellNumber(column: number, row: number, level: number): number {
  return column * (Math.round(180 * finenesses[level]!) + 1) + row
}

/** Four cells above each other share a cache line; groups of them are scattered, so that no long runs meet. */
function slotOf(column: number, row: number, mask: number): number {
  const group = Math.imul(column, 0x9e3779b1) ^ Math.imul(row >> 2, 0x85ebca6b)
  return (((group ^ (group >>> 15)) << 2) | (row & 3)) & mask
}

/** `boxes`: west, south, east, north of each; `hit` decides whether a point whose cell a box covers is a find. */
export function makeGrid(boxes: Float64Array, hit: (box: number, lon: number, lat: number) => boolean): Grid {
  const count = boxes.length / 4
  const spans: (Span | null)[] = []
  for (let b = 0; b < count; b++)
    spans.push(spanOf(boxes[b * 4]!, boxes[b * 4 + 1]!, boxes[b * 4 + 2]!, boxes[b * 4 + 3]!))
  const levels = finenesses.map((_, level) => makeLevel(level, spans)).filter((level) => level !== null)
  const wide = spans.flatMap((span, b) => (span === null ? [b] : []))
  return {
    at: (lon, lat) => {
      const found: number[] = []
      for (const level of levels) collect(level, lon, lat, hit, found)
      for (const box of wide) if (hit(box, lon, lat)) found.push(box)
      return found
    },
    meeting: (west, south, east, north) => {
      const found: number[] = [...wide]
      for (const level of levels) {
        if (!meetingIn(level, west, south, east, north, found))
          return Array.from({ length: count }, (_, b) => b)
      }
      return found
    },
  }
}

function makeLevel(level: number, spans: readonly (Span | null)[]): Level | null {
  const own: number[] = []
  let total = 0
  for (const [box, span] of spans.entries()) {
    if (span?.level !== level) continue
    own.push(box)
    cellsOf(span, () => total++)
  }
  if (total === 0) return null
  const cells = new Int32Array(total)
  let at = 0
  for (const box of own)
    cellsOf(spans[box]!, (cell) => {
      cells[at++] = cell
    })
  const built = tableOf(level, cells.toSorted(), total)
  at = 0
  for (const box of own)
    cellsOf(spans[box]!, () => {
      const slot = slotFor(built, cells[at++]!)
      built.boxes[built.to[slot]!++] = box
    })
  return built
}

/** The table of a level with room for the boxes of each cell. */
function tableOf(level: number, sorted: Int32Array, total: number): Level {
  let distinct = 0
  for (let i = 0; i < total; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) distinct++
  let size = 16
  while (size < distinct * 2) size *= 2
  const perDegree = finenesses[level]!
  const built: Level = {
    perDegree,
    columns: Math.round(360 * perDegree),
    rows: Math.round(180 * perDegree) + 1,
    mask: size - 1,
    keys: new Int32Array(size),
    from: new Uint32Array(size),
    to: new Uint32Array(size),
    boxes: new Uint32Array(total),
  }
  for (let i = 0; i < total; i++) {
    if (i > 0 && sorted[i] === sorted[i - 1]) continue
    const slot = slotFor(built, sorted[i]!)
    built.keys[slot] = sorted[i]! + 1
    built.from[slot] = i
    built.to[slot] = i
  }
  return built
}

const slotFor = (level: Level, cell: number): number =>
  freeSlot(level, Math.floor(cell / level.rows), cell % level.rows, cell)

/** The slot of a cell, or the free one where it belongs. */
function freeSlot(level: Level, column: number, row: number, cell: number): number {
  const { keys, mask } = level
  let slot = slotOf(column, row, mask)
  while (keys[slot] !== 0 && keys[slot] !== cell + 1) slot = (slot + 1) & mask
  return slot
}

function collect(
  level: Level,
  lon: number,
  lat: number,
  hit: (box: number, lon: number, lat: number) => boolean,
  found: number[],
): void {
  const { perDegree, columns, rows } = level
  const column = columnOf(lon, perDegree) % columns
  const row = rowOf(lat, perDegree)
  const cell = column * rows + row
  const slot = freeSlot(level, column, row, cell)
  if (level.keys[slot] === 0) return
  const end = level.to[slot]!
  for (let i = level.from[slot]!; i < end; i++) {
    const box = level.boxes[i]!
    if (hit(box, lon, lat)) found.push(box)
  }
}

/** False when the question covers too many cells of this level. */
function meetingIn(
  level: Level,
  west: number,
  south: number,
  east: number,
  north: number,
  found: number[],
): boolean {
  const { perDegree, columns, rows } = level
  const [firstColumn, lastColumn] = [columnOf(west, perDegree), columnOf(east, perDegree)]
  const [firstRow, lastRow] = [Math.max(0, rowOf(south, perDegree)), rowOf(north, perDegree)]
  if ((lastColumn - firstColumn + 1) * (lastRow - firstRow + 1) > cellsPerQuestionMax) return false
  for (let column = firstColumn; column <= lastColumn; column++) {
    const wrapped = ((column % columns) + columns) % columns
    for (let row = firstRow; row <= lastRow; row++) {
      const slot = freeSlot(level, wrapped, row, wrapped * rows + row)
      if (level.keys[slot] === 0) continue
      for (let i = level.from[slot]!; i < level.to[slot]!; i++) found.push(level.boxes[i]!)
    }
  }
  return true
}
