import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { seeded } from '../device/decoders/help.ts'
import { mutantsOf } from './mutants.ts'
import type { Asked, Attempt, Order, Survey, Verdict } from './mutation-worker.ts'
import type { Fault } from './schemata.ts'
import { type Judged, placeOf, report } from './survivors.ts'

/**
 * `node test/prove/mutation.ts --shelf decoders|detectors|rules|helpers [--files GLOB] [--share 0.2] [--seed S]
 * [--workers N] [--slowest MS] [--budget MS]`: one small fault at a time, and the tests that come by it, quickest
 * first, until one fails. A fault that no test notices is printed with its place, unless `survivors.json` says why it
 * changes nothing.
 */
const root = resolve(import.meta.dirname, '../..')

type Shelf = { readonly files: readonly string[]; readonly tests: readonly string[] }

const shelves: { readonly [name: string]: Shelf } = {
  decoders: {
    files: ['device/decoders/**/*.ts'],
    tests: [
      'test/device/decoders/**/*.test.ts',
      'test/prove/decoders.test.ts',
      'test/device/signals/*.test.ts',
    ],
  },
  detectors: {
    files: ['device/detectors/**/*.ts'],
    tests: [
      'test/device/detectors/**/*.test.ts',
      'test/road-cases.test.ts',
      'test/clock-corrections.test.ts',
    ],
  },
  rules: {
    files: ['gateway/rules/**/*.ts'],
    tests: ['test/gateway/rules/**/*.test.ts', 'test/road-cases.test.ts', 'test/clock-corrections.test.ts'],
  },
  helpers: {
    files: [
      'proto/geo/*.ts',
      'proto/{limits,temporary,safe-stops,dead-reckoning,clocks,time,detector,finding,round}.ts',
    ],
    tests: [
      'test/proto/**/*.test.ts',
      'test/device/detectors/*.test.ts',
      'test/gateway/rules/*.test.ts',
      'test/road-cases.test.ts',
      'test/clock-corrections.test.ts',
    ],
  },
}

const filesOf = (patterns: readonly string[]): string[] =>
  [...new Set(patterns.flatMap((pattern) => globSync(pattern, { cwd: root })))].toSorted()

function faultsOf(files: readonly string[]): Fault[] {
  return files
    .flatMap((file) =>
      mutantsOf(file, readFileSync(join(root, file), 'utf8')).map((mutant) => ({ ...mutant, file })),
    )
    .map((mutant, n) => ({ ...mutant, id: n + 1, place: n + 1 }))
    .map((fault, n, all) => ({ ...fault, place: firstHere(all, n).id }))
}

/** Faults of one place follow each other where they stand, or nearly: the first of them stands for the place. */
function firstHere(all: readonly Fault[], n: number): Fault {
  const { file, start, end } = all[n] as Fault
  return all.find((one) => one.file === file && one.start === start && one.end === end) as Fault
}

/** The same share of every file, drawn by the seed. */
function sample(faults: readonly Fault[], share: number, seed: number): Fault[] {
  const chance = seeded(seed)
  return [...Map.groupBy(faults, ({ file }) => file).values()].flatMap((ofFile) =>
    ofFile
      .map((fault) => ({ fault, order: chance() }))
      .toSorted((a, b) => a.order - b.order)
      .slice(0, Math.ceil(ofFile.length * share))
      .map(({ fault }) => fault),
  )
}

/** A process that answers one order at a time; one that dies or stays silent is replaced. */
class Worker {
  readonly #faults: readonly Fault[]
  #child: ChildProcess | null = null

  constructor(faults: readonly Fault[]) {
    this.#faults = faults
  }

