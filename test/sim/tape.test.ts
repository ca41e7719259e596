import { describe, expect, it } from 'vitest'
import { emissionsOfSecond } from '../../sim/emissions.ts'
import { planOf } from '../../sim/scenario.ts'
import { scenarios } from '../../sim/scenarios/index.ts'
import { tapeLines } from '../../sim/tape.ts'
import { beijing } from '../help/drive.ts'

describe('a tape of a scenario', () => {
  const plan = planOf(scenarios.get('faulty-lines')!)
  const [header, ...writes] = [...tapeLines(plan)].map((line) => JSON.parse(line) as Record<string, unknown>)
  const rows = writes as unknown as readonly { atMs: number; line: 'gnss' | 'can'; text: string }[]

  it('begins with where it comes from', () => {
    expect(header).toMatchObject({
      kind: 'tape',
      version: 1,
      scenario: 'faulty-lines',
      startMs: plan.startMs,
    })
    expect(header!['origin']).toMatch(/synthetic/i)
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
      const held = rows.filter(({ line }) => line === name)
      expect(held.map(({ text }) => text).join('')).toBe(expected)
      for (const [index, { atMs }] of held.entries()) {
        expect(atMs).toBeGreaterThanOrEqual(held[index - 1]?.atMs ?? plan.startMs)
        expect(atMs >= fromMs + 1000 && atMs < toMs).toBe(false)
      }
    }
  })
})
