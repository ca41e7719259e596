import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type About, type AlertDraft, becomesAlert, revise, withdraw } from '../../../gateway/alerts/alert.ts'
import { catalog } from '../../../proto/catalog.ts'
import { alertId } from '../../../proto/ids.ts'
import type { Finding } from '../../../proto/model.ts'
import { alarm, startMs } from '../help/envelopes.ts'

const about: About = {
  fleet: 'f1',
  vehicle: 'v1',
  plate: '浙A12345',
  words: { plate: '浙A12345', zone: 'Asia/Shanghai', vehicleClass: 'coach', serviceClass: 'scheduled' },
  policyDigest: '0'.repeat(64),
  receivedAtMs: startMs + 20_000,
  late: false,
  supersedes: null,
}

function finding(known: Partial<Finding>): Finding {
  const { body } = alarm(1, known, null)
  if (body.is !== 'finding') throw new Error('not a finding')
  return body.finding
}

const phases: readonly Finding[] = [
  finding({ phase: 'started', decidedAtMs: startMs + 10_000 }),
  finding({ phase: 'updated', decidedAtMs: startMs + 20_000, severity: 'critical' }),
  finding({ phase: 'updated', decidedAtMs: startMs + 30_000 }),
  finding({ phase: 'ended', decidedAtMs: startMs + 40_000, atMs: startMs + 35_000 }),
]

const tell = (said: readonly Finding[]): AlertDraft | null =>
  said.reduce<AlertDraft | null>((alert, one) => revise(alert, one, 'id', about) ?? alert, null)

describe('a finding becomes an alert', () => {
  test('with the finding, the vehicle and the words that explain it', () => {
    expect(revise(null, phases[0]!, 'f1/v1/7/alarm/1', about)).toMatchObject({
      id: alertId({ id: 'speeding', version: 1 }, 'f1/v1/7/alarm/1'),
      revision: 1,
      kind: 'speeding',
      phase: 'started',
      fleet: 'f1',
      vehicle: 'v1',
      plate: '浙A12345',
      at: '2025-11-22T17:50:00.000Z',
      decidedAt: '2025-11-22T17:50:10.000Z',
      receivedAt: '2025-11-22T17:50:20.000Z',
      late: false,
      supersedes: null,
      explain: { zh: expect.stringContaining('证据充分'), en: expect.stringContaining('suspected') },
    })
  })

  test('one revision per phase, the same phase again is none', () => {
    let alert: AlertDraft | null = null
    for (const [index, phase] of phases.entries()) {
      const next: AlertDraft | null = revise(alert, phase, 'id', about)
      expect(next?.revision).toBe(index + 1)
      expect(revise(next, phase, 'id', about)).toBeNull()
      alert = next
    }
  })

  test('whatever order the phases come in, and however often, the last revision says the same', () => {
    const { revision: _calm, ...truth } = tell(phases)!
    const order = fc.array(fc.nat(3), { maxLength: 12 }).map((extra) => [...extra, 0, 1, 2, 3])
    fc.assert(
      fc.property(
        order.chain((indexes) => fc.shuffledSubarray(indexes, { minLength: indexes.length })),
        (indexes) => {
          const { revision: _revision, ...told } = tell(indexes.map((index) => phases[index]!))!
          expect(told).toEqual(truth)
        },
      ),
    )
  })

  test('kinds for the driver alone do not, nor kinds nobody knows', () => {
    const silent = Object.keys(catalog).filter((kind) => !becomesAlert(kind))
    expect(silent).toContain('speeding-warning')
    expect(silent).not.toContain('curfew-warning')
    expect(becomesAlert('teleported')).toBe(false)
  })

  test('evidence that no sentence can be made of is told by the name of the kind', () => {
    for (const kind of Object.keys(catalog).filter(becomesAlert)) {
      const odd = finding({
        kind,
        reason: 'odd',
        rule: { id: kind, version: 1 },
        evidence: { sinceMs: 1e300, peakKmh: 'x' },
      })
      expect(revise(null, odd, 'id', about)?.explain.en.length).toBeGreaterThan(0)
    }
  })

  test('taken back once, and nothing comes after', () => {
    const alert = tell(phases.slice(0, 1))!
    const taken = withdraw({ ...alert, cursor: 5 } as AlertDraft, startMs + 90_000)!
    expect(taken).toEqual({
      ...alert,
      revision: 2,
      receivedAt: '2025-11-22T17:51:30.000Z',
      late: true,
      withdrawn: true,
    })
    expect(withdraw(taken, startMs)).toBeNull()
    expect(revise(taken, phases[3]!, 'id', about)).toBeNull()
  })
})
