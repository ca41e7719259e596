import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Script } from 'node:vm'
import { transformSync } from 'esbuild'
import { type Fault, withAllFaults } from './schemata.ts'
import { type Test, testsBy, vitestNames } from './test-registry.ts'

/** The switch of the faults: which is on (0 for none), and which were come by. */
export type Switch = { on: number; reached: Uint8Array }

type Exports = { [name: string]: unknown }
type Require = (name: string) => unknown
type Wrapped = (
  exports: Exports,
  require: Require,
  module: { exports: Exports },
  place: { readonly url: string; readonly folder: string },
  faults: Switch,
) => void
type Module = { readonly run: Wrapped; readonly guests: readonly string[] }

/**
 * The house with its faults inside, compiled once and loadable anew as often as wanted: every load has modules of its
 * own, so that what one fault left behind is gone with it. Packages and Node's modules are the process's own.
 */
export class FaultyHouse {
  readonly faults: Switch
  readonly #root: string
  readonly #faultsOf: ReadonlyMap<string, readonly Fault[]>
  readonly #modules = new Map<string, Module>()
  readonly #guests = new Map<string, unknown>()

  constructor(root: string, faults: readonly Fault[]) {
    this.#root = root
    this.faults = { on: 0, reached: new Uint8Array(faults.length + 1) }
    this.#faultsOf = new Map(Map.groupBy(faults, ({ file }) => join(root, file)))
  }

  /** Packages are imported before, because a module of the house asks for them without waiting. */
  async prepare(file: string): Promise<void> {
    const seen = new Set<string>()
    const wanted = [join(this.#root, file)]
    for (let path = wanted.pop(); path !== undefined; path = wanted.pop()) {
      if (seen.has(path)) continue
      seen.add(path)
      for (const name of this.#moduleAt(path).guests) {
        if (name.startsWith('.')) wanted.push(resolve(dirname(path), name))
        else if (!this.#guests.has(name)) this.#guests.set(name, await guest(name))
      }
    }
  }

  /** The tests of a file, on modules of their own. */
  load(...files: readonly string[]): readonly Test[] {
    const loaded = new Map<string, { exports: Exports }>()
    return testsBy(() => {
      for (const file of files) this.#require(join(this.#root, file), loaded)
    })
  }

  #require(path: string, loaded: Map<string, { exports: Exports }>): Exports {
    const known = loaded.get(path)
    if (known !== undefined) return known.exports
    const module = { exports: {} }
    loaded.set(path, module)
    const folder = dirname(path)
    const require = (name: string): unknown =>
      name.startsWith('.') ? this.#require(resolve(folder, name), loaded) : this.#guests.get(name)
    const place = { url: pathToFileURL(path).href, folder }
    this.#moduleAt(path).run(module.exports, require, module, place, this.faults)
    return module.exports
  }

  #moduleAt(path: string): Module {
    const known = this.#modules.get(path)
    if (known !== undefined) return known
    const source = readFileSync(path, 'utf8')
    const faults = this.#faultsOf.get(path) ?? []
    const module = compiled(path, faults.length === 0 ? source : withAllFaults(source, faults))
    this.#modules.set(path, module)
    return module
  }
}

function compiled(path: string, source: string): Module {
  const { code } = transformSync(source, {
    loader: path.endsWith('.ts') ? 'ts' : 'js',
    format: 'cjs',
    target: 'node24',
    sourcefile: path,
    define: { 'import.meta.url': '$place.url', 'import.meta.dirname': '$place.folder' },
  })
  const wrapped = `(function (exports, require, module, $place, $h) {${code}\n})`
  const run = new Script(wrapped, { filename: path }).runInThisContext() as Wrapped
  const guests = [...code.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name]) => name ?? '')
  return { run, guests }
}

/** What `import` gives, in the dress in which compiled code asks for it. */
async function guest(name: string): Promise<unknown> {
  const names = (await import(name)) as object
  if (name === 'fast-check') return { __esModule: true, default: await hurriedFastCheck() }
  return { __esModule: true, ...names, ...(name === 'vitest' ? vitestNames : {}) }
}

/** What a property has not noticed in so many runs it is not asked for longer: fewer faults are noticed, never more. */
const runsMax = 40

async function hurriedFastCheck(): Promise<object> {
  const { default: fc } = await import('fast-check')
  const assert: typeof fc.assert = (property, parameters) =>
    fc.assert(property, { ...parameters, numRuns: Math.min(parameters?.numRuns ?? 100, runsMax) }) as never
  return { ...fc, assert }
}
