import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Emission, emissionsOfSecond, type LineName } from '../../sim/emissions.ts'
import type { Line } from '../../sim/line.ts'
import { paceDrive } from '../../sim/pacer.ts'
import { type Plan, planOf } from '../../sim/scenario.ts'
import { scenarios } from '../../sim/scenarios/index.ts'
import { createWorld, type WorldHand } from '../../sim/world.ts'

/** A cable that remembers what went in, and when. */
function memoryLine(world: WorldHand) {
  const writes: { atMs: number; text: string }[] = []
  const plugs: string[] = []
  let release: (() => void) | null = null
  const state = { blocked: false }
  const line: Line = {
    path: 'memory',
    write: (text) => {
      writes.push({ atMs: world.nowMs(), text })
      return !state.blocked
    },
    drained: () =>
      state.blocked
        ? new Promise((resolve) => {
            release = resolve
          })
        : Promise.resolve(),
    unplug: async () => void plugs.push('unplug'),
    plug: async () => void plugs.push('plug'),
    close: async () => {},
  }
  const free = (): void => {
    state.blocked = false
    release?.()
  }
  return { line, writes, plugs, state, free }
}

function short(name: string, from: string, to: string): Plan {
  const plan = planOf(scenarios.get(name)!)
  return { ...plan, startMs: Date.parse(from), endMs: Date.parse(to) }
}

function worldOf(plan: Plan, factor: number): WorldHand {
  const folder = mkdtempSync(join(tmpdir(), 'roadwarden-pacer-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return createWorld(join(folder, 'world.json'), plan.startMs, factor)
}

async function pace(plan: Plan, world: WorldHand, signal = new AbortController().signal) {
  const gnss = memoryLine(world)
  const can = memoryLine(world)
  const seconds: number[] = []
  const emissions = (secondMs: number): readonly Emission[] => emissionsOfSecond(plan, secondMs)
  const eachSecond = async (worldMs: number): Promise<void> => void seconds.push(worldMs)
  world.resume()
  const done = paceDrive(plan, { gnss: gnss.line, can: can.line }, world, emissions, eachSecond, signal)
  return { gnss, can, seconds, done }
}

describe('the pacer', () => {
  it('writes everything, in order, and nothing early', async () => {
    const plan = short('night-coach', '2026-11-22T15:45:00Z', '2026-11-22T15:46:00Z')
    const { gnss, can, seconds, done } = await pace(plan, worldOf(plan, 500))
    await done
    const due: Record<LineName, Emission[]> = { gnss: [], can: [], peripheral: [] }
    for (let atMs = plan.startMs; atMs < plan.endMs; atMs += 1000)
      for (const emission of emissionsOfSecond(plan, atMs)) due[emission.line].push(emission)
    for (const [name, { writes }] of Object.entries({ gnss, can })) {
      const expected = due[name as 'gnss' | 'can']
      expect(writes.map(({ text }) => text).join('')).toBe(expected.map(({ text }) => text).join(''))
      let next = 0
      for (const { atMs, text } of writes) {
        let bytes = text.length
        for (; bytes > 0; next++) {
          bytes -= expected[next]!.text.length
          expect(atMs).toBeGreaterThanOrEqual(expected[next]!.atMs)
        }
        expect(bytes).toBe(0)
      }
    }
    expect(seconds).toHaveLength(60)
  })

  it('stops the world while a reader does not read', async () => {
    const plan = short('night-coach', '2026-11-22T15:45:00Z', '2026-11-22T15:45:30Z')
    const world = worldOf(plan, 60)
    const started = await pace(plan, world)
    started.gnss.state.blocked = true
    await expect.poll(() => world.isPaused(), { interval: 10 }).toBe(true)
    expect(started.seconds.length).toBeLessThan(30)
    started.gnss.free()
    await started.done
    expect(world.isPaused()).toBe(false)
    expect(started.seconds).toHaveLength(30)
  })

  it('pulls the cables as the faults say', async () => {
    const plan = short('faulty-lines', '2026-11-23T01:19:55Z', '2026-11-23T01:24:05Z')
    const { gnss, can, done } = await pace(plan, worldOf(plan, 2000))
    await done
    expect(gnss.plugs).toEqual(['unplug', 'plug'])
    expect(can.plugs).toEqual(['unplug', 'plug'])
  })

  it('ends soon when it is told to, paused or not', async () => {
    const plan = short('night-coach', '2026-11-22T15:45:00Z', '2026-11-22T16:45:00Z')
    for (const paused of [false, true]) {
      const world = worldOf(plan, 1)
      const stop = new AbortController()
      const { done, seconds } = await pace(plan, world, stop.signal)
      if (paused) world.pause()
      stop.abort()
      await done
      expect(seconds.length).toBeLessThan(3)
    }
  })
})
