import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DriverLedger, OnVehicle } from '../../../gateway/drivers/contract.ts'
import { createDriverLedger } from '../../../gateway/drivers/ledger.ts'
import { createMemoryJournal } from '../../../gateway/journal/memory.ts'
import type { Journal, JournalEnvelope } from '../../../gateway/journal.ts'
import { explain } from '../../../proto/catalog.ts'
import { noAreas } from '../../../proto/geo/areas.ts'
import { alertId } from '../../../proto/ids.ts'
import type { Documents } from '../../../proto/in-force.ts'
import type { EnvelopeBody, Finding, Outlook, StreamName } from '../../../proto/model.ts'
import { beijing } from '../../help/drive.ts'
import { daysOf, lineOf, midnightMs, runsOf, slotMs, slotOf } from '../../help/driver-days.ts'
import { type Dice, dice } from '../../prove/drives/agreement.ts'
import { limitsFor, settingsFor } from '../../prove/drives/driver-hours.ts'
import { driverHours, type Limits } from '../../reference/driver-hours.ts'

/** One driver, several vehicles: records that come in any order, twice, in pieces, over starts of the gateway. */

function documentsFor(limits: Limits, vehicleClass: 'coach' | 'truck' = 'coach') {
  const { policy, policyDigest } = settingsFor(limits)
  const known = new Map<string, Documents>()
  return (fleet: string, id: string): Documents => {
    const vehicle = { id, fleet, class: vehicleClass, serviceClass: null, oneWayKm: null, relay: null }
    const fresh = { vehicle, trips: [], policy, policyDigest, routes: [], areas: noAreas, areasSinceMs: null }
    const one = known.get(id) ?? fresh
    known.set(id, one)
    return one
  }
}

/** A gateway as far as the ledger sees it: what is told and what is stored go into one group. */
class Office {
  readonly journal: Journal = createMemoryJournal()
  readonly documents: (fleet: string, vehicle: string) => Documents
  readonly told: OnVehicle[] = []
  ledger: DriverLedger
  #remembered = new Set<string>()
  #seq = new Map<string, number>()

  constructor(limits: Limits, vehicleClass: 'coach' | 'truck' = 'coach') {
    this.documents = documentsFor(limits, vehicleClass)
    this.ledger = this.#open()
  }

  #open(): DriverLedger {
    return createDriverLedger({
      journal: this.journal,
      documents: this.documents,
      isLate: (decidedAtMs, receivedAtMs) => receivedAtMs - decidedAtMs > 60_000,
      remember: (_, vehicle) => this.#remembered.add(vehicle),
    })
  }

  /** Numbered in the order in which the terminal made them. */
  row(vehicle: string, body: EnvelopeBody, receivedAtMs: number): JournalEnvelope {
    const stream: StreamName = body.is === 'telemetry' ? 'telemetry' : 'alarm'
    const key = `${vehicle}/${stream}`
    const seq = (this.#seq.get(key) ?? 0) + 1
    this.#seq.set(key, seq)
    const envelope = {
      ...{ fleet: 'f', vehicle, epoch: 7, stream, seq, prevHash: new Uint8Array(32), bootCount: 1 },
      ...{ policyDigest: 'ab'.repeat(32), sealedAtMs: receivedAtMs, body },
    }
    return { envelope, bytes: new Uint8Array(1), hash: new Uint8Array(32), receivedAtMs }
  }

  async receive(row: JournalEnvelope): Promise<readonly OnVehicle[]> {
    const told = this.ledger.take(row.envelope, row.receivedAtMs)
    await this.#commit([row])
    this.told.push(...told)
    return told
  }

  async #commit(envelopes: readonly JournalEnvelope[]): Promise<void> {
    const snapshots = [...this.#remembered].map((vehicle) => ({
      ...{ fleet: 'f', vehicle },
      state: { beside: { hours: this.ledger.toStore('f', vehicle) } },
    }))
    this.#remembered.clear()
    await this.journal.append({ envelopes, quarantined: [], alerts: [], snapshots, closed: [] })
  }

  async restart(): Promise<void> {
    this.ledger = this.#open()
    const told = await this.ledger.recover()
    await this.#commit([])
    this.told.push(...told)
  }

  driving(vehicle: string, driver: string | null, fromMs: number, toMs: number, proven = true) {
    return this.row(vehicle, { is: 'driving', interval: { driver, fromMs, toMs, proven } }, toMs)
  }

  outlook(vehicle: string, driver: string, atMs: number, fromMs: number | null) {
    const run = fromMs === null ? [] : [{ driver, fromMs, toMs: atMs, proven: true }]
    const left = { continuousDay: null, continuousNight: null, rolling24h: null, rolling7d: null }
    const outlook: Outlook = {
      ...{ atMs, driver, confirmed: true, left, driving: run },
      ...{ unknownLimitShare: null, route: null, safeStops: [] },
    }
    return this.row(vehicle, { is: 'telemetry', samples: [], outlook }, atMs)
  }

  /** What officers believe in the end: by alert, what was not taken back or replaced. */
  believed(): { vehicle: string; finding: Finding; ended: number | null }[] {
    const alerts = new Map<string, { vehicle: string; finding: Finding; ended: number | null }>()
    for (const { vehicle, emissions } of this.told)
      for (const emission of emissions) {
        if (emission.do === 'withdraw') {
          const id = alertId(emission.rule, emission.findingId)
          expect(alerts.has(id), 'only what was said is taken back').toBe(true)
          alerts.delete(id)
          continue
        }
        const { finding, findingId, supersedes } = emission
        const id = alertId(finding.rule, findingId)
        if (supersedes !== null) alerts.delete(alertId(supersedes.rule, supersedes.findingId))
        const before = alerts.get(id)
        if (finding.phase === 'started') expect(before, 'said once').toBeUndefined()
        else expect(before, 'nothing ends that did not begin').toBeDefined()
        alerts.set(id, {
          vehicle,
          finding: before?.finding ?? finding,
          ended: finding.phase === 'ended' ? finding.atMs : (before?.ended ?? null),
        })
      }
    return [...alerts.values()]
  }
}

