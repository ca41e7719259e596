import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Attribution, given } from '../../../gateway/drivers/attributed.ts'
import type { DriverLedger, OnVehicle } from '../../../gateway/drivers/contract.ts'
import { createDriverLedger } from '../../../gateway/drivers/ledger.ts'
import { type Runs, without } from '../../../gateway/drivers/runs.ts'
import { createMemoryJournal } from '../../../gateway/journal/memory.ts'
import { noAreas } from '../../../proto/geo/areas.ts'
import { alertId } from '../../../proto/ids.ts'
import type { Documents } from '../../../proto/in-force.ts'
import type { Envelope, Finding } from '../../../proto/model.ts'
import { beijing } from '../../help/drive.ts'
import { limitsFor, settingsFor } from '../../prove/drives/driver-hours.ts'

/** Driving that no card proves, and officers who find out whose it was. */

const at = (text: string): number => beijing(`2026-11-23 ${text}`)
const minMs = 60_000
const restMs = 20 * minMs
const decided = (more: Partial<Attribution> = {}): Attribution => ({
  ...{ fleet: 'f', vehicle: 'v1', alert: 'a1', driver: 'A', by: 'wang', atMs: at('20:00:00') },
  ...{ fromMs: at('08:00:00'), toMs: at('08:00:00') },
  ...more,
})
const hours = (...texts: string[]): Runs => texts.map((text) => at(`${text}:00`))

describe('what an officer gives', () => {
  const open = hours('08:00', '09:00', '09:15', '10:00', '10:20', '11:00')

  it('is the driving around the alert, as far as no rest lies between', () => {
    const { byDriver, byAlert } = given([decided()], open, [], restMs)
    expect(byDriver.get('A')).toEqual(hours('08:00', '09:00', '09:15', '10:00'))
    expect(byAlert.get('a1')).toEqual(byDriver.get('A'))
    const later = decided({ fromMs: at('10:30:00'), toMs: at('10:40:00') })
    expect(given([later], open, [], restMs).byDriver.get('A')).toEqual(hours('10:20', '11:00'))
  })

  it('ends where a card was put in, and takes nothing from who is proven to have driven', () => {
    const cards = [hours('09:05', '09:10'), hours('08:30', '08:40')]
    expect(given([decided()], open, cards, restMs).byDriver.get('A')).toEqual(hours('08:00', '08:30'))
  })

  it('is nothing where nothing unidentified was driven, and nothing any more when it was taken back', () => {
    const elsewhere = decided({ fromMs: at('13:00:00'), toMs: at('13:10:00') })
    expect(given([elsewhere], open, [], restMs).byDriver.size).toBe(0)
    expect(given([decided({ driver: null })], open, [], restMs).byDriver.size).toBe(0)
  })

  it('is of the later decision where two are about the same driving', () => {
    const first = decided()
    const second = decided({
      alert: 'a2',
      driver: 'B',
      atMs: first.atMs + 1,
      fromMs: at('09:20:00'),
      toMs: at('09:30:00'),
    })
    for (const order of [
      [first, second],
      [second, first],
    ])
      expect([...given(order, open, [], restMs).byDriver.keys()]).toEqual(['B'])
  })

  it('takes one set from another as counting minute by minute does', () => {
    const set = fc.array(fc.boolean(), { minLength: 40, maxLength: 40 })
    const runsOf = (bits: readonly boolean[]): Runs =>
      bits.flatMap((bit, i) => [
        ...(bit && bits[i - 1] !== true ? [i] : []),
        ...(bit && bits[i + 1] !== true ? [i + 1] : []),
      ])
    fc.assert(
      fc.property(set, set, (a, b) => {
        expect(without(runsOf(a), runsOf(b))).toEqual(runsOf(a.map((bit, i) => bit && !b[i])))
      }),
    )
  })
})

const law = limitsFor(false, 'nightPortion')

/** A gateway as far as the ledger sees it, with a register of decisions that outlives it. */
class Office {
  readonly journal = createMemoryJournal()
  readonly register = new Map<string, Attribution>()
  readonly told: OnVehicle[] = []
  readonly #remembered = new Set<string>()
  readonly #seq = new Map<string, number>()
  ledger: DriverLedger = this.#open()

