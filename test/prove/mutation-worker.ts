import { Script } from 'node:vm'
import fc from 'fast-check'
import { FaultyHouse } from './faulty-house.ts'
import type { Fault } from './schemata.ts'
import type { Test } from './test-registry.ts'

/** One warm process that tries faults: started by `mutation.ts`, told by messages what to try. */

export type Order =
  | { readonly do: 'open'; readonly root: string; readonly faults: readonly Fault[] }
  | { readonly do: 'survey'; readonly file: string }
  | ({ readonly do: 'try' } & Attempt)

/** Which tests are asked about a fault, first on warm modules, then on modules that load with the fault on. */
export type Attempt = {
  readonly id: number
  readonly asked: readonly Asked[]
  readonly anew: readonly {
    readonly file: string
    readonly tests: readonly Asked[]
    readonly loadLimitMs: number
    readonly ms: number
  }[]
}
export type Asked = { readonly file: string; readonly test: number; readonly limitMs: number }

export type SurveyedTest = { readonly ms: number; readonly ok: boolean; readonly reached: Uint16Array }
export type Survey = {
  readonly file: string
  readonly loadMs: number
  readonly reached: Uint16Array
  readonly tests: readonly SurveyedTest[]
  readonly complaint: string | null
}
export type Verdict = {
  readonly id: number
  readonly verdict: 'killed' | 'timeout' | 'survived'
  readonly by: string | null
}

let house = new FaultyHouse('', [])
const warm = new Map<string, readonly Test[]>()

async function open(root: string, faults: readonly Fault[]): Promise<void> {
  house = new FaultyHouse(root, faults)
  await house.prepare('test/help/seed.ts')
  house.load('test/help/seed.ts')
  // A property that failed needs no smallest example here.
  fc.configureGlobal({ ...fc.readConfigureGlobal(), endOnFailure: true })
}

type Outcome = 'ok' | 'failed' | 'late'

const caller = new Script('globalThis.$mutationRun()')

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

/** Late is what has used up its limit in processor time: on a busy machine the clock says nothing. */
async function outcomeOf(run: () => unknown, limitMs: number): Promise<Outcome> {
  for (let waitMs = limitMs * 8; ; waitMs *= 4) {
    const beganMs = cpuMs()
    const outcome = await outcomeWithin(run, waitMs)
    if (outcome !== 'late' || cpuMs() - beganMs > limitMs * 0.4 || waitMs > limitMs * 50) return outcome
  }
}

/** Runs what may fail or never end; a loop without end is cut by the engine itself. */
async function outcomeWithin(run: () => unknown, limitMs: number): Promise<Outcome> {
  Object.assign(globalThis, { $mutationRun: run })
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>((done) => {
    timer = setTimeout(() => done('late'), limitMs)
  })
  try {
    const result: unknown = caller.runInThisContext({ timeout: limitMs })
    if (!(result instanceof Promise)) return 'ok'
    return (await Promise.race([result, late])) === 'late' ? 'late' : 'ok'
  } catch (error) {
    return (error as { code?: string }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT' ? 'late' : 'failed'
  } finally {
    clearTimeout(timer)
  }
}

const reachedNow = (): Uint16Array => {
  const ids: number[] = []
  for (const [id, hit] of house.faults.reached.entries()) if (hit === 1) ids.push(id)
  house.faults.reached.fill(0)
  return Uint16Array.from(ids)
}

/** A test that takes longer is asked about no fault. */
const surveyMs = 40_000

async function survey(file: string): Promise<Survey> {
  house.faults.reached.fill(0)
  const beganMs = cpuMs()
  try {
    await house.prepare(file)
    const tests = house.load(file)
    const loadMs = cpuMs() - beganMs
    const reached = reachedNow()
    const surveyed: SurveyedTest[] = []
    const failed: string[] = []
    for (const { name, run } of tests) {
      const startMs = cpuMs()
      const outcome = await outcomeWithin(run, surveyMs)
      if (outcome === 'failed') failed.push(name)
      surveyed.push({ ms: cpuMs() - startMs, ok: outcome === 'ok', reached: reachedNow() })
    }
    return {
      file,
      loadMs,
      reached,
      tests: surveyed,
      complaint: failed.length === 0 ? null : `fail without a fault: ${failed.join(', ')}`,
    }
  } catch (error) {
    return { file, loadMs: 0, reached: new Uint16Array(), tests: [], complaint: String(error) }
  }
}

async function warmTests(file: string): Promise<readonly Test[]> {
  const known = warm.get(file)
  if (known !== undefined) return known
  await house.prepare(file)
  const tests = house.load(file)
  warm.set(file, tests)
  return tests
}

/** A fault as seen by one test on modules that have run before: quick, but what ran before may have left something. */
async function askWarm(id: number, { file, test, limitMs }: Asked): Promise<Outcome> {
  const run = (await warmTests(file))[test]?.run ?? nothing
  house.faults.on = id
  const outcome = await outcomeOf(run, limitMs)
  house.faults.on = 0
  if (outcome === 'ok') return 'ok'
  const clean = outcome === 'failed' && (await outcomeOf(run, limitMs)) === 'ok'
  if (!clean) warm.delete(file)
  return clean || outcome === 'late' ? outcome : askAnew(id, file, [{ file, test, limitMs }], limitMs)
}

/** The same on modules that are loaded with the fault on: what it spoils while loading is spoiled as well. */
async function askAnew(id: number, file: string, asked: readonly Asked[], limitMs: number): Promise<Outcome> {
  await house.prepare(file)
  house.faults.on = id
  try {
    let tests: readonly Test[] = []
    const loading = await outcomeOf(() => {
      tests = house.load(file)
    }, limitMs)
    if (loading !== 'ok') return loading
    for (const one of asked) {
      const outcome = await outcomeOf(tests[one.test]?.run ?? nothing, one.limitMs)
      if (outcome !== 'ok') return outcome
    }
    return 'ok'
  } finally {
    house.faults.on = 0
  }
}

const nothing = (): void => {}

async function attempt({ id, asked, anew }: Attempt): Promise<Verdict> {
  for (const one of asked) {
    const outcome = await askWarm(id, one)
    if (outcome !== 'ok') return { id, verdict: verdictOf[outcome], by: one.file }
  }
  for (const { file, tests, loadLimitMs } of anew) {
    const outcome = await askAnew(id, file, tests, loadLimitMs)
    if (outcome !== 'ok') return { id, verdict: verdictOf[outcome], by: file }
  }
  return { id, verdict: 'survived', by: null }
}

const verdictOf = { failed: 'killed', late: 'timeout' } as const

async function answer(order: Order): Promise<void> {
  if (order.do === 'open') await open(order.root, order.faults)
  if (order.do === 'survey') process.send?.(await survey(order.file))
  if (order.do === 'try') process.send?.(await attempt(order))
}

let last: Promise<void> = Promise.resolve()
process.on('message', (order: Order) => {
  last = last.then(() => answer(order))
})
