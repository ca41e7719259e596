import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { KeepOpenOptions } from '../../device/ports/keep-open.ts'
import type { OpenPort, Port, PortListener } from '../../device/ports/port.ts'
import { eventually } from '../help/external.ts'

/** The other end of a line: what a test does to it. */
export type PortBench = {
  readonly openPort: (options: Partial<KeepOpenOptions>) => OpenPort
  /** Puts the device there. */
  readonly plug: () => Promise<void>
  /** Takes it away without a word. */
  readonly pull: () => Promise<void>
  readonly send: (bytes: Uint8Array) => void
  readonly dispose: () => Promise<void>
}

/** Fast enough for a test, still in the order of a real line. */
const quick: Partial<KeepOpenOptions> = { backoff: { baseMs: 20, capMs: 100 }, silenceMs: 60_000 }

export function portContract(name: string, makeBench: () => Promise<PortBench>, skip: boolean): void {
  describe.skipIf(skip)(name, () => {
    let bench: PortBench
    let port: Port | null = null
    let news: string[] = []
    let chunks: Uint8Array[] = []
    const listener: PortListener = {
      bytes: (bytes) => chunks.push(Uint8Array.from(bytes)),
      up: () => news.push('up'),
      down: (why) => news.push(`down: ${why}`),
    }
    const open = (options: Partial<KeepOpenOptions> = {}): Port => {
      port = bench.openPort({ ...quick, ...options })(listener)
      return port
    }
    const heard = () => Buffer.concat(chunks)
    const kinds = () => news.map((line) => line.split(':')[0])
    const isUp = () => news.at(-1) === 'up'

    beforeEach(async () => {
      news = []
      chunks = []
      bench = await makeBench()
    })
    afterEach(async () => {
      await port?.close()
      port = null
      await bench.dispose()
    })

    it('hands over every byte value as it came, however much of it', async () => {
      await bench.plug()
      open()
      await eventually('up', isUp)
      const sent = Buffer.from(Uint8Array.from({ length: 100_000 }, (_, i) => (i * 7 + (i >> 8)) & 0xff))
      bench.send(sent)
      await eventually('all bytes', () => heard().length >= sent.length)
      expect(Buffer.compare(heard(), sent)).toBe(0)
      expect(port!.bytesRead()).toBe(sent.length)
      expect(news).toEqual(['up'])
    })

    it('says once that the device is not there, and finds it when it comes', async () => {
      open()
      await eventually('down', () => news.length > 0)
      await new Promise((resolve) => setTimeout(resolve, 300))
      expect(kinds()).toEqual(['down'])
      expect(news[0]).toMatch(/^down: .+/)
      await bench.plug()
      await eventually('up', isUp)
      bench.send(Buffer.from('$GPRMC'))
      await eventually('bytes', () => heard().toString() === '$GPRMC')
    })

    it('survives being unplugged again and again', async () => {
      await bench.plug()
      open()
      for (let round = 1; round <= 3; round++) {
        await eventually('up', isUp)
        const before = heard().length
        bench.send(Buffer.from(`round ${round}`))
        await eventually('bytes', () => heard().length === before + 7)
        await bench.pull()
        await eventually('down', () => !isUp())
        await bench.plug()
      }
      await eventually('up', isUp)
      expect(kinds()).toEqual(['up', 'down', 'up', 'down', 'up', 'down', 'up'])
    })

    it('does not trust a line that brings nothing: closed, opened again, up only when it speaks', async () => {
      await bench.plug()
      open({ silenceMs: 150 })
      await eventually('silence', () => kinds().join() === 'up,down')
      expect(news[1]).toBe('down: no bytes for 0.15 s')
      // Opening the silent line succeeds each time; that is not news.
      await new Promise((resolve) => setTimeout(resolve, 600))
      expect(kinds()).toEqual(['up', 'down'])
      await eventually('a byte gets through', () => {
        bench.send(Buffer.from('x'))
        return heard().length > 0
      })
      expect(kinds().slice(0, 3)).toEqual(['up', 'down', 'up'])
    })

    it('is quiet after close and gives the device back', async () => {
      await bench.plug()
      const first = open()
      await eventually('up', isUp)
      await first.close()
      bench.send(Buffer.from('lost'))
      await new Promise((resolve) => setTimeout(resolve, 50))
      expect(news).toEqual(['up'])
      news = []
      chunks = []
      open()
      await eventually('up again on the same device', isUp)
    })

    it('can be closed before it was ever open', async () => {
      await open().close()
      await bench.plug()
      await new Promise((resolve) => setTimeout(resolve, 200))
      expect(kinds()).not.toContain('up')
    })
  })
}