const at = (text: string): number => beijing(`2026-11-23 ${text}`)
const law = limitsFor(false, 'nightPortion')
const said = ({ emissions }: OnVehicle): string[] =>
  emissions.map((one) =>
    one.do === 'find'
      ? `${one.finding.phase} ${one.finding.kind} ${one.finding.reason ?? ''}`.trim()
      : one.do,
  )

describe('a driver on two coaches', () => {
  it('five hours here and three and a half there are over 8 h in 24 h: on the second coach, as they are passed', async () => {
    const office = new Office(law)
    await office.receive(office.driving('v1', 'A', at('06:00:00'), at('09:00:00')))
    await office.receive(office.driving('v1', 'A', at('09:30:00'), at('11:30:00')))
    const begun = at('13:00:00')
    for (let min = 0; min <= 180; min++)
      expect(await office.receive(office.outlook('v2', 'A', begun + min * 60_000, begun))).toEqual([])
    const [told] = await office.receive(office.outlook('v2', 'A', at('16:00:10'), begun))
    expect([told!.vehicle, said(told!)]).toEqual(['v2', ['started fatigue rolling24h']])
    const [one] = office.believed()
    expect(one!.finding).toMatchObject({ atMs: at('16:00:00'), decidedAtMs: at('16:00:10'), driver: 'A' })
    expect(one!.finding.evidence).toMatchObject({
      limitS: 28_800,
      drivenAtS: 28_800,
      ownS: 10_810,
      otherVehicles: [{ vehicle: 'v1', drivenS: 18_000 }],
    })
    const words = { plate: '湘A1', zone: 'Asia/Shanghai', vehicleClass: 'coach', serviceClass: null }
    expect(explain(one!.finding, words)).toEqual({
      zh: '湘A1驾驶员A在截至16:00:00的24小时内累计驾驶8小时，超过8小时10秒；当日（0时起）累计8小时（含驾驶其他车辆v1，本车3小时）。【疑似，证据充分】',
      en: 'A on 湘A1 has driven 8 h in the 24 h up to 16:00:00, 10 s over 8 h; 8 h since midnight (with driving on v1; on this vehicle 3 h). [suspected, evidence sufficient]',
    })
  })

  it('changing coaches within ten minutes is no rest: 4 h are passed on the second one', async () => {
    const office = new Office(law)
    await office.receive(office.driving('v1', 'A', at('08:00:00'), at('11:00:00')))
    await office.receive(office.outlook('v2', 'A', at('12:00:10'), at('11:10:00')))
    const [told] = await office.receive(office.driving('v2', 'A', at('11:10:00'), at('12:30:00')))
    expect(told).toBeUndefined()
    const [one] = office.believed()
    expect(one).toMatchObject({ vehicle: 'v2', ended: null })
    expect(one!.finding).toMatchObject({ reason: 'continuousDay', atMs: at('12:00:00'), severity: 'major' })
    // Twenty minutes of standing, told by the terminal, end it where the driving ended.
    expect(await office.receive(office.outlook('v2', 'A', at('12:49:59'), null))).toEqual([])
    await office.receive(office.outlook('v2', 'A', at('12:50:00'), null))
    expect(office.believed()).toMatchObject([{ ended: at('12:30:00') }])
  })

  it('says nothing where twenty minutes lie between, nor what the second coach says itself', async () => {
    const rested = new Office(law)
    await rested.receive(rested.driving('v1', 'A', at('08:00:00'), at('11:00:00')))
    await rested.receive(rested.driving('v2', 'A', at('11:20:00'), at('15:20:00')))
    expect(rested.told).toEqual([])
    const alone = new Office(law)
    await alone.receive(alone.driving('v1', 'A', at('07:00:00'), at('07:30:00')))
    await alone.receive(alone.driving('v2', 'A', at('08:00:00'), at('13:00:00')))
    expect(alone.told).toEqual([])
  })

  it('hands over where the coach’s own hours pass the limit: its terminal speaks from there', async () => {
    const office = new Office(law)
    await office.receive(office.driving('v1', 'A', at('08:00:00'), at('09:00:00')))
    await office.receive(office.driving('v2', 'A', at('09:10:00'), at('13:30:00')))
    expect(office.believed()).toMatchObject([
      { finding: { reason: 'continuousDay', atMs: at('12:00:00') }, ended: at('13:10:00') },
    ])
  })

  it('one card in two coaches at once is a finding of the one that began later', async () => {
    const office = new Office(law)
    await office.receive(office.driving('v1', 'A', at('08:00:00'), at('10:00:00')))
    expect(await office.receive(office.driving('v2', 'A', at('09:59:01'), at('10:30:00')))).toEqual([])
    const [told] = await office.receive(office.driving('v2', 'A', at('09:00:00'), at('09:40:00')))
    expect([told!.vehicle, said(told!)]).toEqual(['v2', ['started driver-overlap']])
    expect(office.believed()[0]!.finding).toMatchObject({
      severity: 'major',
      grade: 'to-verify',
      atMs: at('09:00:00'),
      evidence: { otherVehicle: 'v1', overlapS: 2459, driver: 'A' },
    })
    const words = { plate: '湘A1', zone: 'Asia/Shanghai', vehicleClass: 'coach', serviceClass: null }
    expect(explain(office.believed()[0]!.finding, words).zh).toBe(
      '09:00:00，湘A1驾驶员A的身份卡同时在车辆v1上驾驶，重叠40分59秒。【疑似，待核实】',
    )
  })

  it('counts what no card proves for nobody, and lorries by the four hours alone', async () => {
    const office = new Office(law)
    await office.receive(office.driving('v1', 'A', at('06:00:00'), at('09:00:00'), false))
    await office.receive(office.driving('v1', null, at('06:00:00'), at('09:00:00')))
    await office.receive(office.driving('v2', 'A', at('09:05:00'), at('12:00:00')))
    expect(office.told).toEqual([])
    const lorries = new Office(law, 'truck')
    await lorries.receive(lorries.driving('v1', 'A', at('04:00:00'), at('07:30:00')))
    await lorries.receive(lorries.driving('v1', 'A', at('08:00:00'), at('11:00:00')))
    await lorries.receive(lorries.driving('v2', 'A', at('12:00:00'), at('15:00:00')))
    expect(lorries.told).toEqual([])
  })

  it('tells the hours of 24 h and 7 days for state and scheduler, with what was driven elsewhere', async () => {
    const office = new Office(law)
    await office.receive(office.driving('v1', 'A', at('06:00:00'), at('10:00:00')))
    await office.receive(office.driving('v2', 'A', at('12:00:00'), at('13:00:00')))
    expect(office.ledger.hours('f', 'v2', 'A', at('13:00:00'))).toEqual({
      driver: 'A',
      rolling24hS: 18_000,
      rolling7dS: 18_000,
      elsewhere24hS: 14_400,
      elsewhere7dS: 14_400,
      left24hS: 10_800,
      left7dS: 140_400,
      otherVehicles: ['v1'],
    })
  })
})

