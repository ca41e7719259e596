import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { haveRecordings, oneSentence, readNmea, recordings, sealed } from '../help.ts'

describe('RMC', () => {
  test('a fix of a Chinese module', () => {
    const [message] = readNmea('$GNRMC,063012.000,A,2234.87140,N,11357.22414,E,0.69,171.74,240419,,,A*7A\r\n')
    expect(message).toEqual({
      kind: 'rmc',
      talker: 'GN',
      utcMs: Date.UTC(2019, 3, 24, 6, 30, 12),
      valid: true,
      lat: expect.closeTo(22.58119, 9),
      lon: expect.closeTo(113.953735667, 9),
      speedKmh: expect.closeTo(1.27788, 9),
      courseDeg: 171.74,
    })
  })

  const nothing = { valid: false, utcMs: null, lat: null, lon: null, speedKmh: null, courseDeg: null }
  const fix = (changes: { [field: number]: string }): string => {
    const fields = 'GPRMC,063012.00,A,2234.8714,N,11357.2241,E,0.69,171.74,240419,,,A'.split(',')
    for (const [field, value] of Object.entries(changes)) fields[Number(field)] = value
    return fields.join(',')
  }

  test.each([
    ['void', { 2: 'V' }],
    ['no status', { 2: '' }],
    ['mode N: not valid', { 12: 'N' }],
    ['no time', { 1: '' }],
    ['hour 24', { 1: '240000.00' }],
    ['minute 60', { 1: '236000.00' }],
    ['second 60 at noon', { 1: '120060.00' }],
    ['a short time', { 1: '63012' }],
    ['no date', { 9: '' }],
    ['day 32', { 9: '320419' }],
    ['day 0', { 9: '000419' }],
    ['month 13', { 9: '011319' }],
    ['30 February', { 9: '300220' }],
    ['29 February of a common year', { 9: '290219' }],
    ['a date of seven digits', { 9: '0290219' }],
    ['no latitude', { 3: '' }],
    ['no hemisphere', { 4: '' }],
    ['latitude 99', { 3: '9900.00' }],
    ['latitude above 90', { 3: '9000.01' }],
    ['60 minutes', { 3: '2260.00' }],
    ['longitude above 180', { 5: '18000.01' }],
    ['a latitude with an E', { 4: 'E' }],
    ['letters for a latitude', { 3: '22A4.87' }],
    ['a signed latitude', { 3: '-2234.87' }],
  ])('%s: nothing is believed', (_, changes) => {
    expect(oneSentence(fix(changes))).toMatchObject({ kind: 'rmc', ...nothing })
  })

  test.each([
    ['leap second', { 1: '235960.00' }, Date.UTC(2019, 3, 25)],
    ['29 February of a leap year', { 9: '290220' }, Date.UTC(2020, 1, 29, 6, 30, 12)],
    ['year 79', { 9: '010179' }, Date.UTC(2079, 0, 1, 6, 30, 12)],
    ['year 80', { 9: '010180' }, Date.UTC(1980, 0, 1, 6, 30, 12)],
    ['year 99, after a week rollover, as sent', { 9: '220899' }, Date.UTC(1999, 7, 22, 6, 30, 12)],
    ['a time without decimals', { 1: '063012' }, Date.UTC(2019, 3, 24, 6, 30, 12)],
    ['three decimals', { 1: '063012.987' }, Date.UTC(2019, 3, 24, 6, 30, 12, 987)],
    ['the pole', { 3: '9000.0000' }, Date.UTC(2019, 3, 24, 6, 30, 12)],
    ['navigational status V', { 13: 'V' }, Date.UTC(2019, 3, 24, 6, 30, 12)],
    ['no mode at all, before 2.3', { 12: '' }, Date.UTC(2019, 3, 24, 6, 30, 12)],
  ])('%s is a fix', (_, changes, utcMs) => {
    expect(oneSentence(fix(changes))).toMatchObject({ kind: 'rmc', valid: true, utcMs })
  })

  test('south and west are negative', () => {
    expect(oneSentence(fix({ 4: 'S', 6: 'W' }))).toMatchObject({
      lat: expect.closeTo(-22.58119, 9),
      lon: expect.closeTo(-113.953735, 9),
    })
  })

  test('an unknown speed or course is null, never zero', () => {
    expect(oneSentence(fix({ 7: '', 8: '' }))).toMatchObject({ valid: true, speedKmh: null, courseDeg: null })
    expect(oneSentence(fix({ 7: '-1', 8: '361' }))).toMatchObject({
      valid: true,
      speedKmh: null,
      courseDeg: null,
    })
    expect(oneSentence(fix({ 7: '0.0', 8: '360.0' }))).toMatchObject({ speedKmh: 0, courseDeg: 360 })
    expect(oneSentence(fix({ 7: '1000', 8: '0' }))).toMatchObject({ speedKmh: 1852, courseDeg: 0 })
    expect(oneSentence(fix({ 7: '1000.1' }))).toMatchObject({ speedKmh: null })
  })

  test('more decimals than a number holds are dropped, more whole digits are no number', () => {
    expect(oneSentence(fix({ 3: '2234.871400000000000000009' }))).toMatchObject({
      lat: expect.closeTo(22.58119, 9),
    })
    expect(oneSentence(fix({ 7: '0.00000000000000000001' }))).toMatchObject({ speedKmh: 0 })
    expect(oneSentence(fix({ 7: '1234567890123456.0' }))).toMatchObject({ valid: true, speedKmh: null })
    expect(oneSentence(fix({ 7: '0000000000000000045.0' }))).toMatchObject({
      speedKmh: expect.closeTo(83.34, 9),
    })
    expect(oneSentence(fix({ 7: '.' }))).toMatchObject({ speedKmh: null })
    expect(oneSentence(fix({ 7: '4.5.6' }))).toMatchObject({ speedKmh: null })
  })

  test('shapes of receivers without a fix', () => {
    expect(readNmea('$GNRMC,,V,,,,,,,,,,M*4E\r\n')).toEqual([{ kind: 'rmc', talker: 'GN', ...nothing }])
    expect(readNmea('$GNZDA,,,,,,*56\r\n')).toEqual([{ kind: 'zda', talker: 'GN', utcMs: null }])
  })

  test.each(['GP', 'GN', 'GL', 'GA', 'BD', 'GB', 'GQ', 'QZ', 'GI', 'II'])('talker %s', (talker) => {
    expect(oneSentence(fix({ 0: `${talker}RMC` }))).toMatchObject({ kind: 'rmc', talker, valid: true })
  })
})

