import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Link, LinkListener, OpenLink } from '../../device/link/link.ts'
import { eventually } from '../help/external.ts'

/** The broker behind a link, and another client of it. */
export type LinkBench = {
  readonly open: OpenLink
  /** Topic the link is subscribed to. */
  readonly downTopic: string
  readonly received: () => readonly { topic: string; payload: string }[]
  readonly send: (topic: string, payload: string) => Promise<void>
  readonly kill: () => Promise<void>
  readonly revive: () => Promise<void>
  readonly dispose: () => Promise<void>
}

export function linkContract(name: string, makeBench: () => Promise<LinkBench>, skip: boolean): void {
  describe.skipIf(skip)(name, () => {
    let bench: LinkBench
    let link: Link
    let news: string[] = []
    const listener: LinkListener = {
      up: () => news.push('up'),
      down: () => news.push('down'),
      message: (topic, payload) => news.push(`${topic}: ${Buffer.from(payload).toString()}`),
    }
    beforeEach(async () => {
      news = []
      bench = await makeBench()
      link = bench.open(listener)
      await eventually('up', () => link.isUp())
    })
    afterEach(async () => {
      await link.close()
      await bench.dispose()
    })

    it('carries bytes up, and says when the broker has them', async () => {
      await link.publish('up/alarm', Buffer.from('first'))
      await link.publish('up/alarm', Buffer.from('second'))
      await eventually('both', () => bench.received().length === 2)
      expect(bench.received().map(({ payload }) => payload)).toEqual(['first', 'second'])
    })

    it('hears what is sent to it from the moment it says that it is up', async () => {
      await bench.send(bench.downTopic, 'policy')
      await eventually('heard', () => news.includes(`${bench.downTopic}: policy`))
    })

    it('settles every publish when the broker dies, refuses while down, and comes back by itself', async () => {
      const flying = Array.from({ length: 50 }, (_, i) => link.publish('up/alarm', Buffer.from(`${i}`)))
      const settled = Promise.allSettled(flying)
      await bench.kill()
      await settled
      await eventually('down', () => !link.isUp())
      await expect(link.publish('up/alarm', Buffer.from('x'))).rejects.toThrow(/down/)
      await bench.revive()
      await eventually('up again', () => link.isUp())
      await link.publish('up/alarm', Buffer.from('back'))
      expect(news.filter((line) => line === 'up')).toHaveLength(2)
      expect(news.indexOf('down')).toBeGreaterThan(0)
    })

    it('says nothing more after close', async () => {
      await link.close()
      const before = news.length
      await bench.kill()
      await bench.revive()
      await new Promise((resolve) => setTimeout(resolve, 300))
      expect(news).toHaveLength(before)
      expect(link.isUp()).toBe(false)
    })
  })
}
