import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createAlertRegister } from '../../../gateway/alerts/register.ts'
import { createClerk, type Job } from '../../../gateway/clerk.ts'
import { createFleet } from '../../../gateway/fleet.ts'
import { createMemoryJournal } from '../../../gateway/journal/memory.ts'
import type { Journal } from '../../../gateway/journal.ts'
import { createMetrics } from '../../../gateway/metrics.ts'
import { displacement } from '../../../gateway/rules/displacement.ts'
import type { AnyDetector } from '../../../proto/detector.ts'
import type { Alert, Envelope, Sample } from '../../../proto/model.ts'
import { sampleAt } from '../../help/drive.ts'
import { cachedDocuments, envelopeOf, rowOf, startMs, telemetry, toyRules } from '../help/world.ts'

/** The part of a gateway between the sockets: what arrives in any order, in groups, with restarts in between. */
function office(journal: Journal = createMemoryJournal(), rules: readonly AnyDetector[] = toyRules) {
  const documents = cachedDocuments()
  const settle = () => {}
  const start = () => {
    const fleet = createFleet({ journal, rules, documents, monoMs: () => performance.now() })
    const register = createAlertRegister(journal)
    const world = { nowMs: () => startMs, slackMs: () => 0 }
    return {
      fleet,
      clerk: createClerk({ journal, fleet, register, documents, world, metrics: createMetrics() }),
    }
  }
  let running = start()
  const write = async (jobs: readonly Job[]): Promise<void> => {
    const { vehicles } = await running.clerk(jobs)
    for (const one of vehicles) {
      for (;;) {
        const emissions = await running.fleet.settleSome(one.fleet, one.vehicle, Number.POSITIVE_INFINITY)
        if (emissions === null) break
        if (emissions.length > 0) await running.clerk([{ is: 'emissions', ...one, emissions }])
      }
    }
  }
  return {
    journal,
    receive: (envelopes: readonly Envelope[]) =>
      write(envelopes.map((envelope) => ({ is: 'envelope', row: rowOf(envelope), settle }))),
    closeHoles: (holes: { first: number; last: number }[]) =>
      write([
        {
          is: 'closed',
          holes: holes.map((hole) => ({
            fleet: 'f1',
            vehicle: 'v1',
            epoch: 7,
            stream: 'telemetry',
            ...hole,
          })),
        },
      ]),
    restart: async () => {
      running = start()
      for (const { emissions, ...vehicle } of await running.fleet.recover())
        await running.clerk([{ is: 'emissions', ...vehicle, emissions }])
    },
    alerts: () => journal.alertsAfter(0, 100_000, null),
  }
}

/** What an officer believes at the end: the last revision of each alert that was neither withdrawn nor replaced. */
async function believed(journal: Journal): Promise<{ began: number; phase: string; at: number }[]> {
  const all = await journal.alertsAfter(0, 100_000, null)
  const last = new Map<string, Alert>(all.map((alert) => [alert.id, alert]))
  const told = new Map(
    all.filter(({ phase }) => phase === 'started').map((one) => [one.id, Date.parse(one.at)]),
  )
  const replaced = new Set([...last.values()].flatMap(({ supersedes }) => supersedes ?? []))
  return [...last.values()]
    .filter(({ id, withdrawn }) => withdrawn !== true && !replaced.has(id))
    .map(({ id, evidence, phase, at }) => ({
      began: told.get(id) ?? Number(evidence['sinceMs']),
      phase,
      at: Date.parse(at),
    }))
    .sort((a, b) => a.began - b.began)
}

type Belief = Awaited<ReturnType<typeof believed>>[number]
const toleranceMs = 60_000
const near = (a: Belief, b: Belief): boolean =>
  a.phase === b.phase && Math.abs(a.began - b.began) <= toleranceMs && Math.abs(a.at - b.at) <= toleranceMs

/** Each of one has its own near one of the other, and none is left over. */
function sameBeliefs(seen: readonly Belief[], truth: readonly Belief[]): boolean {
  const [first, ...others] = seen
  if (first === undefined) return truth.length === 0
  return truth.some((one, index) => near(first, one) && sameBeliefs(others, truth.toSpliced(index, 1)))
}

/** Runs of moving and standing, five samples two seconds apart in each envelope. */
function driveOf(
  runs: readonly { moving: boolean; envelopes: number }[],
  epoch = 7,
  fromMs = startMs,
): Envelope[] {
  const speeds = runs.flatMap(({ moving, envelopes }) => Array<number>(envelopes * 5).fill(moving ? 50 : 0))
  const samples: Sample[] = speeds.map((speedKmh, index) => sampleAt(fromMs + index * 2000, { speedKmh }))
  return Array.from({ length: Math.floor(samples.length / 5) }, (_, index) =>
    telemetry(index + 1, samples.slice(index * 5, index * 5 + 5), { epoch }),
  )
}

