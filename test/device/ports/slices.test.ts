import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { serialPort } from '../../../device/ports/serial.ts'
import { eventually, mustSkip } from '../../help/external.ts'
import { Pty } from '../../help/pty.ts'

/** Pieces that a burst of small writes arrives in, all bytes of it, and how long it took. */
async function pieces(sliceMs: number): Promise<{ count: number; text: string; tookMs: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'slices-'))
  const pty = new Pty(join(folder, 'tty'))
  await pty.plug()
  let count = 0
  let text = ''
  let up = false
  const openedMs = performance.now()
  const port = serialPort(pty.path, 115_200, { sliceMs })({
    bytes: (bytes) => {
      count++
      text += Buffer.from(bytes).toString('latin1')
    },
    up: () => {
      up = true
    },
    down: () => {},
  })
  await eventually('the line', () => up)
  for (let i = 0; i < 100; i++) {
    pty.send(Buffer.from(`${String(i).padStart(3, '0')}\r`))
    await new Promise((resolve) => setTimeout(resolve, 3))
  }
  await eventually('all bytes', () => text.length >= 400)
  const tookMs = performance.now() - openedMs
  await port.close()
  await pty.pull()
  rmSync(folder, { recursive: true })
  return { count, text, tookMs }
}

/** When the pieces came of much that came at once. */
async function backlog(bytes: number, sliceMs: number): Promise<{ got: number; atMs: readonly number[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'slices-'))
  const pty = new Pty(join(folder, 'tty'))
  await pty.plug()
  let got = 0
  let up = false
  const atMs: number[] = []
  const port = serialPort(pty.path, 115_200, { sliceMs })({
    bytes: (piece) => {
      got += piece.length
      atMs.push(performance.now())
    },
    up: () => {
      up = true
    },
    down: () => {},
  })
  await eventually('the line', () => up)
  const frame = 't7DF8021C0D0000000000\r'
  pty.send(Buffer.from(frame.repeat(Math.ceil(bytes / frame.length)).slice(0, bytes)))
  await eventually('all bytes', () => got >= bytes)
  await port.close()
  await pty.pull()
  rmSync(folder, { recursive: true })
  return { got, atMs }
}

describe.skipIf(mustSkip('socat'))('a line read in slices', () => {
  it('brings the same bytes in no more pieces than slices have passed, however slow the machine', async () => {
    const sliceMs = 20
    const [whole, sliced] = [await pieces(0), await pieces(sliceMs)]
    const all = Array.from({ length: 100 }, (_, i) => `${String(i).padStart(3, '0')}\r`).join('')
    expect([whole.text, sliced.text]).toEqual([all, all])
    // Timers may be a millisecond early.
    expect(sliced.count).toBeLessThanOrEqual(sliced.tookMs / (sliceMs - 1) + 2)
  })

  it('that was left unread for a while is caught up with at once, not 4 KiB a slice', async () => {
    const [bytes, sliceMs] = [60_000, 1500]
    const { got, atMs } = await backlog(bytes, sliceMs)
    expect(got).toBe(bytes)
    const waits = atMs.slice(1).filter((ms, index) => ms - atMs[index]! >= sliceMs / 2)
    // A slice after the first byte, and one where the writer did not keep up with the reader: seven would be one for each 8 KiB.
    expect(waits.length).toBeLessThanOrEqual(2)
  })
})
