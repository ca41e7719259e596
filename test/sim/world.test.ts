import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { worldAt, worldSchema } from '../../proto/clocks.ts'
import { createWorld } from '../../sim/world.ts'

const startMs = Date.parse('2026-11-22T15:40:00Z')

describe('the world', () => {
  let hostMs = 1_000_000
  let folder = ''
  const make = (factor = 120) => createWorld(join(folder, 'world.json'), startMs, factor, () => hostMs)
  const read = () => worldSchema.parse(JSON.parse(readFileSync(join(folder, 'world.json'), 'utf8')))

  beforeEach(() => {
    hostMs = 1_000_000
    folder = mkdtempSync(join(tmpdir(), 'roadwarden-world-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
  })

  it('begins paused, so that everybody can get ready', () => {
    const world = make()
    hostMs += 5000
    expect(world.nowMs()).toBe(startMs)
    expect(read()).toMatchObject({ paused: true, anchorWorldMs: startMs, factor: 120 })
  })

  it('runs at its factor, and a reader of the file sees the same time', () => {
    const world = make()
    hostMs += 3000
    world.resume()
    hostMs += 1000
    expect(world.nowMs()).toBe(startMs + 120_000)
    expect(worldAt(read(), hostMs)).toBe(world.nowMs())
  })

  it('stands while paused and loses nothing of it', () => {
    const world = make()
    world.resume()
    hostMs += 500
    world.pause()
    hostMs += 60_000
    world.pause()
    expect(world.nowMs()).toBe(startMs + 60_000)
    expect(worldAt(read(), hostMs)).toBe(startMs + 60_000)
    world.resume()
    world.resume()
    hostMs += 500
    expect(world.nowMs()).toBe(startMs + 120_000)
    expect(worldAt(read(), hostMs)).toBe(startMs + 120_000)
  })

  it('can be held to a pace and let go, running or not, and no moment is left out or told twice', () => {
    const world = make()
    world.resume()
    hostMs += 1000
    world.holdTo(10)
    hostMs += 3000
    expect([world.nowMs(), world.factor()]).toEqual([startMs + 150_000, 10])
    expect([worldAt(read(), hostMs), read().factor]).toEqual([world.nowMs(), 10])
    world.pause()
    world.holdTo(Number.POSITIVE_INFINITY)
    hostMs += 9000
    expect([world.nowMs(), world.isPaused()]).toEqual([startMs + 150_000, true])
    world.resume()
    hostMs += 1000
    expect([worldAt(read(), hostMs), world.factor()]).toEqual([startMs + 270_000, 120])
    world.holdTo(500)
    expect(world.factor()).toBe(120)
  })

  it('lets those who wait go on when it runs again', async () => {
    const world = make()
    let gone = false
    const waiting = world.running().then(() => {
      gone = true
    })
    await Promise.resolve()
    expect(gone).toBe(false)
    world.resume()
    await waiting
    expect(gone).toBe(true)
    await world.running()
  })

  it('leaves nothing beside its file', () => {
    const world = make()
    world.resume()
    world.pause()
    expect(readdirSync(folder)).toEqual(['world.json'])
  })
})
