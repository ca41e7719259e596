import { expect, it } from 'vitest'
import { createPublisher, underWayMax } from '../../../gateway/alerts/publisher.ts'
import { createMemoryJournal } from '../../../gateway/journal/memory.ts'
import { emptyGroup } from '../../../gateway/journal.ts'
import { alertOf } from '../desk/world.ts'

/** Alerts that were journaled, and an officer who takes only some of them. */
async function journaled(count: number) {
  const journal = createMemoryJournal()
  const alerts = Array.from({ length: count }, (_, n) => alertOf(n))
  await journal.append({ ...emptyGroup, alerts })
  return journal
}
const never = new Promise<void>(() => {})

it('an officer who does not read holds nobody else up: what comes after is sent, and no more than a bound is kept for him', async () => {
  const journal = await journaled(256 * 20)
  const topics: string[] = []
  const reads = (topic: string): Promise<void> => {
    topics.push(topic)
    return never
  }
  const publisher = createPublisher(journal, reads, () => {})
  publisher.poke()
  await expect.poll(() => topics.length).toBe(256 * 16 * 2)
  expect([publisher.underWay(), underWayMax]).toEqual([256 * 16, 256 * 16])
  publisher.stop()
})

it('is idle when the last one has taken it', async () => {
  const journal = await journaled(3)
  const takers: (() => void)[] = []
  const publisher = createPublisher(
    journal,
    () => new Promise((take) => takers.push(take)),
    () => {},
  )
  publisher.poke()
  let isIdle = false
  const idle = publisher.idle().then(() => {
    isIdle = true
  })
  await expect.poll(() => journal.unpublished(10).length).toBe(0)
  expect([takers.length, isIdle, publisher.underWay()]).toEqual([6, false, 3])
  for (const take of takers) take()
  await idle
  expect(publisher.underWay()).toBe(0)
})