describe('the other sentences', () => {
  test.each([
    [
      'GPGGA,092725.00,4717.11399,N,00833.91590,E,1,08,1.01,499.6,M,48.0,M,,',
      {
        ...{ kind: 'gga', talker: 'GP', timeOfDayMs: 34_045_000, quality: 1, satellites: 8, hdop: 1.01 },
        ...{ lat: expect.closeTo(47.285233167, 9), lon: expect.closeTo(8.565265, 9), altitudeM: 499.6 },
      },
    ],
    ['GPGGA,092725.00,4717.11399,N,00833.91590,E,0,00,99.99,,,,,,', { quality: 0, lat: null, lon: null }],
    ['GPGGA,092725.00,4717.11399,N,00833.91590,E,,08,1.01,499.6,M', { quality: null, lat: null, lon: null }],
    ['GPGGA,092725.00,4717.11399,N,00833.91590,E,12,08,1.01,499.6,M', { quality: null, lat: null }],
    [
      'GPGGA,092725.00,4717.11399,N,,,1,08,1.01,-3.5,M',
      { quality: 1, lat: null, lon: null, altitudeM: -3.5 },
    ],
    [
      'GNGSA,A,3,13,12,22,19,08,21,,,,,,,1.05,0.64,0.83,4',
      {
        ...{ kind: 'gsa', talker: 'GN', fixType: 3, satelliteIds: [13, 12, 22, 19, 8, 21] },
        ...{ pdop: 1.05, hdop: 0.64, vdop: 0.83, system: 4 },
      },
    ],
    ['GPGSA,A,6,22,19,18,27,14,03,,,,,,,3.1,2.0,2.4', { fixType: null, system: null }],
    [
      'GPVTG,220.86,T,,M,2.550,N,4.724,K,A',
      { kind: 'vtg', talker: 'GP', courseDeg: 220.86, speedKmh: 4.724 },
    ],
    ['GPVTG,220.86,T,,M,2.500,N,,,A', { courseDeg: 220.86, speedKmh: expect.closeTo(4.63, 9) }],
    ['GPVTG,220.86,T,,M,2.550,N,4.724,K,N', { courseDeg: null, speedKmh: null }],
    [
      'GPZDA,172809.456,12,07,1996,00,00',
      { kind: 'zda', talker: 'GP', utcMs: Date.UTC(1996, 6, 12, 17, 28, 9, 456) },
    ],
    ['GPZDA,172809.456,31,06,1996,00,00', { utcMs: null }],
    ['GPZDA,172809.456,06,01,0000,00,00', { utcMs: null }],
    [
      'GNGNS,094821.0,4849.931307,N,00216.053323,E,AA,14,0.6,161.5,48.0,,',
      {
        ...{ kind: 'gns', talker: 'GN', timeOfDayMs: 35_301_000, modes: 'AA', satellites: 14, hdop: 0.6 },
        ...{ lat: expect.closeTo(48.83218845, 9), lon: expect.closeTo(2.26755538, 8), altitudeM: 161.5 },
      },
    ],
    ['GNGNS,094821.0,4849.931307,N,00216.053323,E,NN,00,,,,,', { modes: 'NN', lat: null, lon: null }],
    [
      'GPGLL,3926.7952,N,12000.5947,W,022732,A,A',
      {
        ...{ kind: 'gll', talker: 'GP', timeOfDayMs: 8_852_000, valid: true },
        ...{ lat: expect.closeTo(39.446586667, 9), lon: expect.closeTo(-120.009911667, 9) },
      },
    ],
    ['GPGLL,3926.7952,N,12000.5947,W,022732,V,N', { valid: false, lat: null, lon: null }],
    [
      'GPGST,024603.00,3.2,6.6,4.7,47.3,5.8,5.6,22.0',
      {
        kind: 'gst',
        talker: 'GP',
        timeOfDayMs: 9_963_000,
        latErrorM: 5.8,
        lonErrorM: 5.6,
        altitudeErrorM: 22,
      },
    ],
    [
      'GAGSV,3,1,09,02,00,179,,04,09,321,31,7',
      {
        ...{ kind: 'gsv', talker: 'GA', total: 3, number: 1, inView: 9 },
        satellites: [
          { id: 2, elevationDeg: 0, azimuthDeg: 179, snrDb: null },
          { id: 4, elevationDeg: 9, azimuthDeg: 321, snrDb: 31 },
        ],
      },
    ],
    ['GLGSV,A3,1,11,A03,03,111,00', { total: null, satellites: [] }],
    ['INHDT,123.4,T', { kind: 'hdt', talker: 'IN', headingDeg: 123.4 }],
    ['INHDT,,T', { headingDeg: null }],
    ['INHDT,123.4,M', { headingDeg: null }],
    ['GPGSA,A,0,,,,,,,,,,,,,,,', { fixType: null, satelliteIds: [], pdop: null }],
    ['GPVTG,,T,,M,,N,,K,N', { courseDeg: null, speedKmh: null }],
    ['GPVTG,,,,,,,,,A', { courseDeg: null, speedKmh: null }],
    ['INTHS,123.456,A', { kind: 'ths', talker: 'IN', headingDeg: 123.456, mode: 'A' }],
    ['INTHS,123.456,V', { headingDeg: null, mode: 'V' }],
    ['INTHS,A12,A', { headingDeg: null }],
    ['GPFOO,1,2', { kind: 'sentence', talker: 'GP', type: 'FOO' }],
    ['PMTK010,001', { kind: 'sentence', talker: 'P', type: 'MTK010' }],
  ])('%s', (body, expected) => {
    expect(oneSentence(body)).toMatchObject(expected)
  })

  test('an encapsulation is valid and nothing more', () => {
    expect(readNmea('!AIVDM,1,1,,A,13M@ah0025QdPDTCOl`K6`nV00Sv,0*52\n')).toEqual([
      { kind: 'sentence', talker: 'AI', type: 'VDM' },
    ])
  })
})

