import { localMs } from '../../proto/time.ts'

/** The axis of time that the charts of a report share. */
export type TimeAxis = {
  readonly fromMs: number
  readonly toMs: number
  readonly left: number
  readonly right: number
  readonly zone: string
}

export const chartWidth = 1040

export const xOf = ({ fromMs, toMs, left, right }: TimeAxis, atMs: number): number =>
  left + ((atMs - fromMs) / Math.max(1, toMs - fromMs)) * (right - left)

const minuteMs = 60_000
const stepsMs = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880].map((minutes) => minutes * minuteMs)
const ticksMax = 14

/** Round local times, few enough to be read. */
export function ticksOf({
  fromMs,
  toMs,
  zone,
}: TimeAxis): { readonly atMs: number; readonly label: string }[] {
  const step = stepsMs.find((ms) => (toMs - fromMs) / ms <= ticksMax) ?? stepsMs.at(-1)!
  const shift = localMs(fromMs, zone) - fromMs
  const ticks: { atMs: number; label: string }[] = []
  for (let local = Math.ceil((fromMs + shift) / step) * step; local <= toMs + shift; local += step) {
    const text = new Date(local).toISOString()
    const label = text.slice(11, 16) === '00:00' ? text.slice(5, 10) : text.slice(11, 16)
    ticks.push({ atMs: local - shift, label })
  }
  return ticks
}

/** Lines and times under a chart of that height. */
export function axisSvg(axis: TimeAxis, top: number, bottom: number): string {
  return ticksOf(axis)
    .map(({ atMs, label }) => {
      const x = xOf(axis, atMs).toFixed(1)
      return `<path class="grid" d="M${x} ${top}V${bottom}"/><text class="tick" x="${x}" y="${bottom + 14}">${label}</text>`
    })
    .join('')
}
