import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { CanFrame } from '../../../device/decoders/messages.ts'
import { candumpLine } from '../../../sim/export/candump.ts'
import { type BusFormat, busFrames } from '../../../sim/replay/bus.ts'
import { detectFormat } from '../../../sim/replay/detect.ts'
import { root } from '../../help/tool.ts'

/** Recordings of a bus as other programs write them, by the documents of their makers. */

async function framesOf(format: BusFormat, text: string, zone = 'UTC', cut = 50) {
  const told: string[] = []
  const bytes = Buffer.from(text, 'latin1')
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += cut) yield bytes.subarray(at, at + cut)
  }
  const frames: CanFrame[] = []
  const options = { file: 'log', zone, tell: (line: string) => told.push(line) }
  for await (const frame of busFrames(chunks(), format, options)) frames.push(frame)
  return { frames, told }
}
const detected = (text: string) => detectFormat(Buffer.from(text, 'latin1'))
const shown = (frames: readonly CanFrame[]): string[] =>
  frames.map((frame) => candumpLine(frame, frame.t ?? 0).trim())

const asc = `date Wed Apr 16 09:21:13.159 pm 2014
base hex  timestamps absolute
internal events logged
// version 8.1.0
Begin Triggerblock Wed Apr 16 09:21:13.159 pm 2014
   0.000000 Start of measurement
   0.015991 1  18FEF100x       Rx   d 8 FF FF 2D FF FF FF FF FF  Length = 273910 BitCount = 141 ID = 419361024x
   0.020000 CAN 1 Status:chip status error active
   1.500000 1  3B2             Tx   d 2 0A FF
   1.600000 1  18EAFFF9x       Rx   r
   2.000000 1  ErrorFrame
   2.100000 CANFD   1 Rx  18FEF100x 1 0 8 8 FF FF
   2.200000 1  Statistic: D 0 R 0 XD 0 XR 0 E 0 O 0 B 0.00%
End TriggerBlock
`

describe('Vector ASC', () => {
  it('gives its frames at the local time of its beginning', async () => {
    expect(detected(asc)).toBe('asc')
    const { frames, told } = await framesOf('asc', asc, 'Asia/Shanghai')
    const begin = Date.parse('2014-04-16T21:21:13.159+08:00') / 1000
    expect(frames.map(({ t }) => Math.round((t! - begin) * 1e6))).toEqual([15_991, 1_500_000, 1_600_000])
    expect(frames[0]).toMatchObject({ id: 0x18fef100, extended: true })
    expect(Buffer.from(frames[0]!.data).toString('hex')).toBe('ffff2dffffffffff')
    expect(frames[1]).toMatchObject({ id: 0x3b2, extended: false })
    expect(frames[2]).toMatchObject({ id: 0x18eafff9, special: 'remote' })
    expect(told).toEqual([])
  })

  it('reads decimal logs, and times that count from the line before', async () => {
    const text = `base dec  timestamps relative
0.100 1 419361024x Rx d 3 255 0 45
0.250 1 946 Rx d 0
`
    const { frames } = await framesOf('asc', text)
    expect(shown(frames)).toEqual(['(0.100000) can0 18FEF100#FF002D', '(0.350000) can0 3B2#'])
  })

  it('cut in mid-line is read to its last good frame and says where it broke', async () => {
    const cut = asc.slice(0, asc.indexOf('0A FF') + 2)
    const { frames, told } = await framesOf('asc', cut)
    expect(frames).toHaveLength(1)
    expect(told).toEqual(['log: line 9: no line of an ASC log; 1 such line left out'])
  })

  it('believes no frame with an id or a byte that cannot be', async () => {
    const bad = ['20000000x', '800', 'zz'].map((id) => `0.1 1 ${id} Rx d 1 00`)
    const lines = [
      ...bad,
      '0.1 1 7FF Rx d 2 00 100',
      '0.1 1 7FF Rx d 9 0 0 0 0 0 0 0 0 0',
      '0.1 1 7FF Rx d 1 0',
    ]
    const { frames, told } = await framesOf('asc', `base hex timestamps absolute\n${lines.join('\n')}\n`)
    expect(frames).toEqual([])
    expect(told[0]).toMatch(/^log: line 2: .*; 6 such lines left out$/)
  })
})

const trc11 = `;$FILEVERSION=1.1
;$STARTTIME=43008.6962947917
;
;   Message Number
;---+--   ----+----  --+--  ----+---  +  -+ -- -- -- -- -- -- --
     1)      1059.9  Rx         0300  7  00 00 00 00 04 00 00
     2)      1283.2  Rx     18EFC034  8  01 02 03 04 05 06 07 08
     3)      1298.9  Tx         0400  4  RTR
     4)      1323.0  Warng  FFFFFFFF  4  00 00 00 08  BUSHEAVY
     5)      1400.0  Error      0002  4  00 00 00 00
`
const trc20 = `;$FILEVERSION=2.0
;$STARTTIME=43008.6962947917
;$COLUMNS=N,O,T,I,d,l,D
      1      1059.900 DT     0300 Rx 7  00 00 00 00 04 00 00
      2      1283.231 DT 18EFC034 Rx 8  01 02 03 04 05 06 07 08
      3      1298.945 RR     0400 Rx 4
      4      1323.201 ST          Rx    00 00 00 08
      5      1334.416 FD     0500 Tx 12 01 02 03 04 05 06 07 08 09 0A 0B 0C
`
const trc21 = `;$FILEVERSION=2.1
;$STARTTIME=43008.6962947917
;$COLUMNS=N,O,T,B,I,d,R,L,D
      1      1059.900 DT 1      0300 Rx -  7    00 00 00 00 04 00 00
      2      1283.231 DT 2  18EFC034 Rx -  8    01 02 03 04 05 06 07 08
      3      1298.945 RR 1      0400 Rx -  4
`

