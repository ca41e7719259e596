import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { parseSync } from 'oxc-parser'
import { describe, expect, it } from 'vitest'

/**
 * The law of the house. Purity is the passport: any file may import a pure shelf; a pure shelf imports only
 * `proto` and itself; everything else stays inside its own top-level folder; `sim` and `test` may see all;
 * nothing that ships imports either. Failures read as sentences.
 */

const root = resolve(import.meta.dirname, '..')
const tops = ['device', 'gateway', 'proto', 'sim', 'test'] as const
const shelves = ['proto', 'device/decoders', 'device/detectors', 'gateway/rules']
/** Private pure code: not importable from everywhere, but bound by the same abstinence. */
const pure = [
  ...shelves,
  'device/signals',
  'gateway/alerts/alert.ts',
  'gateway/alerts/case.ts',
  'gateway/alerts/case-table.ts',
  'gateway/alerts/result-809.ts',
  'gateway/desk/escalation.ts',
  'gateway/desk/notice.ts',
  'gateway/desk/quiet.ts',
  'gateway/fold',
  'gateway/tonight',
]

/** Exactly these files may import the package. */
const doors: { readonly [name: string]: readonly string[] } = {
  serialport: ['device/ports/serial.ts'],
  mqtt: ['device/link/mqtt.ts', 'sim/', 'test/'],
  aedes: ['gateway/broker.ts', 'test/'],
  protobufjs: ['proto/generated/'],
  'robust-predicates': ['proto/geo/polygon.ts'],
  pino: ['device/log.ts', 'gateway/log.ts'],
  fastify: ['gateway/api/server.ts'],
  'node:sqlite': ['device/outbox/', 'gateway/journal/', 'gateway/console/tiles.ts', 'test/', 'sim/'],
}
/** Packages a shelf may use at all, and Node modules that are pure functions. */
const shelfPackages = ['zod', 'robust-predicates', 'node:assert/strict']
const shelfExceptions: { readonly [file: string]: readonly string[] } = {
  'proto/canonical.ts': ['node:crypto'],
}

const banned: readonly (readonly [RegExp, string])[] = [
  [/\bDate\.now\b/, 'asks the clock'],
  [/\bnew Date\(\s*\)/, 'asks the clock'],
  [/\bperformance\.now\b/, 'asks the clock'],
  [/\bMath\.random\b/, 'asks chance'],
  [/\bset(Timeout|Interval|Immediate)\b/, 'uses a timer'],
  [/\bprocess\./, 'looks at the process'],
  [/\bconsole\./, 'writes to the console'],
]

const functionLinesMax = 70

type Source = {
  readonly path: string
  readonly text: string
  readonly imports: readonly string[]
  readonly code: string
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    if (statSync(path).isDirectory())
      return name === 'generated' || name === 'node_modules' ? [] : filesBelow(path)
    return name.endsWith('.ts') ? [path] : []
  })
}

