import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import {
  type AlertIndex,
  type Dealt,
  openAlertIndex,
  type Place,
} from '../../../gateway/journal/alert-index.ts'
import type { Alert } from '../../../proto/model.ts'
import { alertOf } from '../api/desk-office.ts'
import { tempFolder } from '../help/world.ts'

/** The index beside journals and registers that are not those it knew. */

type World = { alerts: Alert[]; dealt: Dealt[] }
const numbered = (...numbers: readonly number[]): Alert[] =>
  numbers.map((n, index) => ({ ...alertOf(n), cursor: index + 1 }))
const settled = (n: number, cursor: number): Dealt => ({ alertId: alertOf(n).id, status: 'closed', cursor })

function open(file: string, world: World): AlertIndex & { readonly end: () => void } {
  const index = openAlertIndex(file, {
    alertsAfter: (cursor, limit) =>
      Promise.resolve(world.alerts.filter((one) => one.cursor > cursor).slice(0, limit)),
    handledAfter: (cursor, limit) => world.dealt.filter((one) => one.cursor > cursor).slice(0, limit),
    isSettled: (status) => status === 'closed',
  })
  let isOpen = true
  const end = (): void => {
    if (isOpen) index.close()
    isOpen = false
  }
  onTestFinished(end)
  return Object.assign(index, { end })
}

async function told(index: AlertIndex, isOpen = false): Promise<number[]> {
  await index.follow()
  const wanted = { fleet: 'f1', kinds: null, severities: null, vehicle: null, fromMs: null, toMs: null }
  return index
    .list({ ...wanted, open: isOpen, after: null, limit: 1000 })
    .map(({ alert }) => Number.parseInt(alert.id, 16))
}

/** Newest first, as a look at the journal and the register themselves would find it. */
const expected = ({ alerts, dealt }: World, isOpen: boolean): number[] =>
  alerts
    .filter(({ id }) => !isOpen || dealt.findLast(({ alertId }) => alertId === id)?.status !== 'closed')
    .map(({ id }) => Number.parseInt(id, 16))
    .toSorted((a, b) => b - a)

const before: World = { alerts: numbered(1, 2, 3, 4, 5), dealt: [settled(1, 1), settled(5, 2)] }

describe('an index that was made of another journal', () => {
  test.each<[string, World]>([
    ['the same', before],
    ['one that went on', { alerts: numbered(1, 2, 3, 4, 5, 6), dealt: [...before.dealt, settled(6, 3)] }],
    ['one case dealt with again', { ...before, dealt: [settled(1, 1), settled(5, 3)] }],
    ['a copy from before the last', { alerts: numbered(1, 2, 3, 4), dealt: [settled(1, 1)] }],
    ['a copy that went another way', { alerts: numbered(1, 2, 3, 4, 6), dealt: before.dealt.slice(0, 1) }],
    ['a copy that overtook it', { alerts: numbered(1, 2, 6, 7, 8, 9, 10), dealt: [] }],
    ['an older register', { alerts: before.alerts, dealt: [settled(1, 1)] }],
    ['no register', { alerts: before.alerts, dealt: [] }],
    ['nothing', { alerts: [], dealt: [] }],
    ['one of which the first days went', { ...before, alerts: before.alerts.slice(2) }],
    ['a new one with as many', { alerts: numbered(11, 12, 13, 14, 15), dealt: [] }],
  ])('beside %s tells what is there', async (_name, after) => {
    const file = path.join(tempFolder(), 'index.db')
    const first = open(file, before)
    expect(await told(first)).toEqual([5, 4, 3, 2, 1])
    expect(await told(first, true)).toEqual([4, 3, 2])
    first.end()
    const world = { alerts: [...after.alerts], dealt: [...after.dealt] }
    const second = open(file, world)
    for (const isOpen of [false, true]) expect(await told(second, isOpen)).toEqual(expected(world, isOpen))
    world.alerts.push({ ...alertOf(20), cursor: (world.alerts.at(-1)?.cursor ?? 0) + 1 })
    expect(await told(second)).toEqual(expected(world, false))
  })
})

