import { BadInput } from '../../proto/problem.ts'
import { splitCells } from '../tools/points.ts'
import type { TextLine } from './text-lines.ts'
import { readNumber } from './values.ts'

/**
 * `shapes.txt` of a GTFS feed (gtfs.org, "shapes.txt"): the lines that vehicles travel, as routes of ours. One LineString for each
 * `shape_id`, its points by `shape_pt_sequence`.
 */
export type Shape = { readonly id: string; readonly points: readonly (readonly [lon: number, lat: number])[] }

export type Shapes = { readonly shapes: readonly Shape[]; readonly rejected: readonly number[] }

const needed = ['shape_id', 'shape_pt_lat', 'shape_pt_lon', 'shape_pt_sequence'] as const

type Vertex = { readonly sequence: number; readonly lat: number; readonly lon: number }

export async function readShapes(lines: AsyncIterable<TextLine>, file: string): Promise<Shapes> {
  let cells: { readonly [name: string]: number } | null = null
  const vertices = new Map<string, Vertex[]>()
  const rejected: number[] = []
  for await (const { number, text } of lines) {
    if (text.trim() === '') continue
    const row = splitCells(text)
    if (cells === null) cells = columnsOf(row, file)
    else {
      const vertex = vertexOf(row, cells)
      const id = row[cells['shape_id']!] ?? ''
      if (vertex === null || id === '') rejected.push(number)
      else {
        const own = vertices.get(id)
        if (own === undefined) vertices.set(id, [vertex])
        else own.push(vertex)
      }
    }
  }
  const shapes = [...vertices].map(([id, own]) => ({
    id,
    points: own.toSorted((a, b) => a.sequence - b.sequence).map(({ lat, lon }) => [lon, lat] as const),
  }))
  return { shapes, rejected }
}

function columnsOf(row: readonly string[], file: string): { readonly [name: string]: number } {
  const names = row.map((cell) => cell.replace(/^\uFEFF/, ''))
  const missing = needed.find((name) => !names.includes(name))
  if (missing !== undefined)
    throw new BadInput(`${file}: ${missing}: no such column; name the shapes.txt of a GTFS feed`)
  return Object.fromEntries(needed.map((name) => [name, names.indexOf(name)]))
}

function vertexOf(row: readonly string[], cells: { readonly [name: string]: number }): Vertex | null {
  const number = (name: string): number => readNumber(row[cells[name]!] ?? '') ?? Number.NaN
  const vertex = {
    sequence: number('shape_pt_sequence'),
    lat: number('shape_pt_lat'),
    lon: number('shape_pt_lon'),
  }
  return Math.abs(vertex.lat) <= 90 && Math.abs(vertex.lon) <= 180 && vertex.sequence >= 0 ? vertex : null
}

/** A route file (design 10) of these shapes; they are alternatives, unless one is chosen. */
export function routeOf(shapes: readonly Shape[], id: string): unknown {
  return {
    type: 'FeatureCollection',
    features: shapes.map((shape) => ({
      type: 'Feature',
      properties: { id: shapes.length === 1 ? shape.id : id, name: shape.id },
      geometry: { type: 'LineString', coordinates: shape.points },
    })),
  }
}