describe('PCAN TRC', () => {
  it.each([
    ['1.1', trc11],
    ['2.0', trc20],
    ['2.1', trc21],
  ])('version %s gives its frames from the day its header says', async (_, text) => {
    expect(detected(text)).toBe('trc')
    const { frames, told } = await framesOf('trc', text)
    // 43008.6962947917 days after 1899-12-30, by hand: 2017-09-30 16:42:39.870.
    const begin = Date.parse('2017-09-30T16:42:39.870Z') / 1000
    expect(frames.map(({ t }) => Math.round((t! - begin) * 10))).toEqual([11, 13, 13])
    expect(frames.map(({ id, extended }) => [id, extended])).toEqual([
      [0x300, false],
      [0x18efc034, true],
      [0x400, false],
    ])
    expect(Buffer.from(frames[1]!.data).toString('hex')).toBe('0102030405060708')
    expect(frames[2]!.special).toBe('remote')
    expect(told).toEqual([])
  })

  it('cut anywhere gives whole frames only', async () => {
    const whole = shown((await framesOf('trc', trc20)).frames)
    for (let length = trc20.indexOf('      1'); length < trc20.length; length++) {
      const cut = shown((await framesOf('trc', trc20.slice(0, length), 'UTC', 7)).frames)
      expect(whole.slice(0, cut.length)).toEqual(cut)
    }
    const { told } = await framesOf('trc', trc20.slice(0, trc20.indexOf('05 06 07 08\n')))
    expect(told).toEqual(['log: line 5: no line of a PCAN trace; 1 such line left out'])
  })
})

describe('SLCAN', () => {
  it('is told from other logs by its frames, stamps or none, and read with the adapter’s minute', async () => {
    const log = 'T18FEF10083FFFFFFFFFFFFFFFFEA5E\rt1232AABB0005\r\x07T18FEF10020102EA00\r'
    expect(detected('T18FEF1008FFFFFFFFFFFFFFFF\rz\r')).toBe('slcan')
    expect(detected('t1232AABB0005\r')).toBe('slcan')
    expect(detected('t12 is no frame\n')).toBe('csv')
    const { frames } = await framesOf('slcan', log.slice(log.indexOf('t123')))
    expect(frames.map(({ t }) => t)).toEqual([0.005, 59.904])
  })

  it('counts and tells what is no frame', async () => {
    const { frames, told } = await framesOf('slcan', 't1232AABB\rT18FEF1003FF\rgarbage\r')
    expect(frames).toHaveLength(1)
    expect(told).toEqual(['log: 2 lines are no slcan (19 bytes); left out'])
  })
})

const truck = join(root, '../shared/data/can/css/css_11111111_2021-10-25.candump.gz')

describe.skipIf(!existsSync(truck))(
  'a truck’s log (../shared/data/can/css), written as each format defines',
  () => {
    it('gives the same frames back from every one of them', async () => {
      const candump = gunzipSync(readFileSync(truck)).toString('latin1').split('\n').slice(0, 2000).join('\n')
      const { frames } = await framesOf('candump', candump)
      expect(frames.length).toBeGreaterThan(1900)
      const begin = frames[0]!.t!
      const ms = (frame: CanFrame): string => ((frame.t! - begin) * 1000).toFixed(3)
      const pairs = ({ data }: CanFrame): string =>
        [...data].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
      const hexId = ({ id }: CanFrame): string => id.toString(16).toUpperCase().padStart(8, '0')
      const written: { [format in BusFormat]?: string } = {
        asc: `base hex  timestamps absolute\n${frames.map((f) => `${(f.t! - begin).toFixed(6)} 1 ${hexId(f)}x Rx d ${f.data.length} ${pairs(f)}`).join('\n')}\n`,
        trc: `;$FILEVERSION=2.1\n;$COLUMNS=N,O,T,B,I,d,R,L,D\n${frames.map((f, n) => `${n + 1} ${ms(f)} DT 1 ${hexId(f)} Rx - ${f.data.length} ${pairs(f)}`).join('\n')}\n`,
        slcan: frames
          .map((f) => {
            const stamp = Math.floor((f.t! - begin) * 1000) % 60_000
            return `T${hexId(f)}${f.data.length}${Buffer.from(f.data).toString('hex').toUpperCase()}${stamp.toString(16).toUpperCase().padStart(4, '0')}\r`
          })
          .join(''),
      }
      const plain = frames.map((frame) => candumpLine(frame, 0))
      for (const [format, text] of Object.entries(written)) {
        expect(detected(text)).toBe(format)
        const read = await framesOf(format as BusFormat, text, 'UTC', 4096)
        expect(read.told).toEqual([])
        expect(read.frames.map((frame) => candumpLine(frame, 0))).toEqual(plain)
        for (const [index, { t }] of read.frames.entries())
          expect(Math.abs(t! - (frames[index]!.t! - begin))).toBeLessThan(0.0011)
      }
    })
  },
)
