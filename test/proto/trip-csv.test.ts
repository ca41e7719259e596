import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCsvTable } from '../../proto/csv.ts'
import { BadInput } from '../../proto/problem.ts'
import { tripSchema } from '../../proto/shapes/trip.ts'
import { parseTripCsv, writeTripCsv } from '../../proto/shapes/trip-csv.ts'

/** A table of trips as an office exports it, against the documents that say the same. */

const zone = 'Asia/Shanghai'
const parsed = (text: string) => parseTripCsv(text, 'trips.csv', zone)
const least = 'id,vehicle,from,to'
const row = 't1,v1,2026-11-22 18:00,2026-11-23 06:00'

describe('a table of trips', () => {
  it('says as much as the documents do', () => {
    const table = `\uFEFF# week 47
id,vehicle,from,to,drivers,serviceClass,oneWayKm,route,relayCertificate,relayValidTo,relayFrom,relayTo,relayPoints,relayRecords
G65,v1,2026-11-22 18:00,2026-11-23T06:00:00+08:00,A|B,scheduled,1150,R1,JB-1,2026-12-31,22:00,02:00,rp1|rp2,rp1@2026-11-22 23:30/C|rp2@2026-11-23 00:10/D/鄂A1

"B,1",v2,2026-11-22 08:00:30,2026-11-22 20:00,,charterTour,,,,,,,,
`
    expect(parsed(table)).toEqual([
      tripSchema.parse({
        id: 'G65',
        vehicle: 'v1',
        from: '2026-11-22T10:00:00.000Z',
        to: '2026-11-23T06:00:00+08:00',
        drivers: ['A', 'B'],
        serviceClass: 'scheduled',
        oneWayKm: 1150,
        route: 'R1',
        relay: {
          certificate: 'JB-1',
          validTo: '2026-12-31',
          window: ['22:00', '02:00'],
          points: ['rp1', 'rp2'],
        },
        relayRecords: [
          { areaId: 'rp1', at: '2026-11-22T15:30:00.000Z', driver: 'C' },
          { areaId: 'rp2', at: '2026-11-22T16:10:00.000Z', driver: 'D', plate: '鄂A1' },
        ],
      }),
      tripSchema.parse({
        id: 'B,1',
        vehicle: 'v2',
        from: '2026-11-22T00:00:30.000Z',
        to: '2026-11-22T12:00:00.000Z',
        drivers: [],
        serviceClass: 'charterTour',
        oneWayKm: null,
      }),
    ])
  })

  it('knows charter plates, waybills and timetables', () => {
    const [trip] = parsed(
      `${least},charterPlate,charterFrom,charterTo,charterAreas,goodsClass,escort,stops
${row},BC-1,2026-11-01,2026-11-30,cs|wh,3,李,A@2026-11-22 18:00/2026-11-22 18:10 | B@2026-11-22 20:00/2026-11-22 20:10`,
    )
    expect(trip).toMatchObject({
      charter: { plate: 'BC-1', validFrom: '2026-11-01', validTo: '2026-11-30', areas: ['cs', 'wh'] },
      waybill: { goodsClass: '3', escort: '李' },
      stops: [
        { areaId: 'A', arrive: '2026-11-22T10:00:00.000Z', depart: '2026-11-22T10:10:00.000Z' },
        { areaId: 'B', arrive: '2026-11-22T12:00:00.000Z', depart: '2026-11-22T12:10:00.000Z' },
      ],
    })
  })

  it('may be divided by semicolons or tabs, and end its lines as it likes', () => {
    const same = parsed(`${least}\n${row}\n`)
    for (const delimiter of [';', '\t'])
      for (const end of ['\n', '\r\n'])
        expect(parsed([least, row].join(end).replaceAll(',', delimiter))).toEqual(same)
    expect(parsed(`${least}\n`)).toEqual([])
  })

  it.each([
    ['an empty file', '', 'trips.csv: id: no such column; the first line names the columns'],
    [
      'a column too few',
      'id,vehicle,from\n',
      'trips.csv: to: no such column; the first line names the columns',
    ],
    [
      'an unknown column',
      `${least},driver\n`,
      /^trips\.csv: line 1: driver: unknown column; use id fleet vehicle /,
    ],
    ['a column twice', `${least},id\n`, 'trips.csv: line 1: id: named twice; remove one'],
    ['a row too short', `${least}\n\nt1,v1\n`, /^trips\.csv: line 3: cells: 2 of them under 4 columns/],
    [
      'no vehicle',
      `${least}\nt1,,2026-11-22 18:00,2026-11-23 06:00`,
      /^trips\.csv: line 2: vehicle: letters/,
    ],
    [
      'no such day',
      `${least}\nt1,v1,2026-11-31 18:00,2026-12-01 06:00`,
      /^trips\.csv: line 2: from: an ISO instant/,
    ],
    [
      'no such hour',
      `${least}\nt1,v1,2026-11-22 24:10,2026-12-01 06:00`,
      /^trips\.csv: line 2: from: an ISO instant/,
    ],
    [
      'backwards',
      `${least}\nt1,v1,2026-11-22 18:00,2026-11-22 18:00`,
      /^trips\.csv: line 2: to: the trip ends before/,
    ],
    ['a class nobody knows', `${least},serviceClass\n${row},bus`, /^trips\.csv: line 2: serviceClass: /],
    ['a number that is none', `${least},oneWayKm\n${row},far`, /^trips\.csv: line 2: oneWayKm: /],
    ['half a relay', `${least},relayCertificate\n${row},JB`, /^trips\.csv: line 2: relayValidTo: /],
    [
      'half a window',
      `${least},relayValidTo,relayTo\n${row},2026-12-31,02:00`,
      /^trips\.csv: line 2: relayFrom: /,
    ],
    ['a stop without times', `${least},stops\n${row},A`, /^trips\.csv: line 2: stops: an ISO instant/],
    ['half a plate', `${least},charterPlate\n${row},BC-1`, /^trips\.csv: line 2: charterFrom: /],
    ['an open quote', `${least}\n"t1,v1`, 'trips.csv: line 2: a quote is never closed; close it'],
    ['another encoding', `${least}\n\uFFFD`, 'trips.csv: not UTF-8; save it as "CSV UTF-8"'],
  ])('%s is told in one line', (_, text, line) => {
    const told = ((): string => {
      try {
        return `${parsed(text).length} trips`
      } catch (error) {
        if (!(error instanceof BadInput)) throw error
        return error.message
      }
    })()
    expect(told).toMatch(line)
    expect(told.split('\n')).toHaveLength(1)
  })
})