describe('a look at an index', () => {
  const kinds = ['speeding', 'fatigue', 'curfew'] as const
  const severities = ['info', 'minor', 'major', 'critical'] as const
  const alertOfRow = ({ n, fleet, vehicle, kind, severity, minute }: Row): Alert => ({
    ...alertOf(n),
    ...{ cursor: n, fleet, vehicle, kind, severity, at: new Date(minute * 60_000).toISOString() },
  })
  type Row = {
    n: number
    fleet: string
    vehicle: string
    kind: string
    severity: (typeof severities)[number]
    minute: number
  }
  const rowsOf = fc
    .array(
      fc.record({
        fleet: fc.constantFrom('f1', 'f2'),
        vehicle: fc.constantFrom('v1', 'v2'),
        kind: fc.constantFrom(...kinds),
        severity: fc.constantFrom(...severities),
        // Few, so that many stand at the same minute and their ids decide.
        minute: fc.integer({ min: 0, max: 6 }),
        closed: fc.boolean(),
      }),
      { maxLength: 40 },
    )
    .map((rows) => rows.map((row, index) => ({ ...row, n: index + 1 })))
  const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: null })
  const wantedOf = fc.record({
    fleet: fc.constantFrom('f1', 'f2'),
    kinds: maybe(fc.array(fc.constantFrom<string>(...kinds, 'coasting'), { minLength: 1, maxLength: 4 })),
    severities: maybe(fc.array(fc.constantFrom(...severities), { minLength: 1, maxLength: 3 })),
    vehicle: maybe(fc.constantFrom('v1', 'v2')),
    fromMs: maybe(fc.integer({ min: 0, max: 6 }).map((minute) => minute * 60_000)),
    toMs: maybe(fc.integer({ min: 0, max: 7 }).map((minute) => minute * 60_000)),
    open: fc.boolean(),
    limit: fc.integer({ min: 1, max: 8 }),
  })

  test('finds what a look at every alert finds, page by page, whatever is asked', async () => {
    await fc.assert(
      fc.asyncProperty(rowsOf, wantedOf, async (rows, wanted) => {
        const alerts = rows.map(alertOfRow)
        const dealt = rows.filter(({ closed }) => closed).map(({ n }, index) => settled(n, index + 1))
        const index = openAlertIndex(null, {
          alertsAfter: (cursor, limit) =>
            Promise.resolve(alerts.filter((one) => one.cursor > cursor).slice(0, limit)),
          handledAfter: (cursor, limit) => dealt.filter((one) => one.cursor > cursor).slice(0, limit),
          isSettled: (status) => status === 'closed',
        })
        await index.follow()
        const atMs = ({ at }: Alert): number => Date.parse(at)
        const naive = alerts
          .filter(
            (one) =>
              one.fleet === wanted.fleet &&
              (wanted.kinds?.includes(one.kind) ?? true) &&
              (wanted.severities?.includes(one.severity) ?? true) &&
              (wanted.vehicle ?? one.vehicle) === one.vehicle &&
              atMs(one) >= (wanted.fromMs ?? 0) &&
              atMs(one) < (wanted.toMs ?? Number.MAX_SAFE_INTEGER) &&
              !(wanted.open && dealt.some(({ alertId }) => alertId === one.id)),
          )
          .toSorted((a, b) => atMs(b) - atMs(a) || (a.id < b.id ? 1 : -1))
          .map(({ id }) => id)
        const found: string[] = []
        for (let after: Place | null = null; ; ) {
          const page = index.places({ ...wanted, after })
          expect(page.length).toBeLessThanOrEqual(wanted.limit)
          found.push(...page.map(({ id }) => id))
          if (page.length < wanted.limit) break
          after = page.at(-1) ?? null
        }
        index.close()
        expect(found).toEqual(naive)
      }),
      { numRuns: 150 },
    )
  })
})
