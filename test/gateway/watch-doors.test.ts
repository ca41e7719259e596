import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createDoorkeeper } from '../../gateway/identity/doorkeeper.ts'
import { watchDoors, watchMs } from '../../gateway/watch-doors.ts'
import { tempFolder } from './help/world.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** A watch over files of its own, and what it told. */
function watching() {
  const folder = tempFolder()
  const at = (name: string): string => path.join(folder, name)
  const put = (name: string, text: string): void => writeFileSync(at(name), text)
  const revoke = (...names: string[]) => put('revoked.json', JSON.stringify({ serials: [], names }))
  revoke()
  for (const name of ['cert', 'key', 'ca']) put(name, `${name} 1`)
  const doorkeeper = createDoorkeeper({ revoked: at('revoked.json') }, () => 0)
  const told: unknown[] = []
  const tls = { cert: at('cert'), key: at('key'), ca: at('ca') }
  const watch = watchDoors({
    ...{ files: { ingest: tls, alerts: undefined, http: undefined }, doorkeeper },
    renew: (files) => told.push(files ?? 'lists'),
    log: { info: () => {}, warn: (event) => told.push(event) },
  })
  const li = { is: 'officer', name: 'li', grants: null, serial: '1', untilMs: null } as const
  return { put, revoke, told, mayLiStay: () => doorkeeper.mayStay(li), stop: () => clearInterval(watch) }
}

test('a list that changed holds at the next look, well within five seconds', () => {
  expect(watchMs).toBeLessThanOrEqual(5000)
  const { revoke, told, mayLiStay } = watching()
  vi.advanceTimersByTime(10 * watchMs)
  expect([told, mayLiStay()]).toEqual([[], true])
  revoke('li')
  vi.advanceTimersByTime(watchMs - 1)
  expect(told).toEqual([])
  vi.advanceTimersByTime(1)
  expect([told, mayLiStay()]).toEqual([['lists'], false])
  vi.advanceTimersByTime(10 * watchMs)
  expect(told).toEqual(['lists'])
})

test('certificates that changed are taken', () => {
  const { put, told } = watching()
  put('cert', 'cert number 2')
  vi.advanceTimersByTime(watchMs)
  const ingest = { cert: 'cert number 2', key: 'key 1', ca: 'ca 1' }
  expect(told).toEqual([{ ingest, alerts: null, http: null }])
})

test('a list that cannot be read changes nothing, is told once, and holds when it is mended', () => {
  const { put, revoke, told, mayLiStay } = watching()
  revoke('li')
  vi.advanceTimersByTime(watchMs)
  put('revoked.json', '{ "serials": [')
  vi.advanceTimersByTime(2 * watchMs)
  expect([told, mayLiStay()]).toEqual([['lists', 'doors-kept'], false])
  revoke()
  vi.advanceTimersByTime(watchMs)
  expect([told.at(-1), mayLiStay()]).toEqual(['lists', true])
})
