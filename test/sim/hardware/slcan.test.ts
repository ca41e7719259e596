import { describe, expect, it } from 'vitest'
import { answer, frameLine, newAdapter } from '../../../sim/hardware/slcan.ts'

describe('the serial CAN adapter', () => {
  it('prints the published frame', () => {
    const data = Uint8Array.of(0xff, 0x00, 0x50, 0xff, 0xff, 0xff, 0xff, 0xff)
    expect(frameLine({ id: 0x18fef100, data })).toBe('T18FEF1008FF0050FFFFFFFFFF\r')
    expect(frameLine({ id: 0x00000001, data: Uint8Array.of(0x0a) })).toBe('T0000000110A\r')
  })

  it('answers an opening sequence, however it is cut', () => {
    const whole = answer(newAdapter, 'C\rS5\rL\r')
    expect(whole.reply).toBe('\r\r\r')
    let adapter = newAdapter
    let replies = ''
    for (const letter of 'C\rS5\rL\r') {
      const answered = answer(adapter, letter)
      adapter = answered.adapter
      replies += answered.reply
    }
    expect(replies).toBe('\r\r\r')
    expect(adapter.open).toBe(true)
  })

  it('refuses what it does not know with a bell and keeps nothing of noise', () => {
    expect(answer(newAdapter, 'Q1\r').reply).toBe('\x07')
    expect(answer(newAdapter, 'x'.repeat(10_000)).adapter.rest.length).toBeLessThanOrEqual(64)
    expect(answer({ open: false, rest: '' }, 'F\r').reply).toBe('\x07')
    expect(answer(newAdapter, 'F\rV\rN\r\r').reply).toBe('F00\rV1013\rNA123\r\r')
  })
})
