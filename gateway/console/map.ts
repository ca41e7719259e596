import type { ServerResponse } from 'node:http'

/** The ground of the desk's maps: an operator's tiles, or the sketch of cities and motorways that comes with the desk. */

export type DeskMap = {
  /** Address with {z}, {x}, {y}; of a server, or of a file of ours that holds them. */
  readonly tiles?: string | undefined
  /** What the tiles are shifted by: Chinese map services show GCJ-02. */
  readonly datum: 'wgs84' | 'gcj02'
  readonly attribution: string
  readonly maxZoom: number
  /** GeoJSON instead of the desk's own sketch. */
  readonly base?: string | undefined
}

/** Tiles out of a file of this machine. */
export type Tiles = {
  readonly has: (pathname: string) => boolean
  readonly send: (pathname: string, response: ServerResponse) => void
}
export const noTiles: Tiles = { has: () => false, send: () => {} }

const tilePath = '/desk/tiles/{z}/{x}/{y}'
/** An address of a server, or else a file. */
export const isAddress = (tiles: string): boolean => /^https?:\/\//.test(tiles)

/** What is wrong with what an operator named; null: nothing. */
export function tilesTrouble(tiles: string | undefined): string | null {
  if (tiles === undefined) return null
  if (!isAddress(tiles))
    return tiles.endsWith('.mbtiles') ? null : 'an address with {z}, {x}, {y}, or an .mbtiles file'
  const missing = ['{z}', '{x}', '{y}'].filter((part) => !tiles.includes(part))
  if (missing.length > 0) return `the address has no ${missing.join(', ')}`
  return URL.canParse(tiles.replace('{s}', 'a')) ? null : 'not an address'
}

/** What the page is told. */
export function mapDocument(map: DeskMap | null): object {
  const { tiles, datum = 'wgs84', attribution = '', maxZoom = 18 } = map ?? {}
  const shown = tiles === undefined ? null : isAddress(tiles) ? tiles : tilePath
  return { tiles: shown, datum, attribution, maxZoom }
}

/** The one origin that images may come from besides the gateway; a placeholder for servers in the host part is a wildcard. */
export function originOf(map: DeskMap | null): string {
  const tiles = map?.tiles
  if (tiles === undefined || !isAddress(tiles)) return ''
  const [scheme = '', rest = ''] = tiles.split('://')
  const [host = ''] = rest.split('/')
  return `${scheme}://${host.replace(/^\{s\}/, '*')}`
}
