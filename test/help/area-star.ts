import type { AreaSpec } from '../../proto/geo/area-index.ts'

/** A star-shaped area somewhere in five degrees square: 100 m to 5 km across its middle, 10 to 60 corners. */
export function roleArea(id: string, random: () => number): AreaSpec {
  const [lon, lat] = [110 + random() * 5, 30 + random() * 5]
  const radius = 0.001 * 50 ** random()
  const corners = 10 + Math.floor(random() * 50)
  const ring: number[] = []
  for (let i = 0; i < corners; i++) {
    const angle = (i / corners) * 2 * Math.PI
    const r = radius * (0.6 + 0.4 * random())
    ring.push(lon + Math.cos(angle) * r, lat + Math.sin(angle) * r)
  }
  ring.push(ring[0]!, ring[1]!)
  return {
    id,
    name: id,
    role: 'noEntry',
    classes: null,
    windows: null,
    limitKmh: null,
    nightLimitKmh: null,
    dwellS: null,
    shape: { is: 'polygons', polygons: [[ring]] },
  }
}
