import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { driverIds } from '../../../sim/hardware/j1939.ts'
import { groupFrames } from '../../../sim/hardware/transport.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex').toUpperCase()

describe('broadcast of a long group', () => {
  it('announces 23 bytes in 4 packets of PGN 65131, then sends them', () => {
    const frames = groupFrames(driverIds('H430-10571', 'H430-20833'))
    expect(frames.map(({ id }) => id.toString(16))).toEqual([
      '1cecffee',
      '1cebffee',
      '1cebffee',
      '1cebffee',
      '1cebffee',
    ])
    expect(hex(frames[0]!.data)).toBe('20160004FF6BFE00')
    expect(hex(frames[4]!.data)).toBe('042AFFFFFFFFFFFF')
  })

  it('leaves a group of eight bytes alone', () => {
    const data = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)
    expect(groupFrames({ pgn: 65226, source: 0, data })).toEqual([{ id: 0x18feca00, data }])
  })

  it('carries any payload of 9 to 1,785 bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 9, maxLength: 1785 }), (data) => {
        const [announcement, ...packets] = groupFrames({ pgn: 65226, source: 3, data })
        const said = announcement!.data
        expect(said[1]! + 256 * said[2]!).toBe(data.length)
        expect(said[3]).toBe(packets.length)
        expect(packets.map((packet) => packet.data[0])).toEqual(packets.map((_, index) => index + 1))
        const joined = Buffer.concat(packets.map((packet) => packet.data.subarray(1)))
        expect(joined.subarray(0, data.length).equals(data)).toBe(true)
        expect(joined.subarray(data.length).every((byte) => byte === 0xff)).toBe(true)
      }),
    )
  })

  it('refuses what no broadcast can carry', () => {
    expect(() => groupFrames({ pgn: 65226, source: 3, data: new Uint8Array(1786) })).toThrow(RangeError)
  })
})
