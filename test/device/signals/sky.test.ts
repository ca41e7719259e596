import { describe, expect, it } from 'vitest'
import type { Gsa, Gsv } from '../../../device/decoders/messages.ts'
import { restoreSignals } from '../../../device/signals/index.ts'
import { emptySky, nextEpoch, type SkyState, skyOf, takeGsa, takeGsv } from '../../../device/signals/sky.ts'
import { type Heard, hear } from '../../help/line-signals.ts'

const start = Date.UTC(2026, 10, 22, 15, 40)
const gsa = (talker: string, system: number | null, ...satelliteIds: number[]): Gsa => ({
  ...{ kind: 'gsa', talker, fixType: 3, satelliteIds, pdop: 1, hdop: 1, vdop: 1, system },
})
const gsv = (talker: string, ...satellites: (readonly [id: number, snrDb: number | null])[]): Gsv => ({
  ...{ kind: 'gsv', talker, total: 1, number: 1, inView: satellites.length },
  satellites: satellites.map(([id, snrDb]) => ({ id, snrDb, elevationDeg: 1, azimuthDeg: 1 })),
})
const take = (...messages: (Gsa | Gsv | 'epoch')[]): SkyState =>
  messages.reduce<SkyState>((state, message) => {
    if (message === 'epoch') return nextEpoch(state)
    return message.kind === 'gsa' ? takeGsa(state, message, 1000) : takeGsv(state, message, 1000)
  }, emptySky)
const sky = (...messages: (Gsa | Gsv | 'epoch')[]) => skyOf(take(...messages), 1000, 0)

describe('the sky', () => {
  it.each([
    ['GP', 'gps'],
    ['GL', 'glonass'],
    ['GA', 'galileo'],
    ['BD', 'beidou'],
    ['GB', 'beidou'],
    ['GQ', 'qzss'],
    ['QZ', 'qzss'],
    ['GI', 'navic'],
  ])('talker %s speaks of %s', (talker, system) => {
    expect(sky(gsa(talker, null, 5, 6))).toEqual([{ system, used: 2, inView: null, snrDb: null }])
    expect(sky(gsv(talker, [5, 40], [6, null], [7, 30]))).toEqual([
      { system, used: null, inView: 3, snrDb: 35 },
    ])
  })

  it.each([
    [1, 'gps'],
    [2, 'glonass'],
    [3, 'galileo'],
    [4, 'beidou'],
    [5, 'qzss'],
    [6, 'navic'],
  ])('GN names system %i: %s, whatever the numbers are', (id, system) => {
    expect(sky(gsa('GN', id, 5))).toEqual([{ system, used: 1, inView: null, snrDb: null }])
  })

  it.each([
    [1, 'gps'],
    [64, 'gps'],
    [65, 'glonass'],
    [96, 'glonass'],
    [193, 'qzss'],
    [200, 'qzss'],
    [201, 'beidou'],
    [264, 'beidou'],
    [301, 'galileo'],
    [336, 'galileo'],
    [401, 'beidou'],
    [437, 'beidou'],
  ])('a mixed list knows satellite %i as %s', (id, system) => {
    expect(sky(gsa('GN', null, id))).toEqual([{ system, used: 1, inView: null, snrDb: null }])
    expect(sky(gsv('GP', [id, 40]))).toEqual([{ system, used: null, inView: 1, snrDb: 40 }])
  })

  it.each([97, 192, 265, 300, 337, 400, 438])('a mixed list says nothing by satellite %i', (id) => {
    expect(sky(gsa('GN', null, id))).toBeNull()
  })

  it('puts the pieces of one epoch together and begins anew after a position', () => {
    const more = [gsa('GB', null, 13, 14), gsv('GB', [13, 40]), gsv('GB', [15, 20])] as const
    expect(sky(gsa('GB', null, 11, 12), ...more)).toEqual([
      { system: 'beidou', used: 4, inView: 2, snrDb: 30 },
    ])
    expect(sky(gsa('GB', null, 11, 12), gsv('GP', [1, 50]), 'epoch', ...more)).toEqual([
      { system: 'beidou', used: 2, inView: 2, snrDb: 30 },
    ])
  })

  it('counts a satellite once that is told for two signals, by the stronger one', () => {
    expect(sky(gsv('GB', [11, 40]), gsv('GB', [11, 30]))).toEqual([
      { system: 'beidou', used: null, inView: 1, snrDb: 40 },
    ])
    expect(sky(gsv('GB', [11, null]), gsv('GB', [11, 30]), gsv('GB', [11, null]))?.[0]?.snrDb).toBe(30)
    expect(sky(gsv('GB', [11, 30]), gsv('GB', [11, 41]))?.[0]?.snrDb).toBe(41)
  })

  it('a system that sees nothing is none, not unknown', () => {
    expect(sky(gsv('GB'), gsa('GB', null))).toEqual([{ system: 'beidou', used: 0, inView: 0, snrDb: null }])
  })

  it('is in a fixed order, bounded, and forgotten after 15 s', () => {
    const mixed = take(gsa('GB', null, 11), gsa('GP', null, 3))
    expect(skyOf(mixed, 1000, 0)?.map(({ system }) => system)).toEqual(['gps', 'beidou'])
    expect(skyOf(mixed, 16_000, 0)).not.toBeNull()
    expect(skyOf(mixed, 16_001, 0)).toBeNull()
    expect(skyOf(mixed, 16_500, 500)).not.toBeNull()
    const flood = take(...Array.from({ length: 300 }, (_, i) => gsv('GB', [i + 1, 40])))
    expect(skyOf(flood, 1000, 0)).toEqual([{ system: 'beidou', used: null, inView: 64, snrDb: 40 }])
  })
})

