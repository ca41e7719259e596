import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  angleFields,
  antennaText,
  checksum,
  dateField,
  gga,
  gsa,
  rmc,
  sentence,
  timeField,
} from '../../../sim/hardware/nmea.ts'

describe('sentences of the simulated receiver', () => {
  it('carry the checksums that were published for these very bodies', () => {
    expect(checksum('GNRMC,063012.000,A,2234.87140,N,11357.22414,E,0.69,171.74,240419,,,A')).toBe('7A')
    expect(sentence('GPTXT,01,01,01,ANTENNA OPEN')).toBe('$GPTXT,01,01,01,ANTENNA OPEN*25\r\n')
    expect(checksum('GNRMC,,V,,,,,,,,,,M')).toBe('4E')
    expect(checksum('GNZDA,,,,,,')).toBe('56')
  })

  it('tell the antenna as receivers of this family do', () => {
    expect(antennaText('open')).toBe('$GPTXT,01,01,01,ANTENNA OPEN*25\r\n')
    expect(antennaText('ok')).toBe('$GPTXT,01,01,01,ANTENNA OK*35\r\n')
    expect(antennaText('short')).toBe('$GPTXT,01,01,01,ANTENNA SHORT*63\r\n')
  })

  it('write the place of a published sentence as it was published', () => {
    expect(angleFields(22 + 34.8714 / 60, 2, 'N', 'S')).toBe('2234.87140,N')
    expect(angleFields(113 + 57.22414 / 60, 3, 'E', 'W')).toBe('11357.22414,E')
    expect(angleFields(-0.5, 2, 'N', 'S')).toBe('0030.00000,S')
  })

  it('carry 60 minutes into the degree', () => {
    expect(angleFields(28.999_999_999_9, 2, 'N', 'S')).toBe('2900.00000,N')
    expect(angleFields(9.999_999_999_9, 3, 'E', 'W')).toBe('01000.00000,E')
  })

  it('never lose more than a centimetre of a place', () => {
    fc.assert(
      fc.property(fc.double({ min: -180, max: 180, noNaN: true }), (degrees) => {
        const [text = '', side] = angleFields(degrees, 3, 'E', 'W').split(',')
        const back = Number(text.slice(0, 3)) + Number(text.slice(3)) / 60
        expect(Math.abs((side === 'W' ? -back : back) - degrees)).toBeLessThan(1.0e-7)
        expect(Number(text.slice(3))).toBeLessThan(60)
      }),
    )
  })

  it('write UTC, two-digit year last', () => {
    const at = Date.parse('2019-04-24T06:30:12.340Z')
    expect(timeField(at)).toBe('063012.34')
    expect(dateField(at)).toBe('240419')
    expect(dateField(Date.parse('2026-11-22T16:00:00Z'))).toBe('221126')
  })

  it('give speed in knots and a course below 360', () => {
    const at = Date.parse('2026-11-22T15:46:40Z')
    const fields = rmc('GN', at, { lat: 28.9, lon: 113.2, speedKmh: 92.6, courseDeg: 359.999 }).split(',')
    expect(fields.slice(0, 3)).toEqual(['$GNRMC', '154640.00', 'A'])
    expect(fields[7]).toBe('50.000')
    expect(fields[8]).toBe('0.00')
    expect(fields[12]).toBe('A')
  })

  it('keep the time when the sky is gone, and say so', () => {
    const at = Date.parse('2026-11-22T15:46:40Z')
    const quality = { satellites: 17, hdop: 0.7, altitudeM: 60 }
    expect(rmc('BD', at, null)).toMatch(/^\$BDRMC,154640\.00,V,,,,,,,221126,,,N,V\*[0-9A-F]{2}\r\n$/)
    expect(gga('BD', at, null, quality).split(',')[6]).toBe('0')
    expect(gsa('BD', 4, [], quality).split(',')[2]).toBe('1')
  })

  it('stay within the 82 characters of the standard', () => {
    const at = Date.parse('2026-11-22T15:46:40Z')
    const motion = { lat: -28.9, lon: -113.2, speedKmh: 199.9, courseDeg: 359.5 }
    const quality = { satellites: 17, hdop: 0.7, altitudeM: 1062.4 }
    for (const text of [rmc('GB', at, motion), gga('GB', at, motion, quality), gsa('GN', 4, [1, 2], quality)])
      expect(text.length).toBeLessThanOrEqual(82)
  })
})
