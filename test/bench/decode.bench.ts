import { parseNmeaSentence } from 'nmea-simple'
import { canLine, gnssLine, type Line } from '../../device/decoders/index.ts'

/** One comparison or one measure, medians of interleaved rounds in one process. */
export type BenchResult = {
  readonly name: string
  readonly ours: number
  /** Null where nobody else does the same. */
  readonly theirs: number | null
  /** How many times quicker we are. */
  readonly ratio: number | null
  readonly unit: string
}

/** Enough that the median stands still on a machine that does other things too. */
const rounds = 201
const serialReadBytes = 512

/** A second of a usual receiver at one hertz: the shares of sentence types are those of the recordings we know. */
function secondOf(second: number): string[] {
  const time = `${String(second % 24).padStart(2, '0')}3012.000`
  const minutes = `22${String(second % 60).padStart(2, '0')}.87140`
  return [
    `GNRMC,${time},A,${minutes},N,11357.22414,E,45.69,171.74,240419,,,A`,
    `GNVTG,171.74,T,,M,45.69,N,84.62,K,A`,
    `GNGGA,${time},${minutes},N,11357.22414,E,1,12,0.86,48.2,M,-2.1,M,,`,
    'GPGSA,A,3,13,12,22,19,08,21,05,,,,,,1.45,0.86,1.17',
    'BDGSA,A,3,01,03,06,08,10,13,16,,,,,,1.45,0.86,1.17',
    'GPGSV,3,1,11,05,28,310,38,08,14,048,33,12,61,340,42,13,35,222,39',
    'GPGSV,3,2,11,15,46,187,41,19,20,145,35,21,09,093,30,22,04,060,',
    'GPGSV,3,3,11,25,72,012,44,26,02,180,,29,11,271,31',
    'BDGSV,2,1,08,01,48,122,37,03,57,185,40,06,60,330,41,08,31,200,36',
    'BDGSV,2,2,08,10,44,310,38,13,52,012,40,16,62,325,41,18,08,080,',
    `GNGLL,${minutes},N,11357.22414,E,${time},A,A`,
  ].map(seal)
}

function seal(body: string): string {
  let sum = 0
  for (let i = 0; i < body.length; i++) sum ^= body.charCodeAt(i)
  return `$${body}*${sum.toString(16).toUpperCase().padStart(2, '0')}`
}

/** The groups a truck sends most, at the rates of the standard: 1 vehicle speed, 5 engine speed, 2 tachograph, and so on. */
const frames = [
  'T0CF004008207D87481400F087',
  'T0CF004008207D87491400F087',
  'T18FEF1008F70050FFFFFFFFFF',
  'T0CFE6CEE853D1F0C000000050',
  'T0CF004008207D87481500F087',
  'T0CF003008FFFA64FFFFFFFFFF',
  'T18F0010B8C47DFFFFFFFDFFFF',
  'T0CF004008207D87481600F087',
  'T18FEBF0B800500000FFFFFFFF',
  'T0CFE6CEE853D1F0C000000150',
  'T0CF004008207D87481700F087',
  'T18FEF2008900100080004C8FF',
]

export async function decodeBench(): Promise<readonly BenchResult[]> {
  return [nmeaAgainstSimple(), slcanFrames()]
}

function nmeaAgainstSimple(): BenchResult {
  const lines = Array.from({ length: 200 }, (_, second) => secondOf(second)).flat()
  const chunks = chunksOf(`${lines.join('\r\n')}\r\n`)
  const ours: number[] = []
  const theirs: number[] = []
  for (let round = 0; round < rounds; round++) {
    ours.push(nsEach(lines.length, () => feed(gnssLine, chunks, lines.length)))
    theirs.push(nsEach(lines.length, () => lines.forEach((line) => void parseNmeaSentence(line))))
  }
  const [mine, other] = [median(ours), median(theirs)]
  return {
    name: 'NMEA line against nmea-simple',
    ours: mine,
    theirs: other,
    ratio: other / mine,
    unit: 'ns/line',
  }
}

function slcanFrames(): BenchResult {
  const repeats = 500
  const chunks = chunksOf(`${frames.join('\r')}\r`.repeat(repeats))
  const count = frames.length * repeats
  const ours = Array.from({ length: rounds }, () =>
    nsEach(count, () => feed(canLine('slcan'), chunks, count)),
  )
  return { name: 'SLCAN frame with J1939', ours: median(ours), theirs: null, ratio: null, unit: 'ns/frame' }
}

function chunksOf(text: string): Uint8Array[] {
  const bytes = Buffer.from(text, 'latin1')
  const chunks: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += serialReadBytes)
    chunks.push(bytes.subarray(at, at + serialReadBytes))
  return chunks
}

/** Reads everything and makes sure that it was read: a bench of a decoder that drops its input would be quick. */
function feed<State, Message>(
  line: Line<State, Message>,
  chunks: readonly Uint8Array[],
  expected: number,
): void {
  let state = line.initial
  let good = 0
  for (const chunk of chunks) {
    const step = line.step(state, chunk, 0)
    state = step.state
    good += step.frames
  }
  if (good !== expected) throw new Error(`${good} of ${expected} were read`)
}

function nsEach(count: number, run: () => void): number {
  const start = process.hrtime.bigint()
  run()
  return Number(process.hrtime.bigint() - start) / count
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!
}