  #open(): DriverLedger {
    const { policy, policyDigest } = settingsFor(law)
    const documents = (fleet: string, id: string): Documents => {
      const vehicle = { id, fleet, class: 'coach' as const, serviceClass: null, oneWayKm: null, relay: null }
      return { vehicle, trips: [], policy, policyDigest, routes: [], areas: noAreas, areasSinceMs: null }
    }
    return createDriverLedger({
      ...{ journal: this.journal, documents },
      isLate: () => false,
      remember: (_, vehicle) => this.#remembered.add(vehicle),
      attributions: () => [...this.register.values()],
      nowMs: () => at('23:00:00'),
    })
  }

  async drove(vehicle: string, driver: string | null, from: string, to: string): Promise<void> {
    const seq = (this.#seq.get(vehicle) ?? 0) + 1
    this.#seq.set(vehicle, seq)
    const [fromMs, toMs] = [at(`${from}:00`), at(`${to}:00`)]
    const interval = { driver, fromMs, toMs, proven: driver !== null }
    const envelope: Envelope = {
      ...{ fleet: 'f', vehicle, epoch: 7, stream: 'alarm', seq, prevHash: new Uint8Array(32), bootCount: 1 },
      ...{ policyDigest: 'ab'.repeat(32), sealedAtMs: toMs, body: { is: 'driving', interval } },
    }
    this.#take(this.ledger.take(envelope, toMs))
    await this.#commit([{ envelope, bytes: new Uint8Array(1), hash: new Uint8Array(32), receivedAtMs: toMs }])
  }

  async decide(attribution: Attribution): Promise<void> {
    this.register.set(attribution.alert, attribution)
    this.#take(this.ledger.attribute(attribution, attribution.atMs))
    await this.#commit([])
  }

  async restart(): Promise<void> {
    this.ledger = this.#open()
    this.#take(await this.ledger.recover())
    await this.#commit([])
  }

  #take(found: readonly OnVehicle[]): void {
    this.told.push(...found)
  }

  async #commit(envelopes: Parameters<typeof this.journal.append>[0]['envelopes']): Promise<void> {
    const snapshots = [...this.#remembered].map((vehicle) => ({
      ...{ fleet: 'f', vehicle },
      state: { beside: { hours: this.ledger.toStore('f', vehicle) } },
    }))
    this.#remembered.clear()
    await this.journal.append({ envelopes, quarantined: [], alerts: [], snapshots, closed: [] })
  }

  /** What officers believe in the end: neither taken back nor replaced. */
  believed(): { vehicle: string; finding: Finding }[] {
    const alerts = new Map<string, { vehicle: string; finding: Finding }>()
    for (const { vehicle, emissions } of this.told)
      for (const emission of emissions) {
        if (emission.do === 'withdraw') {
          alerts.delete(alertId(emission.rule, emission.findingId))
          continue
        }
        const { finding, findingId, supersedes } = emission
        if (supersedes !== null) alerts.delete(alertId(supersedes.rule, supersedes.findingId))
        const id = alertId(finding.rule, findingId)
        alerts.set(id, { vehicle, finding: alerts.get(id)?.finding ?? finding })
      }
    return [...alerts.values()]
  }

  lines(): string[] {
    return this.believed()
      .map(({ vehicle, finding: { kind, reason, driver, atMs } }) =>
        [vehicle, kind, reason, driver, new Date(atMs).toISOString()].join(' '),
      )
      .toSorted()
  }
}

