import process from 'node:process'
import { parseArgs } from 'node:util'
import { BadInput } from '../../proto/problem.ts'
import { whyRefused } from '../../proto/usage.ts'
import { dataFolder } from '../data-folder.ts'
import { type FleetResult, type Progress, runFleet } from './run.ts'

/** `npm run sim -- fleet`: 0 when exactly what the drives must cause came back and all was acknowledged, else 1. */
const usage =
  'usage: npm run sim -- fleet [--vehicles N (200)] [--seed S (1)] [--minutes M (3)] [--speed N] [--data DIR]'

export async function fleet(argv: readonly string[]): Promise<number> {
  const options = optionsOf(argv)
  process.stderr.write(`data: ${options.dataDir}\n`)
  const show = await progressOf(options.minutes * 60)
  const result = await runFleet({ ...options, onProgress: show.update })
  show.stop()
  process.stdout.write(`${JSON.stringify({ kind: 'fleet', ...summaryOf(result) })}\n`)
  for (const one of result.missing.slice(0, 20)) process.stderr.write(`missing: ${JSON.stringify(one)}\n`)
  for (const { vehicle, kind, phase, at, late } of result.unexpected.slice(0, 20))
    process.stderr.write(`unexpected: ${JSON.stringify({ vehicle, kind, phase, at, late })}\n`)
  process.stderr.write(`${verdictOf(result)}\n`)
  return isGood(result) ? 0 : 1
}

const summaryOf = ({ missing, unexpected, ...rest }: FleetResult): object => ({
  ...rest,
  missing: missing.length,
  unexpected: unexpected.length,
})

const isGood = ({ missing, unexpected, sent, acknowledged }: FleetResult): boolean =>
  missing.length === 0 && unexpected.length === 0 && sent === acknowledged

function verdictOf(result: FleetResult): string {
  const { sent, acknowledged, alerts, expected, latency } = result
  const times = Object.entries(latency).map(([kind, { p50Ms, p99Ms }]) => `${kind} ${p50Ms}/${p99Ms} ms`)
  const agreed = isGood(result) ? 'exactly what the drives must cause' : 'not what the drives must cause'
  return `${sent} envelopes sent, ${acknowledged} acknowledged, ${alerts} alerts of ${expected}: ${agreed}; p50/p99 ${times.join(', ')}`
}

function optionsOf(argv: readonly string[]) {
  const text = { type: 'string' } as const
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { vehicles: text, seed: text, minutes: text, speed: text, data: text },
    })
    return {
      vehicles: whole('--vehicles', values.vehicles, 200, 10_000),
      seed: whole('--seed', values.seed, 1, 999_999_999),
      minutes: whole('--minutes', values.minutes, 3, 240),
      speed: whole('--speed', values.speed, 10, 120),
      dataDir: dataFolder(values.data, usage),
    }
  } catch (error) {
    if (error instanceof BadInput) throw error
    throw new BadInput(`${whyRefused(error)}; ${usage}`)
  }
}

function whole(name: string, value: string | undefined, without: number, max: number): number {
  if (value === undefined) return without
  const number = Number(value)
  if (/^\d{1,9}$/.test(value) && number >= 1 && number <= max) return number
  throw new BadInput(`${name} ${value}: a whole number from 1 to ${max}; ${usage}`)
}

async function progressOf(of: number): Promise<{ update: (progress: Progress) => void; stop: () => void }> {
  if (process.stderr.isTTY !== true) return { update: () => {}, stop: () => {} }
  const { default: progress } = await import('cli-progress')
  const format = '{value} of {total} s [{bar}] {sent} sent, {waiting} waiting, {alerts} alerts'
  const bar = new progress.SingleBar({ format, stream: process.stderr, clearOnComplete: true })
  bar.start(of, 0, { sent: 0, waiting: 0, alerts: 0 })
  return {
    update: ({ seconds, sent, waiting, alerts }) => bar.update(seconds, { sent, waiting, alerts }),
    stop: () => bar.stop(),
  }
}