describe('a card that is in every vehicle of a fleet', () => {
  it('costs no more than a driver: the eight it drove last are looked at', () => {
    const office = new Office(law)
    for (let n = 0; n < 3000; n++) {
      const fromMs = midnightMs + n * 1000
      office.ledger.take(office.driving(`v${n}`, 'X', fromMs, fromMs + 3_600_000).envelope, fromMs)
    }
    const hours = office.ledger.hours('f', 'v2999', 'X', midnightMs + 7_200_000)
    expect(hours.otherVehicles).toHaveLength(7)
    expect(hours.rolling24hS).toBe(3607)
  })
})

/** Records of a driver's days as terminals make them: pieces under way, then the whole. */
function recordsOf(office: Office, days: ReturnType<typeof daysOf>, roll: Dice): JournalEnvelope[] {
  return Object.entries(days).flatMap(([vehicle, slots]) => {
    const runs = runsOf(slots)
    return Array.from(
      { length: runs.length / 2 },
      (_, i) => [runs[2 * i]!, runs[2 * i + 1]!] as const,
    ).flatMap(([fromMs, toMs]) => {
      const part = fromMs + roll.whole(1, (toMs - fromMs) / slotMs) * slotMs
      const whole = office.driving(vehicle, 'A', fromMs, toMs)
      return roll.chance(0.5) ? [office.outlook(vehicle, 'A', part, fromMs), whole] : [whole]
    })
  })
}

