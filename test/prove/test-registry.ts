/**
 * As much of `describe` and `it` as the tests of the pure rooms use: they write down what is to be run, and one warm
 * process runs the single tests in the order it likes. What needs more (mocks, snapshots) fails without a fault
 * already, and the run says so.
 */
export type Test = { readonly name: string; readonly run: () => unknown }

type Body = (...values: readonly unknown[]) => unknown

let tests: Test[] = []
let path: readonly string[] = []

/** The tests that are written down while something loads. */
export function testsBy(load: () => void): readonly Test[] {
  tests = []
  path = []
  load()
  return tests
}

function group(name: string, body: () => unknown): void {
  const before = path
  path = [...path, name]
  body()
  path = before
}

const bodyOf = (rest: readonly unknown[]): Body => rest.find((one) => typeof one === 'function') as Body

function single(name: string, ...rest: readonly unknown[]): void {
  const body = bodyOf(rest)
  tests.push({ name: [...path, name].join(' > '), run: () => body() })
}

type Row = readonly unknown[]

const rowsOf = (table: readonly unknown[]): readonly Row[] =>
  table.map((row) => (Array.isArray(row) ? (row as Row) : [row]))

const each =
  (say: (name: string, body: () => unknown) => void) =>
  (table: readonly unknown[]) =>
  (name: string, ...rest: readonly unknown[]): void => {
    const body = bodyOf(rest)
    for (const [n, row] of rowsOf(table).entries()) say(`${name} #${n}`, () => body(...row))
  }

const never = (): void => {}
const withKin = <T extends (...all: never[]) => void>(say: T) =>
  Object.assign(say, {
    each: each(say as unknown as (name: string, body: () => unknown) => void),
    skipIf: (skip: unknown) => (skip ? never : say),
    runIf: (run: unknown) => (run ? say : never),
    skip: never,
  })

const it = withKin(single)
const hook = never

/** What stands for the names of vitest in a loaded test; hooks clean up what the process's end cleans as well. */
export const vitestNames = {
  it,
  test: it,
  describe: withKin(group),
  afterAll: hook,
  afterEach: hook,
}