function read(path: string): Source {
  const text = readFileSync(path, 'utf8')
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`])\/\/.*$/gm, '$1')
  const { module } = parseSync(path, text)
  const dynamic = module.dynamicImports.map(({ moduleRequest: { start, end } }) =>
    text.slice(start + 1, end - 1),
  )
  const reexported = module.staticExports.flatMap(({ entries }) =>
    entries.map(({ moduleRequest }) => moduleRequest?.value ?? ''),
  )
  const imports = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...reexported.filter((name) => name !== ''),
    ...dynamic,
  ]
  return { path: relative(root, path), text, imports, code }
}

const sources = tops.flatMap((top) => filesBelow(join(root, top))).map(read)
const under = (path: string, place: string): boolean =>
  path === place || path.startsWith(place.endsWith('/') || place.endsWith('.ts') ? place : `${place}/`)
const topOf = (path: string): string => path.split('/')[0] ?? ''
const shelfOf = (path: string): string | undefined => shelves.find((shelf) => under(path, shelf))

/** The file an import names, as a path from the root; null for a package. */
const target = ({ path }: Source, name: string): string | null =>
  name.startsWith('.') ? relative(root, resolve(root, dirname(path), name)) : null

const packageOf = (name: string): string =>
  name.startsWith('node:')
    ? name
    : name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/')

function trespass(source: Source, to: string): string | null {
  const from = topOf(source.path)
  const shelf = shelfOf(source.path)
  const sentence = `${source.path} may not import ${to}`
  if (shelf !== undefined) return under(to, shelf) || under(to, 'proto') ? null : sentence
  if (from === 'test') return null
  if (from === 'sim') {
    if (topOf(to) === 'test') return sentence
    return under(source.path, 'sim/hardware') && under(to, 'device/decoders') ? sentence : null
  }
  if (shelfOf(to) !== undefined) return null
  return topOf(to) === from ? null : sentence
}

describe('the house', () => {
  it('keeps every import inside the passport law', () => {
    const trespasses = sources.flatMap((source) =>
      source.imports.flatMap((name) => {
        const to = target(source, name)
        return to === null ? [] : (trespass(source, to) ?? [])
      }),
    )
    expect(trespasses).toEqual([])
  })

  it('has one door per package', () => {
    const breakIns = sources.flatMap((source) =>
      source.imports.flatMap((name) => {
        const allowed = doors[packageOf(name)]
        if (name.startsWith('.') || allowed === undefined || allowed.some((door) => under(source.path, door)))
          return []
        return [`${source.path} may not import ${name}: its door is ${allowed.join(', ')}`]
      }),
    )
    expect(breakIns).toEqual([])
  })

  it('lets no shelf use a package that is not pure', () => {
    const guests = sources.flatMap((source) => {
      if (shelfOf(source.path) === undefined) return []
      const allowed = [...shelfPackages, ...(shelfExceptions[source.path] ?? [])]
      return source.imports
        .filter(
          (name) => !name.startsWith('.') && !allowed.includes(packageOf(name)) && !allowed.includes(name),
        )
        .map((name) => `${source.path} may not import ${name}: a shelf is pure`)
    })
    expect(guests).toEqual([])
  })

  it('lets nobody pure ask for time, chance or the world', () => {
    const asking = sources.flatMap((source) => {
      if (!pure.some((place) => under(source.path, place))) return []
      return banned
        .filter(([pattern]) => pattern.test(source.code))
        .map(([, what]) => `${source.path} ${what}`)
    })
    expect(asking).toEqual([])
  })

  it(`has no function of more than ${functionLinesMax} lines of its own`, () => {
    expect(sources.flatMap(longFunctions)).toEqual([])
  })

  it('has a README with one title in every top-level folder', () => {
    for (const top of ['.', ...tops]) {
      const text = readFileSync(join(root, top, 'README.md'), 'utf8')
      const titles = text.replace(/```[\s\S]*?```/g, '').match(/^# .+$/gm) ?? []
      expect(titles, `${top}/README.md`).toHaveLength(1)
    }
  })

  it('speaks of itself alone: no path of a machine, no leftover', () => {
    const leftovers = sources.flatMap(({ path, text }) => {
      if (path === 'test/architecture.test.ts') return []
      return (text.match(/\/(?:work|root|home)\/\w+|\b(?:TODO|FIXME|XXX|HACK)\b/g) ?? []).map(
        (word) => `${path}: ${word}`,
      )
    })
    expect(leftovers).toEqual([])
  })
})

type Node = { type: string; start: number; end: number; [key: string]: unknown }

/** Functions whose own lines, those of the functions inside them not counted, are too many. */
function longFunctions({ path, text }: Source): string[] {
  const long: string[] = []
  const lineAt = lineFinder(text)
  const isFunction = (type: string): boolean =>
    /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(type)
  const linesOf = (node: Node): number => lineAt(node.end) - lineAt(node.start) + 1
  /** Walks a node; answers how many lines of functions it holds. */
  const walk = (value: unknown): number => {
    if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + walk(item), 0)
    if (typeof value !== 'object' || value === null) return 0
    const inner = Object.values(value).reduce((sum: number, item) => sum + walk(item), 0)
    const node = value as Node
    if (typeof node.type !== 'string' || !isFunction(node.type)) return inner
    const own = linesOf(node) - inner
    // Test suites are lists of tests: what counts is the length of each test.
    if (
      own > functionLinesMax &&
      !/\bdescribe\b/.test(text.slice(Math.max(0, node.start - 120), node.start))
    ) {
      long.push(`${path}:${lineAt(node.start)} has ${own} lines in one function`)
    }
    return linesOf(node)
  }
  walk(parseSync(path, text).program)
  return long
}

function lineFinder(text: string): (offset: number) => number {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)]
  return (offset) => {
    let low = 0
    let high = starts.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (starts[middle]! <= offset) low = middle + 1
      else high = middle
    }
    return low
  }
}