const runs = fc.array(fc.record({ moving: fc.boolean(), envelopes: fc.integer({ min: 1, max: 20 }) }), {
  minLength: 1,
  maxLength: 8,
})

/** How a backlog comes: each envelope delayed by some places, from almost in order to anything; in groups. */
const weather = fc.record({
  delays: fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 160 }),
  group: fc.integer({ min: 1, max: 7 }),
  restartsAt: fc.array(fc.integer({ min: 0, max: 160 }), { maxLength: 3 }),
})

async function undisturbed(envelopes: readonly Envelope[]) {
  const calm = office()
  await calm.receive(envelopes)
  return believed(calm.journal)
}

describe('late telemetry', () => {
  test('whatever order a backlog comes in, officers believe the same at its end', async () => {
    await fc.assert(
      fc.asyncProperty(runs, weather, async (some, { delays, group, restartsAt }) => {
        const envelopes = driveOf(some)
        const shuffled = envelopes
          .map((envelope, index) => ({ envelope, at: index + (delays[index] ?? 0) }))
          .sort((a, b) => a.at - b.at)
          .map(({ envelope }) => envelope)
        const stormy = office()
        for (let from = 0; from < shuffled.length; from += group) {
          if (restartsAt.some((at) => at >= from && at < from + group)) await stormy.restart()
          await stormy.receive(shuffled.slice(from, from + group))
        }
        const [seen, truth] = [await believed(stormy.journal), await undisturbed(envelopes)]
        expect(sameBeliefs(seen, truth), JSON.stringify({ seen, truth })).toBe(true)
      }),
      { numRuns: 400 },
    )
  })

  test('in order and without a hole there is one alert per episode and one revision per phase', async () => {
    const calm = office()
    for (const envelope of driveOf([
      { moving: true, envelopes: 10 },
      { moving: false, envelopes: 10 },
    ]))
      await calm.receive([envelope])
    expect((await calm.alerts()).map(({ phase, revision, late }) => [phase, revision, late])).toEqual([
      ['started', 1, false],
      ['ended', 2, false],
    ])
  })

  const night = driveOf([
    { moving: false, envelopes: 10 },
    { moving: true, envelopes: 30 },
    { moving: false, envelopes: 10 },
  ])

  test('what came after a hole is told at once', async () => {
    const gateway = office()
    await gateway.receive(night.slice(0, 5))
    await gateway.receive(night.slice(20, 21))
    expect((await gateway.alerts()).map(({ phase, at }) => [phase, at])).toEqual([
      ['started', new Date(startMs + 200_000).toISOString()],
    ])
  })

  describe('of a coach that drove on for seven minutes', () => {
    const samples = Array.from({ length: 210 }, (_, index) =>
      sampleAt(startMs + index * 2000, { speedKmh: 60, odometerM: 50_000 + index * 33 }),
    )
    const drive = Array.from({ length: 42 }, (_, index) =>
      telemetry(index + 1, samples.slice(index * 5, index * 5 + 5), { epoch: 7 }),
    )
    const told = async ({ alerts }: ReturnType<typeof office>) =>
      (await alerts()).map(({ kind, phase, late }) => [kind, phase, late])

    test('newest first is late, and nobody was silent', async () => {
      const gateway = office(createMemoryJournal(), [displacement as unknown as AnyDetector])
      await gateway.receive(drive.slice(0, 2))
      await gateway.receive(drive.slice(41))
      await gateway.receive(drive.slice(2, 41))
      expect(await told(gateway)).toEqual([])
    })

    test('and lost what it had written is found to have moved when that is known', async () => {
      const gateway = office(createMemoryJournal(), [displacement as unknown as AnyDetector])
      await gateway.receive(drive.slice(0, 2))
      await gateway.receive(drive.slice(40))
      expect(await told(gateway)).toEqual([])
      await gateway.closeHoles([{ first: 3, last: 40 }])
      expect(await told(gateway)).toEqual([['displacement', 'started', true]])
    })
  })

  test('a hole that closes and changes nothing says nothing', async () => {
    const gateway = office()
    await gateway.receive(night.slice(0, 12))
    await gateway.receive(night.slice(14))
    const before = await gateway.alerts()
    await gateway.receive(night.slice(12, 14))
    expect(before.map(({ phase }) => phase)).toEqual(['started', 'ended'])
    expect(await gateway.alerts()).toEqual(before)
  })

  test('an episode inside a hole comes late; the end that live took for all of it is not doubled', async () => {
    const gateway = office()
    await gateway.receive(night.slice(0, 8))
    await gateway.receive(night.slice(42))
    expect(await gateway.alerts()).toEqual([])
    await gateway.receive(night.slice(8, 42))
    expect((await gateway.alerts()).map(({ phase, late }) => [phase, late])).toEqual([
      ['started', true],
      ['ended', true],
    ])
  })

  test('a start that was earlier by more than a minute replaces the alert', async () => {
    const gateway = office()
    await gateway.receive(night.slice(0, 8))
    await gateway.receive(night.slice(30, 35))
    const [first] = await gateway.alerts()
    await gateway.receive(night.slice(8, 30))
    const all = await gateway.alerts()
    expect(
      all.slice(1).map(({ id, withdrawn, late }) => [id === first!.id, withdrawn ?? false, late]),
    ).toEqual([
      [false, false, true],
      [true, true, true],
    ])
    await gateway.receive(night.slice(35))
    expect((await gateway.alerts()).at(-1)).toMatchObject({ id: all[1]!.id, phase: 'ended' })
  })

  test('an end that was not there, because it went on inside the hole, is superseded', async () => {
    // Standing twice: live sees one long standing, settled an episode in between.
    const twice = driveOf([
      { moving: true, envelopes: 10 },
      { moving: false, envelopes: 10 },
      { moving: true, envelopes: 20 },
      { moving: false, envelopes: 10 },
    ])
    const gateway = office()
    await gateway.receive(twice.slice(0, 5))
    await gateway.receive(twice.slice(40, 42))
    expect((await gateway.alerts()).map(({ phase }) => phase)).toEqual(['started', 'ended'])
    await gateway.receive(twice.slice(5, 40))
    const seen = await believed(gateway.journal)
    expect(sameBeliefs(seen, await undisturbed(twice.slice(0, 42)))).toBe(true)
    expect((await gateway.alerts()).filter(({ supersedes }) => supersedes !== null).length).toBeGreaterThan(0)
  })

  test('a gap record lets settled go on', async () => {
    const gateway = office()
    const gap = {
      class: 'telemetry',
      firstSeq: 6,
      lastSeq: 20,
      count: 15,
      fromMs: startMs,
      toMs: startMs,
      reason: 'cap',
      firstHash: new Uint8Array(32),
      lastHash: new Uint8Array(32),
    }
    await gateway.receive(night.slice(0, 5))
    await gateway.receive(night.slice(20))
    const before = await gateway.alerts()
    await gateway.receive([envelopeOf(51, { is: 'gap', gap })])
    expect(await gateway.alerts()).toEqual(before)
    await gateway.restart()
    await gateway.receive([
      telemetry(52, [sampleAt(startMs + 1_000_000, { speedKmh: 60 })]),
      telemetry(53, [sampleAt(startMs + 1_010_000, { speedKmh: 0 })]),
    ])
    expect((await gateway.alerts()).slice(before.length).map(({ phase }) => phase)).toEqual([
      'started',
      'ended',
    ])
  })

  test('a hole that is given up lets settled go on', async () => {
    const gateway = office()
    await gateway.receive(night.slice(0, 5))
    await gateway.receive(night.slice(20, 30))
    await gateway.closeHoles([{ first: 6, last: 20 }])
    await gateway.receive(night.slice(30))
    expect((await gateway.alerts()).map(({ phase }) => phase)).toEqual(['started', 'ended'])
  })

  test('a new epoch continues the fold, holes of the lost outbox or not', async () => {
    const gateway = office()
    await gateway.receive(night.slice(0, 12))
    await gateway.receive(night.slice(14, 20))
    const later = driveOf(
      [
        { moving: true, envelopes: 3 },
        { moving: false, envelopes: 3 },
      ],
      8,
      startMs + 250_000,
    )
    await gateway.receive(later.slice(0, 2))
    await gateway.restart()
    await gateway.receive(later.slice(2))
    expect((await gateway.alerts()).map(({ phase, id }) => [phase, id])).toEqual([
      ['started', expect.any(String)],
      ['ended', (await gateway.alerts())[0]!.id],
    ])
  })

  test('a restart anywhere repeats nothing', async () => {
    const gateway = office()
    for (const [index, envelope] of night.entries()) {
      if (index % 7 === 3) await gateway.restart()
      await gateway.receive([envelope])
    }
    await gateway.restart()
    expect((await gateway.alerts()).map(({ phase, revision }) => [phase, revision])).toEqual([
      ['started', 1],
      ['ended', 2],
    ])
  })
})
