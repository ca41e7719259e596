import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { serialPort } from '../../../device/ports/serial.ts'
import { eventually, mustSkip } from '../../help/external.ts'
import { Pty } from '../../help/pty.ts'

type Heard = { readonly text: string; readonly openedMs: number; readonly atMs: readonly number[] }

/** What a port that is open hears of what is sent, until it has heard so many bytes, and when each piece of it came. */
async function heard(sliceMs: number, bytes: number, send: (pty: Pty) => Promise<void>): Promise<Heard> {
  const folder = mkdtempSync(join(tmpdir(), 'slices-'))
  const pty = new Pty(join(folder, 'tty'))
  await pty.plug()
  let text = ''
  let up = false
  const atMs: number[] = []
  const openedMs = performance.now()
  const port = serialPort(pty.path, 115_200, { sliceMs })({
    bytes: (piece) => {
      atMs.push(performance.now())
      text += Buffer.from(piece).toString('latin1')
    },
    up: () => {
      up = true
    },
    down: () => {},
  })
  await eventually('the line', () => up)
  await send(pty)
  await eventually('all bytes', () => text.length >= bytes)
  await port.close()
  await pty.pull()
  rmSync(folder, { recursive: true })
  return { text, openedMs, atMs }
}

describe.skipIf(mustSkip('socat'))('a line read in slices', () => {
  it('brings the same bytes in no more pieces than slices have passed, however slow the machine', async () => {
    const sliceMs = 20
    const frames = Array.from({ length: 100 }, (_, i) => `${String(i).padStart(3, '0')}\r`)
    const burst = async (pty: Pty): Promise<void> => {
      for (const frame of frames) {
        pty.send(Buffer.from(frame))
        await new Promise((resolve) => setTimeout(resolve, 3))
      }
    }
    const [whole, sliced] = [await heard(0, 400, burst), await heard(sliceMs, 400, burst)]
    expect([whole.text, sliced.text]).toEqual([frames.join(''), frames.join('')])
    const tookMs = sliced.atMs.at(-1)! - sliced.openedMs
    // Timers may be a millisecond early.
    expect(sliced.atMs.length).toBeLessThanOrEqual(tookMs / (sliceMs - 1) + 2)
  })

  it('that was left unread for a while is caught up with at once, not 4 KiB a slice', async () => {
    const sliceMs = 1500
    const all = 't7DF8021C0D0000000000\r'.repeat(2700)
    const { text, atMs } = await heard(sliceMs, all.length, async (pty) => pty.send(Buffer.from(all)))
    expect(text).toBe(all)
    const waits = atMs.slice(1).filter((ms, index) => ms - atMs[index]! >= sliceMs / 2)
    // A slice after the first byte, and one where the writer did not keep up with the reader: seven would be one for each 8 KiB.
    expect(waits.length).toBeLessThanOrEqual(2)
  })
})
