import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { detectors } from '../../device/detectors/index.ts'
import { makeFolders } from '../../device/make-folder.ts'
import { rules } from '../../gateway/rules/index.ts'
import { BadInput } from '../../proto/problem.ts'
import { isoUtc } from '../../proto/time.ts'
import { createCapsules } from '../replay/capsules.ts'
import { createEngine, type Seen } from '../replay/engine.ts'
import { headBytes, type Trip } from '../replay/open-trip.ts'
import { createWatch } from '../replay/watch.ts'
import { tapeBlocks } from '../tapes/write.ts'
import { badUsage, ndjsonOut, openInput, parseCommand, peek, resolvePath, runTool, tell } from './io.ts'
import {
  checkTripValues,
  documentsReader,
  type OpenedTrip,
  openNamedTrip,
  tripOptions,
  tripUsage,
} from './trip-options.ts'

/** `npm run -s replay -- TRIP ...`: a recorded trip through the code of terminal and gateway (design 10). */
const usage = `npm run -s replay -- TRIP ${tripUsage} [--watch [--speed N|max]] [--capsules DIR [--at INSTANT]]; a folder of trips under two policies: replay -- DIR --policy NEW.json --against OLD.json [--html OUT.html] [--state FILE]`

const text = { type: 'string' } as const
const options = {
  ...tripOptions,
  watch: { type: 'boolean', default: false },
  speed: text,
  capsules: text,
  at: text,
} as const

/** A minute of the road in a second of the person's, when nothing else is said. */
const watchSpeed = 60

type Values = ReturnType<typeof parseCommand<typeof options>>['values']

const wantsComparison = process.argv.slice(2).some((word) => /^--against(?:=|$)/.test(word))

await runTool(async () => {
  if (wantsComparison) return (await import('./what-if.ts')).whatIf(process.argv.slice(2))
  const { values, positionals } = parseCommand(process.argv.slice(2), options, usage)
  const [file, ...more] = positionals
  if (file === undefined || more.length > 0) throw badUsage(usage)
  checkValues(values)
  const { trip, read } = await tripOf(file, values)
  const out = ndjsonOut()
  const watch = values.watch ? createWatch(watchDeps(values.speed)) : null
  const capsules = values.capsules === undefined ? null : capsulesOf(file, trip, values.capsules, values.at)
  // A person who watches on the screen that stdout is needs no second account of the same findings.
  const silent = watch !== null && process.stdout.isTTY === true
  const engine = createEngine({
    documents: trip.documents,
    detectors,
    rules,
    ...trip.deps,
    print: (line) => {
      if (!silent) out.write(line)
      if (watch !== null) void out.flush()
      watch?.printed(line)
      capsules?.printed(line)
    },
    ...(watch === null && capsules === null
      ? {}
      : {
          seen: (seen) => {
            watch?.seen(seen)
            capsules?.seen(seen)
          },
        }),
  })
  await trip.fold(engine, capsules ?? {})
  const summary = engine.end()
  capsules?.end()
  watch?.end()
  if (summary.samples > 0) capsules?.refuseNone()
  read(summary)
  if (!silent) out.write(summary)
  await out.flush()
})

function checkValues(values: Values): void {
  const { watch, speed, capsules, at } = values
  checkTripValues(values, usage)
  if (speed !== undefined && !watch) throw badUsage(usage, '--speed belongs to --watch')
  if (at !== undefined && capsules === undefined) throw badUsage(usage, '--at belongs to --capsules')
  if (at !== undefined && Number.isNaN(Date.parse(at))) throw badUsage(usage, `--at ${at}: an ISO instant`)
}

async function tripOf(file: string, values: Values): Promise<OpenedTrip> {
  const documents = await documentsReader(values)
  const input = await openInput(file, 'name a trip in it, or two policies with --policy and --against')
  return openNamedTrip(await peek(input, headBytes), values, documents)
}

function watchDeps(speed: string | undefined): Parameters<typeof createWatch>[0] {
  const factor = speed === undefined ? watchSpeed : speed === 'max' ? Number.POSITIVE_INFINITY : Number(speed)
  if (!(factor > 0)) throw badUsage(usage, `--speed ${speed}: a number above 0, or max`)
  const still = new Int32Array(new SharedArrayBuffer(4))
  return {
    write: (words) => process.stderr.write(words),
    isTerminal: process.stderr.isTTY === true,
    columns: process.stderr.columns ?? 80,
    speed: factor,
    sleep: (ms) => Atomics.wait(still, 0, 0, ms),
    nowMs: () => performance.now(),
  }
}

/** One capsule for each finding that starts, or only for those decided around an instant. */
function capsulesOf(file: string, { tape }: Trip, folder: string, at: string | undefined) {
  if (tape === null)
    throw new BadInput(`${file}: --capsules: capsules are cut out of a tape; record with --record or --tape`)
  const path = resolvePath(folder)
  makeFolder(path, folder)
  let count = 0
  let span: { readonly fromMs: number; readonly untilMs: number } | null = null
  const aroundMs = 30_000
  const capsules = createCapsules({
    ...tape,
    wanted: ({ phase, decidedAt }) =>
      at === undefined
        ? phase === 'started'
        : Math.abs(Date.parse(decidedAt) - Date.parse(at)) <= aroundMs && phase === 'started',
    done: (capsule, line) => {
      const name = `${String(++count).padStart(3, '0')}-${line.kind}-${line.decidedAt.replaceAll(/[-:.]/g, '')}.rwtape`
      writeFileSync(join(path, name), Buffer.concat([...tapeBlocks(capsule.header, capsule.records)]))
      tell(`${join(folder, name)}: ${line.at} ${line.kind}, ${capsule.records.length} records`)
    },
  } satisfies Parameters<typeof createCapsules>[0])
  return {
    ...capsules,
    seen: ({ sample: { atMs } }: Seen): void => {
      span = { fromMs: span?.fromMs ?? atMs, untilMs: atMs }
    },
    /** Whoever names an instant expects what was decided there. */
    refuseNone: (): void => {
      if (at === undefined || count > 0 || span === null) return
      const { fromMs, untilMs } = span
      throw new BadInput(
        `${file}: --at ${at}: nothing was decided within 30 s of it; the tape covers ${isoUtc(fromMs)} to ${isoUtc(untilMs)}`,
      )
    },
  }
}

function makeFolder(path: string, name: string): void {
  try {
    makeFolders(path)
  } catch (error) {
    throw new BadInput(
      `${name}: cannot be made (${(error as NodeJS.ErrnoException).code}); name a folder you may write`,
    )
  }
}
