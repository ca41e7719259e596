import { canLine, gnssLine } from '../../device/decoders/index.ts'
import { initialSignals, type SignalConfig, stepSignals } from '../../device/signals/index.ts'
import { defaultPolicy } from '../../proto/policy.ts'
import { ccvs1, driverIds, eec1, tco1 } from '../../sim/hardware/j1939.ts'
import { frameLine } from '../../sim/hardware/slcan.ts'
import { groupFrames } from '../../sim/hardware/transport.ts'
import { seeded } from '../device/decoders/help.ts'
import { rmcSentence, sentence } from '../help/nmea.ts'
import { slopeOf } from './slope.ts'

/** What a look finds must be what is held, not what nobody has swept yet (`run.ts` starts the parts with `--expose-gc`). */
const collect = (globalThis as { readonly gc?: () => void }).gc ?? (() => {})

/**
 * Months of a bus in minutes: frames of an SLCAN adapter and epochs of a receiver, cut anywhere, damaged now and then, through
 * decoders and signals. The process must not grow: no frame may leave anything behind.
 */
export type FramesReport = {
  readonly frames: number
  readonly epochs: number
  readonly samples: number
  readonly nsPerFrame: number
  /** Every so many frames, after a collection: what the program holds, and what the process is resident with. */
  readonly looks: readonly Look[]
  /** Of what is held, in the last four fifths: per ten million frames. */
  readonly growthMb: number
  readonly worstRssMb: number
  readonly complaints: readonly string[]
}

/** V8 keeps room for young objects that it once needed: under the terminal's own `--max-semi-space-size=1` both are flat. */
type Look = { readonly frames: number; readonly heldMb: number; readonly residentMb: number }

const framesPerSecond = 1850
const epochsPerSecond = 10
/** Seconds of bus written once and read again and again; times and epochs go on. */
const variants = 24
const looks = 50
/** More than this over the last four fifths, by the median of all slopes, is growth and no breathing of the collector. */
const growthMaxMb = 8

const config: SignalConfig = {
  policy: defaultPolicy('coach').signals,
  expects: { gnss: true, can: true },
  notBeforeMs: Date.UTC(2000, 0, 1),
  slackMs: 0,
}

export function proveFrames(
  count: number,
  seed: number,
  tell: (line: string) => void = () => {},
): FramesReport {
  const seconds = writtenSeconds(seed)
  const can = canLine('slcan')
  let bus = can.initial
  let receiver = gnssLine.initial
  let signals = initialSignals
  let [frames, epochs, samples, nextLook] = [0, 0, 0, 0]
  const seen: Look[] = []
  const startMs = Date.UTC(2026, 10, 22, 12)
  const sinceMs = performance.now()
  for (let second = 0; frames < count; second++) {
    const secondMs = startMs + second * 1000
    const chunks = seconds[second % seconds.length]!
    for (const [slice, chunk] of chunks.entries()) {
      const arrivedMs = secondMs + (slice * 1000) / chunks.length
      const step = can.step(bus, chunk, arrivedMs)
      bus = step.state
      frames += step.frames
      for (const message of step.messages)
        signals = stepSignals(signals, { is: 'can', message, arrivedMs }, config).state
    }
    for (let epoch = 0; epoch < epochsPerSecond; epoch++, epochs++) {
      const arrivedMs = secondMs + epoch * 100 + 60
      const step = gnssLine.step(receiver, epochBytes(secondMs + epoch * 100, epochs))
      receiver = step.state
      for (const message of step.messages) {
        const made = stepSignals(signals, { is: 'gnss', message, arrivedMs }, config)
        signals = made.state
        samples += made.samples.length
      }
    }
    if (frames < nextLook) continue
    nextLook += Math.max(1, Math.floor(count / looks))
    collect()
    const look = lookAt(frames)
    seen.push(look)
    tell(
      `${(frames / 1e6).toFixed(1)} million frames, ${look.heldMb.toFixed(1)} MB held, ${look.residentMb.toFixed(1)} MB resident`,
    )
  }
  const nsPerFrame = ((performance.now() - sinceMs) * 1e6) / frames
  return judged({ frames, epochs, samples, nsPerFrame, looks: seen })
}

function lookAt(frames: number): Look {
  const { rss, heapUsed, external } = process.memoryUsage()
  return { frames, heldMb: (heapUsed + external) / 2 ** 20, residentMb: rss / 2 ** 20 }
}

type Counted = Pick<FramesReport, 'frames' | 'epochs' | 'samples' | 'nsPerFrame' | 'looks'>

function judged(counted: Counted): FramesReport {
  const { looks: seen, frames, samples, epochs } = counted
  const settled = seen.filter((look) => look.frames >= frames / 5)
  const growthMb = slopeOf(settled.map((look) => ({ x: look.frames / 1e7, y: look.heldMb })))
  const overAllMb = (growthMb * frames * 0.8) / 1e7
  const complaints = [
    ...(overAllMb > growthMaxMb ? [`grew by ${overAllMb.toFixed(1)} MB over the last four fifths`] : []),
    ...(samples === epochs ? [] : [`${samples} Samples of ${epochs} epochs`]),
  ]
  return {
    ...counted,
    growthMb,
    worstRssMb: Math.max(...seen.map(({ residentMb }) => residentMb)),
    complaints,
  }
}

/** Seconds of a bus in pieces of a read each. */
function writtenSeconds(seed: number): readonly (readonly Uint8Array[])[] {
  const chance = seeded(seed)
  const slot = { state: 'driving', card: true } as const
  const rest = { state: 'rest', card: false } as const
  return Array.from({ length: variants }, () => {
    let text = ''
    for (let frame = 0; frame < framesPerSecond; frame++) {
      const speedKmh = 60 + chance() * 40
      const told = { speedKmh, brake: chance() < 0.1, clutch: false, parkingBrake: false }
      const turn = frame % 3
      if (turn === 0) text += frameLine(ccvs1(told))
      else if (turn === 1) text += frameLine(eec1({ rpm: 1000 + chance() * 900, torquePct: 30 }))
      else text += frameLine(tco1({ speedKmh, slot1: slot, slot2: rest }))
      if (frame % 185 === 7) text += groupFrames(driverIds('H430-10571', null)).map(frameLine).join('')
      // What nobody reads, what is damaged, what an adapter says besides.
      if (frame % 370 === 9) text += `T1CFFFE178${'00'.repeat(8)}\rT18FEF1\r\u0007z\r`
    }
    return pieces(Buffer.from(text, 'latin1'), chance)
  })
}

function pieces(bytes: Uint8Array, chance: () => number): Uint8Array[] {
  const cut: Uint8Array[] = []
  for (let at = 0; at < bytes.length; ) {
    const length = 1 + Math.floor(chance() * 2000)
    cut.push(Uint8Array.from(bytes.subarray(at, at + length)))
    at += length
  }
  return cut
}

function epochBytes(atMs: number, epoch: number): Uint8Array {
  // To and fro on ten kilometres, so that neither place nor odometer runs out of the world.
  const metres = Math.abs(((epoch * 2.2) % 20_000) - 10_000)
  const place = { lat: 28 + metres / 111_000, lon: 113, speedKmh: 80 }
  return Buffer.from(rmcSentence({ atMs, ...place }) + other(epoch), 'latin1')
}

const other = (epoch: number): string =>
  epoch % 10 === 0 ? sentence('GNGSA,A,3,02,05,12,15,18,24,25,29,,,,,1.2,0.7,1.0,1') : ''