describe('the antenna', () => {
  test.each([
    ['GPTXT,01,01,01,ANTENNA OPEN', 'open'],
    ['GPTXT,01,01,01,ANTENNA OK', 'ok'],
    ['GPTXT,01,01,01,ANTENNA SHORT', 'short'],
    ['BDTXT,01,01,01,ANTENNA SHORTED', 'short'],
    ['GNTXT,01,01,02,ANTSTATUS=OPEN', 'open'],
    ['GPTXT,01,01,02,ANTSTATUS=OK', 'ok'],
    ['GNTXT,01,01,02,ANTSTATUS=SHORT', 'short'],
    ['GNTXT,01,01,01,ANT_OK', 'ok'],
    ['GNTXT,01,01,01,ANT_OPEN', 'open'],
    ['GNTXT,01,01,01,Antenna status: short', 'short'],
    ['GPTXT,1,1,1,ANT STATUS:NORMAL', 'ok'],
  ])('%s', (body, state) => {
    expect(oneSentence(body)).toMatchObject({ kind: 'antenna', state })
  })

  test.each([
    'GNTXT,01,01,02,ANTSTATUS=INIT',
    'GNTXT,01,01,02,ANTSTATUS=DONTKNOW',
    'GNTXT,01,01,02,ANTSUPERV=AC SD PDoS SR',
    'GNTXT,01,01,02,u-blox AG - www.u-blox.com',
    'GNTXT,01,01,02,IMPORTANT OK',
    'GNTXT,01,01,02,ANTENNA OPENED ONCE',
    'GPTXT',
  ])('%s says nothing about it', (body) => {
    expect(oneSentence(body)).toEqual({ kind: 'sentence', talker: body.slice(0, 2), type: 'TXT' })
  })

  test('the sums of the texts as makers print them', () => {
    expect(sealed('GPTXT,01,01,01,ANTENNA OPEN')).toMatch(/\*25$/)
    expect(sealed('GPTXT,01,01,01,ANTENNA OK')).toMatch(/\*35$/)
    expect(sealed('GPTXT,01,01,01,ANTENNA SHORT')).toMatch(/\*63$/)
  })
})

