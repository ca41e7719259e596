import { expect, test } from 'vitest'
import { bareDocuments } from '../../device/documents.ts'
import { type Log, silentLog } from '../../device/log.ts'
import { createMemoryOutbox } from '../../device/outbox/memory.ts'
import type { Outbox } from '../../device/outbox/outbox.ts'
import { Recorder } from '../../device/recorder.ts'
import { noTally, type Tally, unsavedMax } from '../../device/tally.ts'
import type { EnvelopeBody } from '../../proto/model.ts'
import { coach } from '../contract/outbox.ts'
import { alarm, noon } from '../help/envelopes.ts'

const spoken = (atMs: number): EnvelopeBody => ({
  is: 'spoken',
  spoken: { version: 1, digest: 'ab', atMs, outcome: 'said' },
})

test('what the disk refused for too long is lost oldest first, counted, said once, and counted on the disk when it is back', () => {
  let refusing = true
  const inner = createMemoryOutbox(coach)
  const outbox: Outbox = {
    ...inner,
    epoch: inner.epoch,
    bootCount: inner.bootCount,
    reset: null,
    stats: () => inner.stats(),
    sync: () => inner.sync(),
    append: (...given) => {
      if (refusing) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
      return inner.append(...given)
    },
  }
  const said: string[] = []
  const error = (...given: readonly unknown[]): void => void said.push(String(given[1]))
  const log: Log = { ...silentLog, error }
  const lost: string[] = []
  let unsaved = 0
  const tally: Tally = {
    ...noTally,
    dropped: (what, reason) => void lost.push(`${what} ${reason}`),
    unsaved: (bodies) => {
      unsaved = bodies
    },
  }
  const vehicle = {
    id: 'coach-1',
    fleet: 'north',
    plate: null,
    class: 'coach',
    serviceClass: 'scheduled',
  } as const
  const documents = bareDocuments({ ...vehicle, oneWayKm: 1150, relay: null } as never)
  const recorder = new Recorder({
    ...{ outbox, log, tally, detectors: [], closedIntervals: () => [], documents: () => documents },
    world: { nowMs: () => noon, factor: () => 1 } as never,
    tell: () => {},
    sealed: () => {},
  })
  for (let i = 0; i < 3; i++) recorder.record(alarm(noon + i))
  for (let i = 0; i < 2; i++) recorder.record(spoken(noon + i))
  for (let i = 0; i < unsavedMax - 1; i++) recorder.record(alarm(noon + 10 + i))
  expect(lost).toEqual([...Array<string>(3).fill('findings unsaved-full'), 'records unsaved-full'])
  expect(unsaved).toBe(unsavedMax)
  expect(said.filter((message) => message.includes('findings are lost'))).toHaveLength(1)
  refusing = false
  recorder.sync()
  recorder.sync()
  expect(unsaved).toBe(0)
  expect(inner.stats()).toMatchObject({
    waiting: { alarm: unsavedMax },
    evictedBy: [
      { class: 'alarm', reason: 'refused', count: 3 },
      { class: 'low', reason: 'refused', count: 1 },
    ],
  })
})
