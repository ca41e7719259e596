import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { serveMetrics } from '../../device/metrics-server.ts'
import { createMemoryOutbox } from '../../device/outbox/memory.ts'
import type { Outbox } from '../../device/outbox/outbox.ts'
import { openSqliteOutbox } from '../../device/outbox/sqlite.ts'
import { StandInOutbox } from '../../device/outbox/stand-in.ts'
import { notReadyWhy } from '../../device/readiness.ts'
import { coach } from '../contract/outbox.ts'
import { noon } from '../help/envelopes.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'readiness-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const closing = (outbox: Outbox): Outbox => {
  onTestFinished(() => outbox.close())
  return outbox
}
const mebibyte = 2 ** 20
const disk =
  (mebibytes: number, files = 1e6) =>
  () => ({
    ...{ bavail: mebibytes * 256, bsize: mebibyte / 256 },
    ...{ files: 2e6, ffree: files },
  })

test('a terminal is ready while the disk has room in bytes and in files', () => {
  const outbox = closing(openSqliteOutbox(folder, coach, () => noon))
  expect(notReadyWhy(outbox, folder, disk(16, 200))).toBeNull()
  expect(notReadyWhy(outbox, folder, disk(15))).toBe('the disk is nearly full: 15 MiB left')
  expect(notReadyWhy(outbox, folder, disk(1000, 199))).toBe('the disk has room for only 199 more files')
  // A file system that does not count files says 0 of 0.
  const uncounted = () => ({ ...disk(1000)(), files: 0, ffree: 0 })
  expect(notReadyWhy(outbox, folder, uncounted)).toBeNull()
})

test('a folder that is gone, and a disk that does not answer, are reasons and no errors', () => {
  const outbox = closing(openSqliteOutbox(folder, coach, () => noon))
  expect(notReadyWhy(outbox, join(folder, 'gone'))).toMatch(/gone cannot be looked at \(ENOENT\)$/)
  const broken = (): never => {
    throw Object.assign(new Error('i/o error'), { code: 'EIO' })
  }
  expect(notReadyWhy(outbox, folder, broken)).toContain('(EIO)')
})

test('an outbox that is in memory only is not ready, and ready once the disk took it', () => {
  expect(notReadyWhy(createMemoryOutbox(coach), folder, disk(1000))).toContain('in memory only')
  let nowMs = noon
  const given = { folder, options: coach, nowMs: () => nowMs, stored: () => {} }
  const outbox = closing(new StandInOutbox(given))
  expect(notReadyWhy(outbox, folder, disk(1000))).toContain('in memory only')
  nowMs += 5000
  outbox.sync()
  expect(notReadyWhy(outbox, folder, disk(1000))).toBeNull()
})

test('/readyz answers 503 with the reason, and 200 when there is none; the others answer all the while', async () => {
  let why: string | null = 'the disk is nearly full: 3 MiB left'
  const server = serveMetrics({ port: 0, notReady: () => why, text: () => 'link_up 1\n' }, () => {})
  onTestFinished(() => void server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  const ask = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`)
    return [response.status, await response.text()]
  }
  expect(await ask('/readyz')).toEqual([503, 'the disk is nearly full: 3 MiB left\n'])
  expect(await ask('/metrics')).toEqual([200, 'link_up 1\n'])
  expect((await ask('/healthz'))[0]).toBe(200)
  why = null
  expect(await ask('/readyz')).toEqual([200, 'ready\n'])
})