describe('tables', () => {
  const cell = fc.string({ maxLength: 8 }).map((text) => text.trim())
  const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 })

  it('come back as they were written, each row with its line', () => {
    fc.assert(
      fc.property(table, (rows) => {
        const quoted = rows.map((cells) => cells.map((text) => `"${text.replaceAll('"', '""')}"`).join(','))
        const told = rows.filter((cells) => cells.some((text) => text !== ''))
        // A quote in front: no row is taken for a comment.
        expect(
          readCsvTable(`a,b\n${quoted.join('\n')}`, 'f')
            .slice(1)
            .map(({ cells }) => cells),
        ).toEqual(told)
      }),
    )
    expect(readCsvTable('a,b\n"x\ny",1\n\n2,3', 'f').map(({ line }) => line)).toEqual([1, 2, 5])
  })

  it('are read or refused in one line, whatever they hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 120 }), (text) => {
        try {
          parsed(text)
        } catch (error) {
          expect(error).toBeInstanceOf(BadInput)
        }
      }),
    )
  })
})

describe('a table that is written', () => {
  const at = fc.integer({ min: 0, max: 4e5 }).map((min) => new Date(1.76e12 + min * 60_000).toISOString())
  const name = fc.stringMatching(/^[=+\-@'A-Za-z0-9张李"，#;][=+\-@'A-Za-z0-9张李",; ]{0,6}[a-z]$/)
  const word = fc.stringMatching(/^[=+\-'a-z0-9张][a-z0-9张]{0,7}$/)
  const anyTrip = fc.record(
    {
      ...{ id: name, fleet: word.filter((text) => /^[a-z0-9]+$/.test(text)), vehicle: fc.constant('v1') },
      ...{ from: at, drivers: fc.array(word, { maxLength: 3 }), route: name },
      serviceClass: fc.constantFrom('scheduled', 'charterTour', null),
      oneWayKm: fc.option(fc.integer({ min: 1, max: 9000 })),
      relayRecords: fc.array(fc.record({ at, areaId: word, driver: word }), { minLength: 1, maxLength: 3 }),
      stops: fc.array(fc.record({ areaId: word, arrive: at, depart: at }), { minLength: 1, maxLength: 3 }),
      waybill: fc.record({ goodsClass: fc.constantFrom('3', '6.1'), escort: fc.option(word) }),
    },
    { requiredKeys: ['id', 'vehicle', 'from', 'drivers', 'serviceClass', 'oneWayKm'] },
  )

  it.each(['=1+1', '+1', '-1', '@A1', '\t=1', '\r=1', ' =1', '=HYPERLINK("x";"y")', "'=1", "''-1", "'x"])(
    '%j is words to a table program, and comes back as it was',
    (words) => {
      const own = { id: words, drivers: [words, words], route: words, serviceClass: null, oneWayKm: null }
      const times = { from: '2026-11-22T10:00:00.000Z', to: '2026-11-22T12:00:00.000Z' }
      const proof = { at: times.from, areaId: 'r1', driver: 'd1', plate: words }
      const charter = { plate: words, validFrom: '2026-11-01', validTo: '2026-11-30', areas: [words] }
      const more = { waybill: { goodsClass: '3', escort: words }, relayRecords: [proof], charter }
      const trip = tripSchema.parse({ ...own, ...times, vehicle: '-v1', ...more })
      const table = writeTripCsv([trip])
      // As a table program has them: nothing is trimmed, and the delimiter is known.
      const cells = [...table.matchAll(/(?:^|,|\n)(?:"((?:[^"]|"")*)"|([^",\r\n]*))/g)]
      expect(cells.length).toBeGreaterThan(20)
      for (const [, inQuotes, bare] of cells) expect(inQuotes ?? bare).not.toMatch(/^\s*[=+\-@\t\r]/)
      const [back] = parsed(table)
      expect([back?.id, back?.vehicle, back?.route]).toEqual([trip.id, trip.vehicle, trip.route])
      expect([back?.charter?.plate, back?.waybill?.escort]).toEqual([words, words])
    },
  )

  it('is read as what was written', () => {
    fc.assert(
      fc.property(fc.array(anyTrip, { minLength: 1, maxLength: 5 }), (trips) => {
        const whole = trips.map((one) =>
          tripSchema.parse({ ...one, to: new Date(Date.parse(one.from) + 60_000).toISOString() }),
        )
        expect(parsed(writeTripCsv(whole))).toEqual(whole)
      }),
    )
  })
})
