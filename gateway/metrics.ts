/** Counters and gauges in Prometheus' text form. Every drop and every refusal is counted by its reason. */

export type Labels = { readonly [name: string]: string }

export type Metrics = {
  readonly count: (name: string, labels?: Labels, by?: number) => void
  /** A value asked for when somebody looks. */
  readonly gauge: (name: string, value: () => number) => void
  readonly value: (name: string, labels?: Labels) => number
  readonly text: () => string
}

const prefix = 'roadwarden_'
/** Labels come from fixed lists of ours; should one ever not, memory stays bounded all the same. */
const seriesMax = 5000

export function createMetrics(): Metrics {
  const counters = new Map<string, number>()
  const gauges = new Map<string, () => number>()
  return {
    count: (name, labels = {}, by = 1) => {
      const series = seriesOf(name, labels)
      const before = counters.get(series)
      if (before === undefined && counters.size >= seriesMax) return
      counters.set(series, (before ?? 0) + by)
    },
    gauge: (name, value) => {
      gauges.set(name, value)
    },
    value: (name, labels = {}) => counters.get(seriesOf(name, labels)) ?? 0,
    text: () => {
      const lines = [...counters]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([series, value]) => `${prefix}${series} ${value}`)
      for (const [name, value] of gauges) lines.push(`${prefix}${name} ${value()}`)
      return `${lines.join('\n')}\n`
    },
  }
}

function seriesOf(name: string, labels: Labels): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}="${value.replace(/["\\\n]/g, '_')}"`)
  return pairs.length === 0 ? name : `${name}{${pairs.join(',')}}`
}
