import { spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { parseSync } from 'oxc-parser'
import { seeded } from '../device/decoders/help.ts'
import { type Mutant, mutantsOf } from './mutants.ts'

/**
 * `node test/prove/mutation.ts --files 'device/detectors/*.ts' [--max N] [--seed S] [--minutes M]`: puts one small fault at a
 * time into a copy of the house and runs the tests of that room which reach the file. A fault that no test notices survives
 * and is printed with its place. Nothing is changed in the house itself.
 */
const root = resolve(import.meta.dirname, '../..')

type Place = Mutant & { readonly file: string }
type Verdict = 'killed' | 'survived' | 'timeout'

function copyOfTheHouse(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mutation-'))
  const house = join(folder, 'house')
  mkdirSync(house)
  for (const name of readdirSync(root)) {
    if (name === 'node_modules') symlinkSync(join(root, name), join(house, name))
    else if (!name.startsWith('.')) cpSync(join(root, name), join(house, name), { recursive: true })
  }
  const shared = resolve(root, '../shared')
  if (existsSync(shared)) symlinkSync(shared, join(folder, 'shared'))
  return house
}

/** The files a file reaches by its imports, itself included. */
function reach(file: string, known: Map<string, Set<string>>): Set<string> {
  const before = known.get(file)
  if (before !== undefined) return before
  const reached = new Set([file])
  known.set(file, reached)
  for (const target of importsOf(file)) for (const each of reach(target, known)) reached.add(each)
  return reached
}

/** The files of the house that a file imports. */
function importsOf(file: string): string[] {
  const { module } = parseSync(file, readFileSync(join(root, file), 'utf8'))
  const names = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.map((entry) => entry.moduleRequest?.value ?? ''),
    ),
  ]
  return names
    .filter((name) => name.startsWith('.') && name.endsWith('.ts'))
    .map((name) => relative(root, resolve(root, dirname(file), name)))
    .filter((target) => existsSync(join(root, target)))
}

/** Unit tests in the mirror of the room, and the proofs of decoders, that reach the file. */
function testsOf(file: string, known: Map<string, Set<string>>): string[] {
  const room = file.split('/').slice(0, 2).join('/')
  const rooms = [
    `test/${room}/**/*.test.ts`,
    ...(room === 'device/decoders' ? ['test/prove/decoders.test.ts'] : []),
  ]
  return rooms
    .flatMap((pattern) => globSync(pattern, { cwd: root }))
    .filter((test) => reach(test, known).has(file))
    .toSorted()
}

function run(
  house: string,
  tests: readonly string[],
  limitMs: number,
): Promise<{ verdict: Verdict; ms: number }> {
  const beganMs = performance.now()
  const vitest = join(house, 'node_modules/vitest/vitest.mjs')
  const options = [
    'run',
    '--config',
    'test/vitest.config.ts',
    '--project',
    'unit',
    '--bail',
    '1',
    '--reporter',
    'dot',
  ]
  const child = spawn(process.execPath, [vitest, ...options, ...tests], {
    cwd: house,
    stdio: 'ignore',
    detached: true,
  })
  return new Promise((done) => {
    let late = false
    const timer = setTimeout(() => {
      late = true
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    }, limitMs)
    child.on('close', (code) => {
      clearTimeout(timer)
      done({
        verdict: late ? 'timeout' : code === 0 ? 'survived' : 'killed',
        ms: performance.now() - beganMs,
      })
    })
  })
}

function sample(places: readonly Place[], max: number, seed: number): Place[] {
  const chance = seeded(seed)
  return places
    .map((place) => ({ place, order: chance() }))
    .toSorted((a, b) => a.order - b.order)
    .slice(0, max)
    .map(({ place }) => place)
}

function where({ file, start, was, text }: Place): string {
  const line = readFileSync(join(root, file), 'utf8').slice(0, start).split('\n').length
  return `${file}:${line}  ${was.replaceAll(/\s+/g, ' ')}  ->  ${text.replaceAll(/\s+/g, ' ')}`
}

/** The tests that name the file, and those of its own folder, come first: what they notice, the others need not be asked. */
function nearFirst(file: string, tests: readonly string[]): readonly (readonly string[])[] {
  const folder = `test/${file.split('/').slice(0, 3).join('/')}/`
  const near = tests.filter((test) => importsOf(test).includes(file) || test.startsWith(folder))
  const far = tests.filter((test) => !near.includes(test))
  return [near, far].filter((group) => group.length > 0)
}

async function attempt(
  house: string,
  place: Place,
  tests: readonly string[],
  limitMs: number,
): Promise<Verdict> {
  const path = join(house, place.file)
  const source = readFileSync(path, 'utf8')
  writeFileSync(path, source.slice(0, place.start) + place.text + source.slice(place.end))
  try {
    for (const group of nearFirst(place.file, tests)) {
      const { verdict } = await run(house, group, limitMs)
      if (verdict !== 'survived') return verdict
    }
    return 'survived'
  } finally {
    writeFileSync(path, source)
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      files: { type: 'string' },
      max: { type: 'string' },
      seed: { type: 'string' },
      minutes: { type: 'string' },
    },
  })
  if (values.files === undefined)
    throw new Error("usage: node test/prove/mutation.ts --files 'device/detectors/**/*.ts'")
  const untilMs = performance.now() + Number(values.minutes ?? 60) * 60_000
  const files = values.files.split(',').flatMap((pattern) => globSync(pattern, { cwd: root }))
  const places = files.flatMap((file) =>
    mutantsOf(file, readFileSync(join(root, file), 'utf8')).map((mutant) => ({ ...mutant, file })),
  )
  const chosen = sample(places, Number(values.max ?? 200), Number(values.seed ?? 1))
  process.stdout.write(`${files.length} files, ${places.length} possible faults, ${chosen.length} tried\n`)
  const house = copyOfTheHouse()
  try {
    await tryAll(house, chosen, untilMs)
  } finally {
    rmSync(dirname(house), { recursive: true })
  }
}

async function tryAll(house: string, chosen: readonly Place[], untilMs: number): Promise<void> {
  const known = new Map<string, Set<string>>()
  /** How long the tests of a file take without a fault; null when they fail anyway. */
  const baselines = new Map<string, number | null>()
  const counts = { killed: 0, survived: 0, timeout: 0, untested: 0 }
  for (const place of chosen) {
    if (performance.now() > untilMs) {
      process.stdout.write('out of time\n')
      break
    }
    const tests = testsOf(place.file, known)
    const key = tests.join(' ')
    if (!baselines.has(key)) {
      const { verdict, ms } =
        tests.length === 0 ? { verdict: 'killed', ms: 0 } : await run(house, tests, 300_000)
      baselines.set(key, verdict === 'survived' ? ms : null)
    }
    const baselineMs = baselines.get(key) ?? null
    if (baselineMs === null) {
      counts.untested++
      process.stdout.write(`untested  ${where(place)}\n`)
      continue
    }
    const verdict = await attempt(house, place, tests, baselineMs * 3 + 20_000)
    counts[verdict]++
    if (verdict !== 'killed') process.stdout.write(`${verdict}  ${where(place)}\n`)
  }
  const tried = counts.killed + counts.timeout + counts.survived
  const share = tried === 0 ? 0 : ((counts.killed + counts.timeout) / tried) * 100
  process.stdout.write(`${JSON.stringify(counts)}  ${share.toFixed(1)} % noticed\n`)
}

await main()
