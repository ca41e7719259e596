import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { everyWorldSecond, LoopWatch, worldFromFile } from '../../device/clock.ts'

describe('world time of a file', () => {
  let folder: string
  let file: string
  let nowMs = 0
  const host = { nowMs: () => 5000 + nowMs, monoMs: () => nowMs }
  const write = (world: object | string): void => {
    writeFileSync(file, typeof world === 'string' ? world : JSON.stringify(world))
    // Two writes may fall into one tick of the file system's clock; the simulator renames, which changes the inode.
    utimesSync(file, new Date(), new Date(Date.now() + nowMs + 1))
  }
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'world-'))
    file = join(folder, 'world.json')
    nowMs = 0
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('runs at the factor, stands while paused, and follows the file', () => {
    write({ anchorHostMs: 5000, anchorWorldMs: 1_000_000, factor: 120, paused: false })
    const world = worldFromFile(file, host)
    expect([world.nowMs(), world.factor()]).toEqual([1_000_000, 120])
    nowMs = 10
    expect(world.nowMs()).toBe(1_001_200)
    nowMs = 100
    write({ anchorHostMs: 5100, anchorWorldMs: 1_012_000, factor: 120, paused: true })
    nowMs = 200
    expect(world.nowMs()).toBe(1_012_000)
  })

  it('keeps the last world while the file is half written or gone', () => {
    write({ anchorHostMs: 5000, anchorWorldMs: 0, factor: 2, paused: false })
    const world = worldFromFile(file, host)
    nowMs = 100
    write('{"anchorHostMs":')
    expect(world.nowMs()).toBe(200)
    nowMs = 200
    rmSync(file)
    expect(world.nowMs()).toBe(400)
  })

  it('refuses a file that is not a world at the start', () => {
    write({ anchorHostMs: 1, factor: 0 })
    expect(() => worldFromFile(file, host)).toThrow(/world\.json: /)
  })
})

describe('time that passes', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 0 })
  })
  afterEach(() => {
    vi.useRealTimers()
  })
  const host = { nowMs: () => Date.now(), monoMs: () => Date.now() }

  it('ticks once per world second, never before the loop came round on time', () => {
    const ticks: number[] = []
    const second = everyWorldSecond({ nowMs: () => Date.now() * 10, factor: () => 10 }, host, () =>
      ticks.push(Date.now()),
    )
    vi.advanceTimersByTime(450)
    expect(ticks).toEqual([105, 205, 305, 405])
    second.stop()
    vi.advanceTimersByTime(1000)
    expect(ticks).toHaveLength(4)
  })

  it('waits with the tick while the machine is late', () => {
    const ticks: number[] = []
    const second = everyWorldSecond({ nowMs: () => Date.now(), factor: () => 1 }, host, () =>
      ticks.push(Date.now()),
    )
    vi.advanceTimersByTime(1001)
    // The process gets no core for half a second: the settling timer fires late, so it is set again.
    vi.setSystemTime(1501)
    vi.advanceTimersByTime(4)
    expect(ticks).toEqual([])
    vi.advanceTimersByTime(5)
    expect(ticks).toHaveLength(1)
    second.stop()
  })

  it('knows how late the loop was, for a second', () => {
    const watch = new LoopWatch(host)
    vi.advanceTimersByTime(200)
    expect(watch.lateMs()).toBe(0)
    vi.setSystemTime(Date.now() + 300)
    // Asked before its own timer had a turn, as bytes are read before timers run.
    expect(watch.lateMs()).toBe(280)
    vi.advanceTimersByTime(900)
    expect(watch.lateMs()).toBeGreaterThanOrEqual(280)
    vi.advanceTimersByTime(200)
    expect(watch.lateMs()).toBe(0)
    watch.stop()
  })
})
