import process from 'node:process'
import { detectors } from '../../device/detectors/index.ts'
import { rules } from '../../gateway/rules/index.ts'
import { createEngine } from '../../sim/replay/engine.ts'
import { headBytes, openTrip } from '../../sim/replay/open-trip.ts'
import { planOf } from '../../sim/scenario.ts'
import { scenarios } from '../../sim/scenarios/index.ts'
import { tapeOf } from '../../sim/tape.ts'

/**
 * A tape as long as somebody wants, made by looping: memory must not know how long it was. `ROADWARDEN_TAPE_MB=10240 npm run
 * bench long-tape` reads ten gigabytes through the code that reads a file; RSS goes to stderr at each tenth.
 */
type Row = { readonly name: string; readonly value: number; readonly unit: string }

const defaultMb = 24
const loopDays = 28
const dayMs = 86_400_000
const blockBytes = 65_536
const tenths = 10

/** The same half hour on so many days, laid end to end: what comes round again is dated before what came last. */
function loopOf(): Buffer {
  const scenario = scenarios.get('faulty-lines')!
  const later = (instant: string, days: number): string =>
    new Date(Date.parse(instant) + days * dayMs).toISOString()
  const days = Array.from({ length: loopDays }, (_, day) => {
    const { start, end, trip } = scenario
    const moved = { ...trip, from: later(trip.from, day), to: later(trip.to, day) }
    return planOf({ ...scenario, start: later(start, day), end: later(end, day), trip: moved })
  })
  return Buffer.concat(days.flatMap((plan) => [...tapeOf(plan)]))
}

export async function longTapeBench(): Promise<readonly Row[]> {
  const megabytes = Number(process.env['ROADWARDEN_TAPE_MB'] ?? defaultMb)
  const loop = loopOf()
  const wholeBytes = megabytes * 2 ** 20
  const residentMb: number[] = []
  async function* chunks(): AsyncGenerator<Uint8Array> {
    let tenth = 0
    for (let sent = 0; sent < wholeBytes; ) {
      for (let at = 0; at < loop.length && sent < wholeBytes; at += blockBytes) {
        const chunk = loop.subarray(at, at + blockBytes)
        yield chunk
        sent += chunk.length
        if (sent < ((tenth + 1) / tenths) * wholeBytes) continue
        tenth++
        residentMb.push(process.memoryUsage.rss() / 2 ** 20)
        process.stderr.write(
          `${Math.round(sent / 2 ** 20)} MB read, RSS ${Math.round(residentMb.at(-1)!)} MB\n`,
        )
      }
    }
  }
  const reader = { read: async () => '', tell: () => {} }
  const recording = { name: 'loop', head: loop.subarray(0, headBytes), chunks: chunks(), tell: () => {} }
  const { documents, deps, fold } = await openTrip(recording, { files: {}, reader })
  const engine = createEngine({ documents, detectors, rules, ...deps, print: () => {} })
  await fold(engine)
  const { samples } = engine.end()
  return [
    { name: `a tape of ${megabytes} MB, looped: rows`, value: samples, unit: '' },
    { name: 'resident after its first tenth', value: residentMb[0] ?? 0, unit: 'MB' },
    { name: 'resident at its end', value: residentMb.at(-1) ?? 0, unit: 'MB' },
  ]
}
