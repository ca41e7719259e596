import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { fileWorldClock, realWorld } from '../../gateway/clock.ts'
import { deskDocument } from '../../gateway/console/document.ts'
import { BadInput } from '../../proto/problem.ts'

function worldFile(): { file: string; write: (world: unknown) => void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'roadwarden-clock-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = path.join(folder, 'world.json')
  return {
    file,
    write: (world) => {
      writeFileSync(`${file}.new`, JSON.stringify(world))
      renameSync(`${file}.new`, file)
    },
  }
}

test('world time follows the file, looked at again after 20 ms of host time', () => {
  const { file, write } = worldFile()
  let hostMs = 1000
  const host = { nowMs: () => hostMs, monoMs: () => hostMs }
  write({ anchorHostMs: 1000, anchorWorldMs: 50_000, factor: 120, paused: false })
  const world = fileWorldClock(file, host)
  hostMs = 1010
  expect([world.nowMs(), world.factor()]).toEqual([51_200, 120])
  write({ anchorHostMs: 1010, anchorWorldMs: 51_200, factor: 120, paused: true })
  expect(world.nowMs()).toBe(51_200)
  hostMs = 1015
  expect(world.nowMs()).toBe(51_800)
  hostMs = 1100
  expect(world.nowMs()).toBe(51_200)
})

test('a file that is gone or broken for a moment changes nothing', () => {
  const { file, write } = worldFile()
  let hostMs = 0
  const host = { nowMs: () => hostMs, monoMs: () => hostMs }
  write({ anchorHostMs: 0, anchorWorldMs: 7, factor: 1, paused: false })
  const world = fileWorldClock(file, host)
  writeFileSync(file, '{"anchor')
  hostMs = 100
  expect(world.nowMs()).toBe(107)
  rmSync(file)
  hostMs = 200
  expect(world.nowMs()).toBe(207)
})

test('at the start a missing or wrong file is told', () => {
  const { file, write } = worldFile()
  expect(() => fileWorldClock(file)).toThrow(BadInput)
  write({ anchorHostMs: 0, anchorWorldMs: 7, factor: 0, paused: false })
  expect(() => fileWorldClock(file)).toThrow(/factor/)
})

test('a desk is told that world time stands, and that it goes on', () => {
  const { file, write } = worldFile()
  let hostMs = 0
  const host = { nowMs: () => hostMs, monoMs: () => hostMs }
  const anchor = { anchorHostMs: 0, anchorWorldMs: 7000, factor: 120 }
  write({ ...anchor, paused: true })
  const world = fileWorldClock(file, host)
  const told = () => {
    const { now, factor } = deskDocument({ world, wsPort: null, auth: 'loopback' })
    return [now, factor]
  }
  hostMs = 5000
  expect(told()).toEqual(['1970-01-01T00:00:07.000Z', 0])
  write({ ...anchor, anchorHostMs: 5000, paused: false })
  hostMs = 6000
  expect(told()).toEqual(['1970-01-01T00:02:07.000Z', 120])
  expect(deskDocument({ world: realWorld, wsPort: null, auth: 'loopback' }).factor).toBe(1)
})