type Vector = {
  readonly raw: string
  readonly error: string | null
  readonly expect: { readonly [field: string]: string } | null
}

/** Either a number or `MustParseGPS("5133.82 N")`. */
function latitudeOf(text: string): number {
  const quoted = /"(\d\d)(.*) ([NS])"/.exec(text)
  if (quoted === null) return Number(text)
  const degrees = Number(quoted[1]) + Number(quoted[2]) / 60
  return quoted[3] === 'S' ? -degrees : degrees
}

describe.skipIf(!haveRecordings)('vectors of go-nmea (needs ../shared/data)', () => {
  const vectors: Vector[] = haveRecordings
    ? JSON.parse(readFileSync(new URL('nmea/go-nmea/vectors.json', recordings), 'utf8'))
    : []

  test.each(vectors.filter(({ error }) => error === null))(
    'accepted there: $raw',
    ({ raw, expect: fields }) => {
      const good = readNmea(`${raw}\r\n`).filter(({ kind }) => kind !== 'discarded')
      expect(good).toHaveLength(1)
      const [message] = good
      if (message?.kind === 'rmc' && fields?.['Latitude'] !== undefined) {
        expect(message.lat).toBeCloseTo(latitudeOf(fields['Latitude']), 9)
        expect(message.speedKmh).toBeCloseTo(Number(fields['Speed']) * 1.852, 9)
      }
    },
  )

  test.each(vectors.filter(({ error }) => error?.includes('checksum mismatch')))(
    'a wrong sum: $raw',
    ({ raw }) => {
      expect(readNmea(`${raw}\r\n`)[0]).toMatchObject({ kind: 'discarded', why: 'badChecksum' })
    },
  )

  test.each(vectors.filter(({ error }) => error?.includes('latitude') || error?.includes('validity')))(
    'no position: $raw',
    ({ raw }) => {
      expect(readNmea(`${raw}\r\n`)[0]).toMatchObject({ lat: null, lon: null })
    },
  )
})