  async ask<Answer>(order: Order, limitMs: number): Promise<Answer | null> {
    const child = this.#started()
    const ended = new AbortController()
    const timer = setTimeout(() => child.kill('SIGKILL'), limitMs)
    try {
      child.send(order)
      const answer = await Promise.race([
        once(child, 'message', { signal: ended.signal }).then(([message]) => message as Answer),
        once(child, 'exit', { signal: ended.signal }).then(() => null),
      ])
      if (answer === null) this.#child = null
      return answer
    } finally {
      clearTimeout(timer)
      ended.abort()
    }
  }

  end(): void {
    this.#child?.kill()
  }

  #started(): ChildProcess {
    if (this.#child !== null) return this.#child
    const options = {
      serialization: 'advanced',
      execArgv: ['--max-old-space-size=3000'],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    } as const
    const child = fork(join(import.meta.dirname, 'mutation-worker.ts'), {
      ...options,
      stdio: [...options.stdio],
      execArgv: [...options.execArgv],
      cwd: root,
    })
    child.send({ do: 'open', root, faults: this.#faults } satisfies Order)
    this.#child = child
    return child
  }
}

/** Every worker takes the next piece of work when it is free. */
async function shared<Work>(
  workers: readonly Worker[],
  all: readonly Work[],
  step: (worker: Worker, work: Work) => Promise<void>,
): Promise<void> {
  const left = all.values()
  await Promise.all(
    workers.map(async (worker) => {
      for (const work of left) await step(worker, work)
    }),
  )
}

async function surveyed(workers: readonly Worker[], tests: readonly string[]): Promise<Survey[]> {
  const surveys: Survey[] = []
  await shared(workers, tests, async (worker, file) => {
    const survey = await worker.ask<Survey>({ do: 'survey', file }, 300_000)
    if (survey?.complaint !== null) process.stderr.write(`${file}: ${survey?.complaint ?? 'no answer'}\n`)
    if (survey !== null) surveys.push(survey)
  })
  return surveys.toSorted((a, b) => a.file.localeCompare(b.file))
}

/** Per fault the tests that come by it, quickest first, and the files that meet it while they load. */
class Plan {
  readonly #surveys: readonly Survey[]
  readonly #asked = new Map<number, Timed[]>()
  readonly #loading = new Map<number, Set<string>>()
  readonly #budgetMs: number

  constructor(surveys: readonly Survey[], slowestMs: number, budgetMs: number) {
    this.#budgetMs = budgetMs
    this.#surveys = surveys.map(({ tests, ...survey }) => ({
      ...survey,
      tests: tests.map((test) => ({ ...test, ok: test.ok && test.ms <= slowestMs })),
    }))
    for (const { file, tests, reached } of this.#surveys) {
      for (const id of reached) entry(this.#loading, id, () => new Set()).add(file)
      for (const [test, { ok, ms, reached: ids }] of tests.entries())
        if (ok) for (const id of ids) entry(this.#asked, id, () => []).push(timed(file, test, ms))
    }
    for (const all of this.#asked.values()) all.sort((a, b) => a.ms - b.ms)
  }

  attempt({ id, place, file: faulty }: Fault): Attempt {
    const asked = this.#asked.get(place) ?? []
    const loading = this.#loading.get(place) ?? new Set()
    const warm = Map.groupBy(asked, ({ file }) => file)
    const anew = this.#surveys
      .filter(({ file }) => loading.has(file) || warm.has(file))
      .filter(({ loadMs }) => loadMs <= slowMs || asked.length === 0)
      .map(({ file, loadMs, tests }) => {
        const wanted = loading.has(file) ? allOf(file, tests) : (warm.get(file) ?? [])
        const ms = loadMs + wanted.reduce((sum, one) => sum + one.ms, 0)
        return { file, tests: wanted, loadLimitMs: limitOf(loadMs), ms }
      })
    const nearestFirst = anew.toSorted(
      (a, b) => nearness(b.file, faulty) - nearness(a.file, faulty) || a.ms - b.ms,
    )
    return { id, asked: affordable(asked, this.#budgetMs), anew: affordable(nearestFirst, this.#budgetMs) }
  }
}

/** How many folders a test has in common with a file: its own tests are asked first. */
function nearness(test: string, file: string): number {
  const folders = file.split('/').slice(0, -1)
  return test
    .split('/')
    .slice(1, -1)
    .filter((folder, n) => folder === folders[n]).length
}

/** So many milliseconds of a processor a fault is worth: what the quickest tests have not noticed by then survives. */
function affordable<One extends { readonly ms: number }>(all: readonly One[], worthMs: number): One[] {
  let sumMs = 0
  return all.filter(({ ms }, n) => {
    sumMs += ms
    return n === 0 || sumMs <= worthMs
  })
}

/** A test as slow as this is not asked a second time. */
const slowMs = 300

type Timed = Asked & { readonly ms: number }

const limitOf = (ms: number): number => Math.ceil(2_000 + ms * 10)
const timed = (file: string, test: number, ms: number): Timed => ({ file, test, ms, limitMs: limitOf(ms) })

const allOf = (file: string, tests: Survey['tests']): Timed[] =>
  tests.flatMap(({ ok, ms }, test) => (ok ? [timed(file, test, ms)] : [])).toSorted((a, b) => a.ms - b.ms)

function entry<Value>(map: Map<number, Value>, id: number, empty: () => Value): Value {
  const known = map.get(id)
  if (known !== undefined) return known
  const value = empty()
  map.set(id, value)
  return value
}

async function judged(workers: readonly Worker[], chosen: readonly Fault[], plan: Plan): Promise<Judged[]> {
  const all: Judged[] = []
  const beganMs = performance.now()
  await shared(workers, chosen, async (worker, fault) => {
    const attempt = plan.attempt(fault)
    const limitMs = 60_000 + attempt.anew.reduce((sum, { ms }) => sum + ms * 20, 0)
    const answer = await worker.ask<Verdict>({ do: 'try', ...attempt }, limitMs)
    const unmet = attempt.asked.length + attempt.anew.length === 0
    const verdict = unmet ? 'unmet' : (answer?.verdict ?? 'timeout')
    if (verdict === 'unmet' || verdict === 'survived')
      process.stderr.write(`${verdict}  ${placeOf(root, fault)}\n`)
    all.push({ fault, verdict })
    if (all.length % 50 === 0)
      process.stderr.write(`${all.length} of ${chosen.length}, ${perMinute(all.length, beganMs)} a minute\n`)
  })
  return all
}

const perMinute = (count: number, beganMs: number): number =>
  Math.round(count / ((performance.now() - beganMs) / 60_000))

const options = {
  shelf: { type: 'string' },
  files: { type: 'string' },
  share: { type: 'string' },
  seed: { type: 'string' },
  workers: { type: 'string' },
  slowest: { type: 'string' },
  budget: { type: 'string' },
} as const

async function main(): Promise<void> {
  const { values } = parseArgs({ options })
  const shelf = shelves[values.shelf ?? '']
  if (shelf === undefined)
    throw new Error(
      `usage: node test/prove/mutation.ts --shelf ${Object.keys(shelves).join('|')} [--files GLOB]`,
    )
  const files = filesOf(values.files?.split(',') ?? shelf.files)
  const faults = faultsOf(files)
  const share = Number(values.share ?? 1)
  const chosen = sample(faults, share, Number(values.seed ?? 1))
  process.stdout.write(`${files.length} files, ${faults.length} possible faults, ${chosen.length} tried\n`)
  const workers = Array.from({ length: Number(values.workers ?? 2) }, () => new Worker(faults))
  try {
    const surveys = await surveyed(workers, filesOf(shelf.tests))
    const plan = new Plan(surveys, Number(values.slowest ?? 1_500), Number(values.budget ?? 3_000))
    process.stdout.write(report(root, await judged(workers, chosen, plan), faults.length))
  } finally {
    for (const worker of workers) worker.end()
  }
}

await main()