const two = (value: number): string => String(value).padStart(2, '0')
const time = (s: number): string => `15${two(40 + Math.floor(s / 60))}${two(s % 60)}.00`
const place = '2800.00000,N,11300.00000,E'
const rmc = (s: number): string => `GNRMC,${time(s)},A,${place},30.0,90.0,221126,,,A`
const gns = (s: number, modes = 'AANN'): string => `GNGNS,${time(s)},${place},${modes},17,0.6,62.4,-14.6,,,V`
const zda = (s: number): string => `GNZDA,${time(s)},22,11,2026,00,00`
const at = (s: number, ...nmea: string[]): Heard => ({ atMs: start + s * 1000, nmea })

describe('Samples', () => {
  it('tell the sky as it was at the last full ten seconds', () => {
    const slots = (used: number) => Array.from({ length: 12 }, (_, slot) => (slot < used ? 11 + slot : ''))
    const beidou = (used: number): string => `GNGSA,A,3,${slots(used).join(',')},1,1,1,4`
    const heard = Array.from({ length: 25 }, (_, s) => at(s, rmc(s), beidou(s < 12 ? 2 : 4)))
    const { samples } = hear(heard)
    const used = samples.map(({ sky: told }) => told?.find(({ system }) => system === 'beidou')?.used ?? null)
    // Nobody told before the first position; what changed at 12 s is seen at 20 s.
    expect(used).toEqual([...Array(10).fill(null), ...Array(10).fill(2), ...Array(5).fill(4)])
  })

  it('come from GNS where no RMC speaks, on the day that ZDA names', () => {
    const lateMs = 40 * 86_400_000
    const shifted = (one: Heard): Heard => ({ ...one, atMs: one.atMs + lateMs })
    const { samples } = hear([at(0, zda(0), gns(0)), at(1, zda(1), gns(1))].map(shifted))
    expect(samples.map(({ atMs }) => atMs)).toEqual([start, start + 1000])
    expect(samples[0]!.fix).toMatchObject({ lat: 28, lon: 113, satellites: 17 })
  })

  it('take the day of arrival where no ZDA came for ten minutes', () => {
    const late = (s: number) => ({ ...at(s, gns(s)), atMs: start + 600_000 + s * 1000 })
    expect(hear([at(0, zda(0)), late(0)]).samples).toHaveLength(1)
    const day = 86_400_000
    const dayLate = { ...at(5, gns(5)), atMs: start + day }
    expect(hear([at(0, zda(0)), dayLate]).samples[0]!.atMs).toBe(start + day + 5000)
  })

  it('have the speed of VTG where no RMC tells one, not an old one', () => {
    const vtg = (kmh: string) => `GNVTG,90.0,T,,M,,N,${kmh},K,A`
    const heard = [at(0, gns(0), vtg('61.0')), at(1, vtg('62.0'), gns(1)), at(2, gns(2)), at(3, gns(3))]
    const { samples } = hear(heard)
    expect(samples.map(({ sources }) => sources?.gnssKmh)).toEqual([null, 62, 62, null])
    expect(samples.map(({ courseDeg }) => courseDeg)).toEqual([null, 90, 90, null])
    // An RMC's own speed is never replaced.
    expect(hear([at(0, vtg('99.0'), rmc(0))]).samples[0]!.sources?.gnssKmh).toBeCloseTo(55.56, 6)
  })

  it('take the day of the time that is held where the clock of the machine is days behind', () => {
    const behind = (one: Heard): Heard => ({ ...one, atMs: one.atMs - 3 * 86_400_000 })
    const { samples } = hear([at(0, rmc(0)), at(1, rmc(1)), at(6, gns(6)), at(7, gns(7))].map(behind))
    expect(samples.map(({ atMs }) => (atMs - start) / 1000)).toEqual([0, 1, 6, 7])
  })

  it('come over midnight with ZDA before or after', () => {
    const midnight = Date.UTC(2026, 10, 23)
    const before = { atMs: midnight - 200, nmea: ['GNZDA,235959.80,22,11,2026,00,00'] }
    const after = { atMs: midnight + 200, nmea: [`GNGNS,000000.00,${place},AA,17,0.6,62.4,-14.6,,`] }
    expect(hear([before, after]).samples[0]!.atMs).toBe(midnight)
  })

  it('come once where RMC, GGA and GNS tell the same epoch', () => {
    const gga = (s: number) => `GNGGA,${time(s)},${place},1,17,0.6,62.4,M,-14.6,M,,`
    const { samples } = hear([0, 1, 2].map((s) => at(s, gga(s), gns(s), rmc(s))))
    // Before the first RMC was heard, GGA speaks for the epoch.
    expect(samples.map(({ atMs }) => (atMs - start) / 1000)).toEqual([0, 1, 2])
    expect(hear([at(0, gns(0, 'NN'))]).samples).toEqual([])
  })

  it('have the accuracy of GST, two sigma of both directions, of the epoch before', () => {
    const gst = 'GNGST,154000.00,1.0,,,,3.0,4.0,6.0'
    const { samples } = hear([at(0, rmc(0), gst), at(1, rmc(1)), at(2, rmc(2)), at(3, rmc(3))])
    expect(samples.map(({ fix }) => fix?.accuracyM)).toEqual([null, 10, 10, null])
    const silent = hear([at(0, rmc(0), gst), at(1, rmc(1), 'GNGST,154001.00,1.0,,,,,,'), at(2, rmc(2))])
    expect(silent.samples.map(({ fix }) => fix?.accuracyM)).toEqual([null, 10, null])
  })

  it('know nothing of the sky and the accuracy of a line that is down, or of the boot before', () => {
    const gst = 'GNGST,154000.00,1.0,,,,3.0,4.0,6.0'
    const gsaText = 'GBGSA,A,3,11,12,,,,,,,,,,,1,1,1'
    const down = { is: 'line', line: 'gnss', up: false, arrivedMs: start + 9000 } as const
    const first = [at(0, rmc(0), gst, gsaText), at(9, rmc(9), gst, gsaText)]
    const { samples } = hear([...first, { atMs: start + 9000, input: down }, at(10, rmc(10))])
    expect(samples.at(-1)).not.toHaveProperty('sky')
    expect(samples.at(-1)!.fix?.accuracyM).toBeNull()
    const { state } = hear(first)
    expect(restoreSignals(JSON.parse(JSON.stringify(state)))).toMatchObject({ sky: emptySky, skyTold: null })
  })
})
