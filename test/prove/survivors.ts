import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Fault } from './schemata.ts'

/** What became of one fault; `unmet`: no test comes by its place at all. */
export type Judged = { readonly fault: Fault; readonly verdict: 'killed' | 'timeout' | 'survived' | 'unmet' }

/** A fault that no test can notice, and why; `nth` tells two alike of one line apart. */
type Harmless = {
  readonly file: string
  readonly line: string
  readonly fault: string
  readonly nth?: number
  readonly why: string
}

type Named = Judged & { readonly place: string; readonly harmless: Harmless | null }

/** The survivors with their places, the score per file where it is not whole, and the score of all. */
export function report(root: string, all: readonly Judged[], possible: number): string {
  const list = JSON.parse(readFileSync(join(import.meta.dirname, 'survivors.json'), 'utf8')) as Harmless[]
  const named = all.map((one) => withName(root, one, list))
  const alive = named.filter(({ verdict }) => verdict === 'survived' || verdict === 'unmet')
  const open = alive.filter(({ harmless }) => harmless === null)
  const wrong = named.filter(
    ({ harmless, verdict }) => harmless !== null && (verdict === 'killed' || verdict === 'timeout'),
  )
  const lines = [
    ...open.map(({ place, verdict }) => `${verdict}  ${place}`).toSorted(),
    ...wrong.map(({ place }) => `noticed, though survivors.json calls it harmless  ${place}`),
    ...perFile(named),
    total(named, alive.length - open.length, open.length, possible),
  ]
  return `${lines.join('\n')}\n`
}

function withName(root: string, judged: Judged, list: readonly Harmless[]): Named {
  const { file, start, was, text } = judged.fault
  const source = readFileSync(join(root, file), 'utf8')
  const before = source.slice(0, start).split('\n')
  const line = (source.split('\n')[before.length - 1] ?? '').trim()
  const fault = `${flat(was)} -> ${flat(text)}`
  const nth = occurrence(source, judged.fault)
  const harmless = list.find(
    (one) => one.file === file && one.line === line && one.fault === fault && (one.nth ?? 1) === nth,
  )
  const which = nth === 1 ? '' : ` (no. ${nth})`
  return { ...judged, place: `${file}:${before.length}  ${fault}${which}`, harmless: harmless ?? null }
}

/** `file:line  was -> is`, for people. */
export const placeOf = (root: string, fault: Fault): string =>
  withName(root, { fault, verdict: 'survived' }, []).place

const flat = (text: string): string => text.replaceAll(/\s+/g, ' ')

/** The how-manieth of this text in its line. */
function occurrence(source: string, { start, was }: Fault): number {
  const lineStart = source.lastIndexOf('\n', start - 1) + 1
  return source.slice(lineStart, start).split(was).length
}

function perFile(named: readonly Named[]): string[] {
  return [...Map.groupBy(named, ({ fault }) => fault.file)].flatMap(([file, all]) => {
    const open = all.filter(
      ({ verdict, harmless }) => harmless === null && (verdict === 'survived' || verdict === 'unmet'),
    )
    return open.length === 0 ? [] : [`  ${file}: ${all.length - open.length} of ${all.length}`]
  })
}

function total(named: readonly Named[], harmless: number, open: number, possible: number): string {
  const tried = named.length - harmless
  const noticed = tried - open
  const late = named.filter(({ verdict }) => verdict === 'timeout').length
  const [low, high] = interval(noticed, tried)
  const sampled =
    named.length < possible ? `, 95 % between ${percent(low)} and ${percent(high)}` : ', all tried'
  return `${tried} faults (${harmless} harmless ones apart): ${noticed} noticed (${late} by a test that did not end), ${open} not; ${percent(noticed / tried)} %${sampled}`
}

const percent = (share: number): string => (share * 100).toFixed(1)

/** Wilson's interval for a share. */
function interval(hits: number, tries: number): readonly [number, number] {
  const z = 1.96
  const share = hits / tries
  const middle = share + z ** 2 / (2 * tries)
  const half = z * Math.sqrt((share * (1 - share)) / tries + z ** 2 / (4 * tries ** 2))
  return [(middle - half) / (1 + z ** 2 / tries), (middle + half) / (1 + z ** 2 / tries)]
}