describe('hours that an officer gave', () => {
  it('count with those of his card on another coach: over eight in a day is found, and to be verified', async () => {
    const office = new Office()
    await office.drove('v1', null, '06:00', '09:00')
    await office.drove('v2', 'A', '10:00', '13:00')
    await office.drove('v2', 'A', '13:30', '16:00')
    expect(office.told).toEqual([])
    const attribution = decided({ fromMs: at('07:00:00'), toMs: at('07:00:00') })
    expect(office.ledger.givenBy(attribution)).toEqual({
      ...{ fromMs: at('06:00:00'), toMs: at('09:00:00'), drivenMs: 3 * 3_600_000 },
    })
    await office.decide(attribution)
    const [one] = office.believed()
    expect(one).toMatchObject({
      vehicle: 'v2',
      finding: {
        kind: 'fatigue',
        reason: 'rolling24h',
        driver: 'A',
        atMs: at('15:30:00'),
        grade: 'to-verify',
      },
    })
    expect(one!.finding.evidence).toMatchObject({
      ...{ attributedS: 10_800, otherVehicles: [{ vehicle: 'v1', drivenS: 10_800 }] },
      gradeReason: 'driving attributed by an officer',
    })
    expect(office.ledger.hours('f', 'v2', 'A', at('16:00:00')).rolling24hS).toBe(8.5 * 3600)
    expect(office.ledger.attributedTo('f', 'A')).toMatchObject([
      { vehicle: 'v1', by: 'wang', given: { drivenMs: 10_800_000 } },
    ])
    expect(office.ledger.driversOf('f').get('A')).toBe('v2')
  })

  it('count on one coach too, where his card came only later: more than four at a stretch', async () => {
    const office = new Office()
    await office.drove('v1', null, '08:00', '10:00')
    await office.drove('v1', 'A', '10:10', '12:40')
    await office.decide(decided())
    expect(office.believed()).toMatchObject([
      { vehicle: 'v1', finding: { reason: 'continuousDay', atMs: at('12:00:00'), driver: 'A' } },
    ])
  })

  it('are taken back with what was found of them; given to another, they are his', async () => {
    const office = new Office()
    await office.drove('v1', null, '08:00', '12:30')
    await office.decide(decided())
    expect(office.lines()).toHaveLength(1)
    await office.decide(decided({ driver: 'B', atMs: at('20:01:00') }))
    expect(office.believed().map(({ finding }) => finding.driver)).toEqual(['B'])
    expect(office.ledger.attributedTo('f', 'A')).toEqual([])
    await office.decide(decided({ driver: null, atMs: at('20:02:00') }))
    expect(office.believed()).toEqual([])
    expect(office.ledger.hours('f', 'v1', 'B', at('13:00:00')).rolling24hS).toBe(0)
    await office.decide(decided({ atMs: at('20:03:00') }))
    expect(office.believed().map(({ finding }) => finding.driver)).toEqual(['A'])
  })

  it('are still his after a start of the gateway, and nothing is said twice', async () => {
    const office = new Office()
    await office.drove('v1', null, '08:00', '12:30')
    await office.decide(decided())
    const [said, lines] = [office.told.length, office.lines()]
    await office.restart()
    expect(office.ledger.hours('f', 'v1', 'A', at('13:00:00')).rolling24hS).toBe(4.5 * 3600)
    expect(office.told).toHaveLength(said)
    // Decided, and the power went before anything was said of it.
    office.register.set('a1', decided({ driver: null }))
    await office.restart()
    expect(office.believed()).toEqual([])
    office.register.set('a1', decided())
    await office.restart()
    expect(office.lines()).toEqual(lines)
  })

  it('end in the same whatever the order of records, decisions and starts', async () => {
    type Event = { readonly is: 'drove' | 'decided' | 'start'; readonly at: number }
    const drives: readonly (readonly [string, string | null, string, string])[] = [
      ['v1', null, '05:00', '08:00'],
      ['v1', 'B', '08:05', '09:00'],
      ['v1', null, '09:10', '11:00'],
      ['v2', 'A', '08:10', '10:10'],
      ['v2', 'A', '11:10', '15:30'],
      ['v3', null, '15:40', '17:00'],
    ]
    const decisions = [
      decided({ alert: 'x', fromMs: at('05:30:00'), toMs: at('05:30:00'), atMs: 1 }),
      decided({ alert: 'y', fromMs: at('09:30:00'), toMs: at('09:30:00'), atMs: 2 }),
      decided({ alert: 'z', vehicle: 'v3', fromMs: at('16:00:00'), toMs: at('16:00:00'), atMs: 3 }),
    ]
    const all: Event[] = [
      ...drives.map((_, i) => ({ is: 'drove' as const, at: i })),
      ...decisions.map((_, i) => ({ is: 'decided' as const, at: i })),
      { is: 'start', at: 0 },
    ]
    const endOf = async (events: readonly Event[]): Promise<string[]> => {
      const office = new Office()
      for (const event of events) {
        if (event.is === 'drove') await office.drove(...drives[event.at]!)
        else if (event.is === 'decided') await office.decide(decisions[event.at]!)
        else await office.restart()
      }
      return office.lines()
    }
    const expected = await endOf(all)
    expect(expected.length).toBeGreaterThan(2)
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(all, { minLength: all.length }), async (events) => {
        expect(await endOf(events)).toEqual(expected)
      }),
      { numRuns: 60 },
    )
  })
})
