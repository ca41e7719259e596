import { pointAt } from './along.ts'
import type { Area, AreaIndex, AreaRole } from './areas.ts'
import type { Corridor, CorridorPosition } from './corridor.ts'

/**
 * What lies ahead on the line: areas of some roles on it or beside it. The whole line is looked along once for each
 * set of areas; after that a question costs a search in a short list.
 */
export type AlongLine = { readonly area: Area; readonly alongM: number }

export type AheadOptions = {
  readonly roles: readonly AreaRole[]
  readonly besideM: number
}

/** Places are looked for so densely: no service area is shorter than its slip roads. */
const stepM = 200

type Known = Map<string, readonly AlongLine[]>
const known = new WeakMap<AreaIndex, WeakMap<Corridor, Known>>()

/** The areas of a line in its order: each where it is reached, or where the line comes nearest to it. */
export function areasAlong(
  corridor: Corridor,
  line: number,
  areas: AreaIndex,
  options: AheadOptions,
): readonly AlongLine[] {
  let ofAreas = known.get(areas)
  if (ofAreas === undefined) known.set(areas, (ofAreas = new WeakMap()))
  let ofCorridor = ofAreas.get(corridor)
  if (ofCorridor === undefined) ofAreas.set(corridor, (ofCorridor = new Map()))
  const key = `${line} ${options.besideM} ${options.roles.join()}`
  let found = ofCorridor.get(key)
  if (found === undefined) ofCorridor.set(key, (found = lookAlong(corridor, line, areas, options)))
  return found
}

/** Ahead of a position, nearest first, with the distance to go. */
export function areasAhead(
  corridor: Corridor,
  near: CorridorPosition,
  forward: boolean,
  areas: AreaIndex,
  options: AheadOptions & { readonly withinM: number },
): readonly { readonly area: Area; readonly distanceM: number }[] {
  const all = areasAlong(corridor, near.line, areas, options)
  return all
    .map(({ area, alongM }) => ({ area, distanceM: forward ? alongM - near.alongM : near.alongM - alongM }))
    .filter(({ distanceM }) => distanceM > 0 && distanceM <= options.withinM)
    .toSorted((a, b) => a.distanceM - b.distanceM)
}

/** One passing of the line by an area, as far as it is seen. */
type Pass = {
  readonly area: Area
  lastM: number
  nearestM: number
  nearestAtM: number
  enteredM: number | null
}

function lookAlong(
  corridor: Corridor,
  line: number,
  areas: AreaIndex,
  { roles, besideM }: AheadOptions,
): readonly AlongLine[] {
  const lengthM = corridor.lines[line]?.lengthM ?? 0
  if (!areas.all.some(({ role }) => roles.includes(role))) return []
  const open = new Map<string, Pass>()
  const passed: Pass[] = []
  const steps = Math.ceil(lengthM / stepM)
  for (let i = 0; i <= steps; i++) {
    const alongM = Math.min(lengthM, i * stepM)
    const point = pointAt(corridor, { line, alongM })
    for (const area of areas.near(point, besideM + stepM)) {
      if (!roles.includes(area.role)) continue
      const awayM = area.signedDistanceM(point)
      if (awayM > besideM + stepM) continue
      const pass = open.get(area.id)
      if (pass === undefined || alongM - pass.lastM > stepM) passed.push(begin(open, area, alongM, awayM))
      else extend(pass, alongM, awayM)
    }
  }
  return passed
    .map((pass) => ({ area: pass.area, ...refined(corridor, line, pass, lengthM) }))
    .filter(({ awayM }) => awayM <= besideM)
    .map(({ area, alongM }) => ({ area, alongM }))
    .toSorted((a, b) => a.alongM - b.alongM || (a.area.id < b.area.id ? -1 : 1))
}

function begin(open: Map<string, Pass>, area: Area, alongM: number, awayM: number): Pass {
  const enteredM = awayM <= 0 ? alongM : null
  const pass = { area, lastM: alongM, nearestM: awayM, nearestAtM: alongM, enteredM }
  open.set(area.id, pass)
  return pass
}

function extend(pass: Pass, alongM: number, awayM: number): void {
  pass.lastM = alongM
  if (awayM <= 0 && pass.enteredM === null) pass.enteredM = alongM
  if (awayM >= pass.nearestM) return
  pass.nearestM = awayM
  pass.nearestAtM = alongM
}

/** Where the line enters the area, else where it comes nearest, to a metre. */
function refined(
  corridor: Corridor,
  line: number,
  { area, nearestAtM, enteredM }: Pass,
  lengthM: number,
): { alongM: number; awayM: number } {
  const away = (alongM: number): number => area.signedDistanceM(pointAt(corridor, { line, alongM }))
  const nearestM =
    enteredM ?? lowest(away, Math.max(0, nearestAtM - stepM), Math.min(lengthM, nearestAtM + stepM))
  const awayM = away(nearestM)
  if (awayM > 0) return { alongM: nearestM, awayM }
  let low = Math.max(0, nearestM - stepM)
  let high = away(low) <= 0 ? low : nearestM
  while (high - low > 1) {
    const half = (low + high) / 2
    if (away(half) <= 0) high = half
    else low = half
  }
  return { alongM: high, awayM }
}

/** Where a distance that falls, then rises, is least. */
function lowest(away: (alongM: number) => number, fromM: number, toM: number): number {
  let [low, high] = [fromM, toM]
  while (high - low > 1) {
    const third = (high - low) / 3
    if (away(low + third) <= away(high - third)) high -= third
    else low += third
  }
  return (low + high) / 2
}
