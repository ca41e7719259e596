import { describe, expect, it } from 'vitest'
import type { TapeRecord } from '../../proto/tape.ts'
import { emissionsOfSecond } from '../../sim/emissions.ts'
import { planOf } from '../../sim/scenario.ts'
import { scenarios } from '../../sim/scenarios/index.ts'
import { tapeOf } from '../../sim/tape.ts'
import { readTape } from '../../sim/tapes/read.ts'
import { beijing } from '../help/drive.ts'

const plan = planOf(scenarios.get('faulty-lines')!)

async function recordsOf() {
  const records: TapeRecord[] = []
  let header: unknown = null
  async function* bytes() {
    yield* tapeOf(plan)
  }
  for await (const part of readTape(bytes(), 'made')) {
    if (part.is === 'header') header = part.header
    else if (part.is === 'records') records.push(...part.records)
    else throw new Error(part.told)
  }
  return { header, records }
}

describe('a tape of a scenario', async () => {
  const { header, records } = await recordsOf()

  it('begins with where it comes from and what was in force', () => {
    expect(header).toMatchObject({
      format: 'roadwarden-tape',
      kind: 'synthetic',
      vehicle: plan.scenario.vehicle.id,
      trip: plan.scenario.trip.id,
      documents: { vehicle: plan.scenario.vehicle, trips: [plan.scenario.trip] },
    })
    expect((header as { origin: string }).origin).toMatch(/synthetic/i)
  })

  it('holds every byte that a plugged cable carried, line by line in order', () => {
    const pulled = (clock: string): number => beijing(`2026-11-23 ${clock}`)
    for (const [name, fromMs, toMs] of [
      ['gnss', pulled('09:20:00'), pulled('09:21:00')],
      ['can', pulled('09:23:00'), pulled('09:24:00')],
    ] as const) {
      let expected = ''
      for (let atMs = plan.startMs; atMs < plan.endMs; atMs += 1000)
        if (atMs < fromMs || atMs >= toMs)
          for (const { line, text } of emissionsOfSecond(plan, atMs)) if (line === name) expected += text
      const held = records.flatMap((record) =>
        record.is === 'bytes' && record.line === name ? [record] : [],
      )
      expect(held.map(({ bytes }) => Buffer.from(bytes).toString('latin1')).join('')).toBe(expected)
      for (const [index, { wallMs }] of held.entries()) {
        expect(wallMs).toBeGreaterThanOrEqual(held[index - 1]?.wallMs ?? plan.startMs)
        expect(wallMs >= fromMs + 1000 && wallMs < toMs).toBe(false)
      }
      const turns = records.flatMap((record) =>
        record.is === 'line' && record.line === name ? [[record.wallMs, record.up]] : [],
      )
      expect(turns).toEqual([
        [plan.startMs, true],
        [fromMs, false],
        [toMs, true],
      ])
    }
  })
})
