/** Counters and gauges in Prometheus' text form. Every drop and every refusal is counted by its reason. */

export type Labels = { readonly [name: string]: string }

export type Metrics = {
  readonly count: (name: string, labels?: Labels, by?: number) => void
  /** A value asked for when somebody looks. */
  readonly gauge: (name: string, value: () => number) => void
  /** How long something took, or lay back, in seconds. */
  readonly time: (name: string, seconds: number, labels?: Labels) => void
  readonly value: (name: string, labels?: Labels) => number
  readonly text: () => string
}

const prefix = 'roadwarden_'
/** Labels come from fixed lists of ours; should one ever not, memory stays bounded all the same. */
const seriesMax = 5000

export function createMetrics(): Metrics {
  const counters = new Map<string, number>()
  const gauges = new Map<string, () => number>()
  const times = new Map<string, Histogram>()
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
    time: (name, seconds, labels = {}) => {
      const series = seriesOf(name, labels)
      let histogram = times.get(series)
      if (histogram === undefined)
        times.set(series, (histogram = { name, labels, counts: bounds.map(() => 0), count: 0, sum: 0 }))
      for (const [index, bound] of bounds.entries()) if (seconds <= bound) histogram.counts[index]!++
      histogram.count++
      histogram.sum += seconds
    },
    value: (name, labels = {}) => counters.get(seriesOf(name, labels)) ?? 0,
    text: () => {
      const counted = [...counters]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([series, value]) => ({ series, value }))
      const gauged = [...gauges].map(([series, value]) => ({ series, value: value() }))
      const lines = [...typed(counted, 'counter'), ...typed(gauged, 'gauge')]
      for (const histogram of times.values()) lines.push(...histogramLines(histogram))
      return `${lines.join('\n')}\n`
    },
  }
}

/** Seconds: from a fast disk to a day without a network. */
const bounds = [0.001, 0.005, 0.025, 0.1, 0.5, 2, 10, 60, 600, 3600, 86_400]

type Histogram = {
  readonly name: string
  readonly labels: Labels
  /** At most so long, for each bound. */
  readonly counts: number[]
  count: number
  sum: number
}

/** A TYPE line before the first series of each name. */
function typed(rows: readonly { readonly series: string; readonly value: number }[], type: string): string[] {
  const named = new Set<string>()
  return rows.flatMap(({ series, value }) => {
    const name = `${prefix}${series.split('{')[0]}`
    const line = `${prefix}${series} ${value}`
    if (named.has(name)) return [line]
    named.add(name)
    return [`# TYPE ${name} ${type}`, line]
  })
}

function histogramLines({ name, labels, counts, count, sum }: Histogram): string[] {
  const bucket = (le: string, value: number): string =>
    `${prefix}${seriesOf(`${name}_bucket`, { ...labels, le })} ${value}`
  return [
    `# TYPE ${prefix}${name} histogram`,
    ...bounds.map((bound, index) => bucket(String(bound), counts[index]!)),
    bucket('+Inf', count),
    `${prefix}${seriesOf(`${name}_sum`, labels)} ${sum}`,
    `${prefix}${seriesOf(`${name}_count`, labels)} ${count}`,
  ]
}

function seriesOf(name: string, labels: Labels): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}="${value.replace(/["\\\n]/g, '_')}"`)
  return pairs.length === 0 ? name : `${name}{${pairs.join(',')}}`
}