describe('random days', () => {
  it('end in what the whole history says, whatever the order, the doubles and the starts of the gateway', async () => {
    let told = 0
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const roll = dice(seed)
        const limits = limitsFor(roll.chance(0.7), 'nightPortion')
        const office = new Office(limits)
        const days = daysOf(roll, 1)
        // Sorted, nearly sorted, or in any order at all.
        const chaos = roll.pick([0, 3_600_000, 1e9])
        const rows = recordsOf(office, days, roll)
          .map((row) => ({ row, arrivesMs: row.receivedAtMs + roll.next() * chaos }))
          .toSorted((a, b) => a.arrivesMs - b.arrivesMs)
        for (const { row, arrivesMs } of rows) {
          await office.receive({ ...row, receivedAtMs: arrivesMs })
          if (roll.chance(0.03)) await office.restart()
        }
        const lastMs = midnightMs + 3 * 86_400_000
        for (const vehicle of Object.keys(days))
          await office.receive(office.outlook(vehicle, 'A', lastMs, null))
        const expected = driverHours(days, limits).map(lineOf)
        const believed = office.believed().map(({ vehicle, finding, ended }) =>
          lineOf({
            vehicle,
            what:
              finding.reason ??
              `overlap ${JSON.stringify(finding.evidence['otherVehicle'])}`.replaceAll('"', ''),
            from: slotOf(finding.atMs),
            to: slotOf(ended ?? Number.NaN),
          }),
        )
        expect(believed.toSorted()).toEqual(expected.toSorted())
        told += expected.length
      }),
      { numRuns: 120 },
    )
    expect(told).toBeGreaterThan(120)
  })

  it('remember ten days, not a year: what is kept of a driver has a bound', async () => {
    const office = new Office(law)
    for (let n = 0; n < 6000; n++) {
      const fromMs = midnightMs + n * 300_000
      office.ledger.take(office.driving('v1', 'A', fromMs, fromMs + 200_000).envelope, fromMs)
    }
    const { runs } = office.ledger.toStore('f', 'v1')!
    expect(runs['A']!.length).toBeLessThanOrEqual(8192)
    const lastMs = runs['A']!.at(-1)!
    expect(office.ledger.hours('f', 'v1', 'A', lastMs).rolling7dS).toBe(Math.round((604_800 / 300) * 200))
    office.ledger.take(
      office.driving('v1', 'B', lastMs + 11 * 86_400_000, lastMs + 11.1 * 86_400_000).envelope,
      0,
    )
    expect(Object.keys(office.ledger.toStore('f', 'v1')!.runs)).toEqual(['B'])
    for (let n = 0; n < 20_000; n++) {
      const fromMs = midnightMs + n * 30_000
      office.ledger.take(office.driving('v9', 'C', fromMs, fromMs + 20_000).envelope, fromMs)
    }
    expect(office.ledger.toStore('f', 'v9')!.runs['C']!.length).toBeLessThanOrEqual(8192)
    const endMs = midnightMs + 20_000 * 30_000
    expect(office.ledger.hours('f', 'v9', 'C', endMs).rolling24hS).toBe((86_400 / 30) * 20)
  })
})
