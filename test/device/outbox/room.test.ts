import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { isRefusal, Room } from '../../../device/outbox/room.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'room-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

it('puts a reserve by while there is plenty, gives it back once, and puts it by again later', () => {
  let nowMs = 0
  const room = new Room(folder, () => nowMs)
  const reserve = join(folder, 'outbox.reserve')
  room.keep()
  expect(existsSync(reserve)).toBe(true)
  expect([room.release(), existsSync(reserve), room.release()]).toEqual([true, false, false])
  room.keep()
  expect(existsSync(reserve)).toBe(false)
  nowMs += 10_000
  room.keep()
  expect(existsSync(reserve)).toBe(true)
})

it('with room enough the outbox may hold what its configuration allows', () => {
  expect(new Room(folder, () => 0).capOf(1000, 10)).toBe(1000)
})

it('tells a disk that refuses from a file that is spoiled', () => {
  const withCode = (more: object): Error => Object.assign(new Error('x'), more)
  for (const errcode of [13, 10, 266, 8, 14]) expect(isRefusal(withCode({ errcode }))).toBe(true)
  for (const code of ['ENOSPC', 'EROFS', 'EIO', 'EDQUOT']) expect(isRefusal(withCode({ code }))).toBe(true)
  for (const other of [
    withCode({ errcode: 11 }),
    withCode({ errcode: 26 }),
    withCode({ code: 'ENOENT' }),
    'full',
    null,
  ])
    expect(isRefusal(other)).toBe(false)
})
