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

const mebibyte = 2 ** 20
/** A disk with so much left, and the cap of an outbox that holds 5 MiB of 100. */
const capWith = (bytes: number, files: { files: number; ffree: number }, held = 5 * mebibyte): number =>
  new Room(folder, () => 0, { statfs: () => ({ bavail: bytes / 4096, bsize: 4096, ...files }) }).capOf(
    100 * mebibyte,
    held,
  )
const many = { files: 1e6, ffree: 1e5 }

it('the outbox grows only while 10 MiB stay free for the rest of the machine', () => {
  expect(capWith(200 * mebibyte, many)).toBe(100 * mebibyte)
  expect(capWith(30 * mebibyte, many)).toBe(25 * mebibyte)
  expect(capWith(10 * mebibyte, many)).toBe(5 * mebibyte)
  expect(capWith(8 * mebibyte, many)).toBe(3 * mebibyte)
  // On the fullest disk it may still hold half a mebibyte.
  expect(capWith(0, many)).toBe(mebibyte / 2)
})

it('the outbox stays as it is where fewer than 100 files are left', () => {
  expect(capWith(200 * mebibyte, { files: 1e6, ffree: 100 })).toBe(100 * mebibyte)
  expect(capWith(200 * mebibyte, { files: 1e6, ffree: 99 })).toBe(5 * mebibyte)
  // A file system that does not count files says 0 of 0.
  expect(capWith(200 * mebibyte, { files: 0, ffree: 0 })).toBe(100 * mebibyte)
})

it('a disk that does not say how full it is limits nothing', () => {
  const silent = (): never => {
    throw new Error('EIO')
  }
  expect(new Room(folder, () => 0, { statfs: silent }).capOf(1000, 10)).toBe(1000)
})

it('the black box gives room back, oldest first, before the outbox gives up anything', () => {
  let free = 9 * mebibyte
  let files = 4
  const box = {
    statfs: () => ({ bavail: free / 4096, bsize: 4096, files: 1e6, ffree: 1e5 }),
    giveBack: () => {
      if (files === 0) return false
      files--
      free += 4 * mebibyte
      return true
    },
  }
  const room = new Room(folder, () => 0, box)
  // Three of its files, until twice the headroom is free: the outbox keeps its whole cap.
  expect(room.capOf(10 * mebibyte, 5 * mebibyte)).toBe(10 * mebibyte)
  expect([files, room.takeGiven(), room.takeGiven()]).toEqual([1, 3, 0])
  free = 0
  files = 1
  const late = new Room(folder, () => 0, box)
  // It has nothing more to give: now the outbox must.
  expect(late.capOf(100 * mebibyte, 9 * mebibyte)).toBe(3 * mebibyte)
  expect([files, late.takeGiven()]).toEqual([0, 1])
})

it('files that run out are room as well: the black box gives them back', () => {
  let ffree = 150
  let given = 0
  const room = new Room(folder, () => 0, {
    statfs: () => ({ bavail: 1e6, bsize: 4096, files: 1e6, ffree }),
    giveBack: () => {
      given++
      ffree += 30
      return true
    },
  })
  expect(room.capOf(1000, 10)).toBe(1000)
  expect(given).toBe(2)
})
