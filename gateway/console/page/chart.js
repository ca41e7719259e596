import uPlot from '/desk/uplot.js'
import { instant, word } from '/desk/words.js'

/** Speed against the limit over time, with the alert from its beginning to its end, and the same in words for who does not see it. */

/** The library listens to the window for each chart until it is told that the chart is gone: else each that was looked at stays. */
const drawn = new Set()
function forgetGone() {
  for (const plot of drawn)
    if (!plot.root.isConnected) {
      plot.destroy()
      drawn.delete(plot)
    }
}

/** `toMs` null: it still goes on, or was a moment. */
export function drawChart(holder, { atMs, speedKmh, limitKmh }, fromMs, toMs = null) {
  holder.replaceChildren()
  forgetGone()
  holder.hidden = atMs.length < 2
  if (holder.hidden) return null
  const ink = getComputedStyle(document.body).color
  const axis = { stroke: ink, grid: { stroke: 'rgb(128 128 128 / 25%)', width: 1 }, ticks: { show: false } }
  const clock = (_, ticks) => ticks.map((s) => instant(new Date(s * 1000).toISOString()).slice(11, 16))
  const plot = new uPlot(
    {
      width: Math.max(240, holder.clientWidth),
      height: 190,
      tzDate: (s) => uPlot.tzDate(new Date(s * 1000), 'Asia/Shanghai'),
      legend: { show: false },
      cursor: { drag: { x: false, y: false } },
      scales: { y: { range: (_, min, max) => [0, Math.max(20, max * 1.1, min)] } },
      axes: [
        // Without a name of its own; what the library leaves for one would be a gap.
        { ...axis, values: clock, size: 28 },
        { ...axis, size: 44, label: 'km/h', labelSize: 16, stroke: ink },
      ],
      series: [
        {},
        { label: word('speed'), stroke: '#1d7fd6', width: 2, spanGaps: false },
        { label: word('limit'), stroke: '#d0342c', width: 2, dash: [6, 4], spanGaps: false },
      ],
      hooks: { draw: [(self) => shade(self, fromMs, toMs)] },
    },
    [atMs.map((ms) => ms / 1000), speedKmh, limitKmh],
    holder,
  )
  drawn.add(plot)
  const caption = document.createElement('figcaption')
  caption.textContent = inWords({ speedKmh, limitKmh })
  holder.append(caption)
  return plot
}

function shade(self, fromMs, toMs) {
  const { left, top, width, height } = self.bbox
  const edges = [fromMs, toMs]
    .filter((ms) => ms !== null)
    .map((ms) => self.valToPos(ms / 1000, 'x', true))
    .filter((x) => x >= left && x <= left + width)
  const { ctx } = self
  ctx.save()
  if (fromMs !== null && toMs !== null) {
    const within = (ms) => Math.min(left + width, Math.max(left, self.valToPos(ms / 1000, 'x', true)))
    ctx.fillStyle = 'rgb(192 20 28 / 15%)'
    ctx.fillRect(within(fromMs), top, within(toMs) - within(fromMs), height)
  }
  ctx.strokeStyle = '#c0141c'
  ctx.lineWidth = 2
  ctx.setLineDash([])
  for (const x of edges) {
    ctx.beginPath()
    ctx.moveTo(x, top)
    ctx.lineTo(x, top + height)
    ctx.stroke()
  }
  ctx.restore()
}

function inWords({ speedKmh, limitKmh }) {
  const known = speedKmh.filter((value) => value !== null)
  const limits = limitKmh.filter((value) => value !== null)
  const peak = known.length === 0 ? word('unknown') : `${Math.round(Math.max(...known))} km/h`
  const limit = limits.length === 0 ? word('unknown') : `${Math.round(Math.min(...limits))} km/h`
  return `${word('chart.blue')} ${word('speed')} (${word('peak')} ${peak}) · ${word('chart.red')} ${word('limit')} (${word('lowest')} ${limit}) · ${word('chart.mark')}`
}