describe('the leap day', () => {
  const utc = (year: number) => {
    const message = oneSentence(`GNZDA,120000.00,29,02,${year},00,00`)
    return message.kind === 'zda' && message.utcMs !== null ? new Date(message.utcMs).toISOString() : null
  }

  test.each([
    [2000, '2000-02-29T12:00:00.000Z'],
    [2024, '2024-02-29T12:00:00.000Z'],
    [2023, null],
    [2100, null],
    [2400, '2400-02-29T12:00:00.000Z'],
  ])('of %i', (year, expected) => {
    expect(utc(year)).toBe(expected)
  })
})

describe('each number to its limit, and one step beyond', () => {
  test.each([
    [
      'GPGGA,092725.00,4717.11399,N,00833.91590,E,8,255,1000,1,M',
      { quality: 8, satellites: 255, hdop: 1000 },
    ],
    [
      'GPGGA,092725.00,4717.11399,N,00833.91590,E,9,256,1000.5,1,M',
      { quality: null, satellites: null, hdop: null },
    ],
    ['GPGGA,092725.00,4717.11399,N,00833.91590,E,1,0:,1,1,M', { satellites: null }],
    ['GPGGA,092725.00,4717.11399,N,00833.91590,E,1,0/,1,1,M', { satellites: null }],
    ['GNGNS,094821.0,4849.931307,N,00216.053323,E,AA,255,1000,1,48.0', { satellites: 255, hdop: 1000 }],
    ['GNGNS,094821.0,4849.931307,N,00216.053323,E,AA,256,1000.5,1,48.0', { satellites: null, hdop: null }],
    ['GPGLL,3926.7952,N,12000.5947,W,022732,A,N', { valid: false, lat: null, lon: null }],
    ['GPGLL,3926.7952,N,12000.5947,W,022732,A,D', { valid: true }],
    [
      'GNGSA,A,3,00,999,1000,,,,,,,,,,1000,1000,1000,15',
      { satelliteIds: [999], pdop: 1000, hdop: 1000, vdop: 1000, system: 15 },
    ],
    [
      'GNGSA,A,4,01,02,03,04,05,06,07,08,09,10,11,12,1000.5,1000.5,1000.5,16',
      {
        fixType: null,
        satelliteIds: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
        pdop: null,
        hdop: null,
        vdop: null,
        system: null,
      },
    ],
    [
      'GPGSV,99,99,255,999,90,360,99',
      {
        total: 99,
        number: 99,
        inView: 255,
        satellites: [{ id: 999, elevationDeg: 90, azimuthDeg: 360, snrDb: 99 }],
      },
    ],
    [
      'GPGSV,100,100,256,1000,1,1,1,5,91,361,100',
      {
        total: null,
        number: null,
        inView: null,
        satellites: [{ id: 5, elevationDeg: null, azimuthDeg: null, snrDb: null }],
      },
    ],
    ['INHDT,360,T', { headingDeg: 360 }],
    ['INHDT,360.5,T', { headingDeg: null }],
    ['INHDT,0,T', { headingDeg: 0 }],
    ['INTHS,360,A', { headingDeg: 360 }],
    ['INTHS,360.5,A', { headingDeg: null }],
    ['INTHS,0,A', { headingDeg: 0 }],
    ['GPVTG,360,T,,M,1000,N,1852,K,A', { courseDeg: 360, speedKmh: 1852 }],
    ['GPVTG,360.5,T,,M,1000,N,1852.5,K,A', { courseDeg: null, speedKmh: 1852 }],
    ['GPVTG,0,T,,M,1000.5,N,1852.5,K,A', { courseDeg: 0, speedKmh: null }],
    ['GPVTG,0,T,,M,0,N,,K,A', { speedKmh: 0 }],
    ['GPVTG,0,T,,M,1,N,0,K,A', { speedKmh: 0 }],
    ['GPZDA,172809.456,31,12,1980,00,00', { utcMs: Date.UTC(1980, 11, 31, 17, 28, 9, 456) }],
    ['GPZDA,172809.456,31,12,1979,00,00', { utcMs: null }],
    ['GPZDA,,31,12,1996,00,00', { utcMs: null }],
    ['GPZDA,172809.456,31,12,10000,00,00', { utcMs: null }],
    ['GNGSA,A,3,01,,,,,,,,,,,,0,0.5,0,1', { pdop: 0, hdop: 0.5, vdop: 0 }],
    ['GPZDA,172809.456,,12,1996,00,00', { utcMs: null }],
    ['GPZDA,172809.456,31,,1996,00,00', { utcMs: null }],
    ['GPZDA,172809.456,31,12,,00,00', { utcMs: null }],
    [
      'GPGST,024603.00,3.2,6.6,4.7,47.3,20000000,0,20000000',
      { latErrorM: 2e7, lonErrorM: 0, altitudeErrorM: 2e7 },
    ],
    [
      'GPGST,024603.00,3.2,6.6,4.7,47.3,20000000.5,20000000.5,20000000.5',
      { latErrorM: null, lonErrorM: null, altitudeErrorM: null },
    ],
  ])('%s', (body, expected) => {
    expect(oneSentence(body)).toMatchObject(expected)
  })

  test.each(Array.from({ length: 15 }, (_, decimals) => `0.${'987654321012345'.slice(0, decimals + 1)}`))(
    '%s keeps every decimal',
    (text) => {
      expect(oneSentence(`INHDT,${text},T`)).toMatchObject({ headingDeg: Number(text) })
      expect(oneSentence(`GPGGA,,,,,,,,,-${text},M`)).toMatchObject({ altitudeM: -Number(text) })
    },
  )

  test('the first and last of every month is the day that the calendar says', () => {
    for (const year of [1980, 1999, 2000, 2004, 2023, 2024, 2099, 2100, 2400, 2405]) {
      for (let month = 1; month <= 12; month++) {
        for (const day of [1, new Date(Date.UTC(year, month, 0)).getUTCDate()]) {
          const two = (value: number): string => String(value).padStart(2, '0')
          const message = oneSentence(`GPZDA,000000,${two(day)},${two(month)},${year},00,00`)
          expect(message).toMatchObject({ utcMs: Date.UTC(year, month - 1, day) })
        }
        const days = new Date(Date.UTC(year, month, 0)).getUTCDate()
        expect(oneSentence(`GPZDA,000000,${days + 1},${month},${year},00,00`)).toMatchObject({ utcMs: null })
      }
    }
  })

  test.each(['0:', ':0', '0/', '/0'])('a date with %s in it is none', (bad) => {
    for (const date of [`${bad}0419`, `24${bad}19`, `2404${bad}`]) {
      const body = `GPRMC,063012.00,A,2234.8714,N,11357.2241,E,0.69,171.74,${date},,,A`
      expect(oneSentence(body)).toMatchObject({ valid: false })
    }
  })

  test('a short sentence behind a long one has none of its fields', () => {
    const long = 'GPGSV,3,1,09,02,00,179,11,04,09,321,31,07,11,100,44,09,12,200,45'
    for (const short of ['INTHS,12', 'GNGNS,', 'GPRMC,063012.00,A,2234.8714,N,11357.2241,E', 'GPTXT,01']) {
      const [alone] = readNmea(`${sealed(short)}\r\n`)
      expect(readNmea(`${sealed(long)}\r\n${sealed(short)}\r\n`)[1]).toEqual(alone)
    }
    expect(oneSentence('INTHS,12')).toMatchObject({ headingDeg: 12, mode: '' })
  })
})
