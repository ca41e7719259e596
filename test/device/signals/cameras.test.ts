import { describe, expect, it } from 'vitest'
import { restoreSignals } from '../../../device/signals/index.ts'
import {
  alarmReport,
  heartbeat,
  peripheralFrame,
  statusReport,
  tyreReport,
} from '../../../sim/hardware/jsatl.ts'
import { type Heard, hear, signalConfig } from '../../help/line-signals.ts'

const start = Date.UTC(2026, 10, 22, 15, 40)
const place = '2800.00000,N,11300.00000,E'
const rmc = (s: number): Heard => ({
  atMs: start + s * 1000,
  nmea: [`GNRMC,1540${String(s).padStart(2, '0')}.00,A,${place},30.0,90.0,221126,,,A`],
})
const says = (s: number, peripheral: Uint8Array): Heard => ({ atMs: start + s * 1000, peripheral })
const phone = alarmReport({ device: 'dsm', type: 2, alarmId: 7, speedKmh: 66, attachments: 1, atMs: start })

describe('a camera', () => {
  it('is heard in the next Sample, dated by its arrival, once', () => {
    const { samples } = hear([rmc(0), says(0.4, phone), rmc(1), rmc(2)])
    expect(samples[0]).not.toHaveProperty('camera')
    expect(samples[1]!.camera).toEqual({
      events: [
        {
          ...{ what: 'phone', device: 'dsm', alarmId: 7, flag: 'event', level: null, fatigueDegree: null },
          ...{ frontSpeedKmh: null, distanceS: null, side: null, speedKmh: 66, attachments: 1 },
          ...{ sentAt: '2026-11-22T23:40:00+08:00', atMs: start + 400 },
        },
      ],
      devices: [{ name: 'dsm', ageMs: 600, faults: [] }],
    })
    expect(samples[2]!.camera).toMatchObject({ events: [], devices: [{ name: 'dsm', ageMs: 1600 }] })
  })

  it('lives by any frame of its own, and only the last status says what is broken', () => {
    const { samples } = hear([
      ...[says(0, statusReport('adas', 1, 0b10)), rmc(1), says(1.5, heartbeat('adas')), rmc(2)],
      ...[says(2.5, statusReport('adas', 4, 0)), rmc(3), says(3.5, statusReport('adas', 1, 0)), rmc(4)],
    ])
    expect(samples.map(({ camera }) => camera?.devices)).toEqual([
      [{ name: 'adas', ageMs: 1000, faults: ['main-memory'] }],
      [{ name: 'adas', ageMs: 500, faults: ['main-memory'] }],
      [{ name: 'adas', ageMs: 500, faults: ['abnormal'] }],
      [{ name: 'adas', ageMs: 500, faults: [] }],
    ])
  })

  it('nobody numbered, damage and types without a name make no event and no device', () => {
    const odd = [peripheralFrame(0x70, 0x2f, []), phone.with(1, 0), alarmReport({ device: 'dsm', type: 77 })]
    const { samples } = hear([...odd.map((frame) => says(0, frame)), rmc(1)])
    expect(samples[0]!.camera).toEqual({ events: [], devices: [{ name: 'dsm', ageMs: 1000, faults: [] }] })
  })

  it('that must speak is there before it spoke, and after a restart still', () => {
    const expecting = { ...signalConfig, peripherals: ['adas'] }
    expect(hear([rmc(0)], undefined, expecting).samples[0]!.camera).toEqual({
      events: [],
      devices: [{ name: 'adas', ageMs: null, faults: [] }],
    })
    const { state } = hear([says(0, statusReport('dsm', 4, 1)), says(0, phone)])
    const restored = restoreSignals(JSON.parse(JSON.stringify(state)))
    expect(hear([rmc(1)], restored, expecting).samples[0]!.camera).toEqual({
      events: [],
      devices: ['dsm', 'adas'].map((name) => ({ name, ageMs: null, faults: [] })),
    })
  })

  it('that floods is heard 64 times between two Samples, the newest ones', () => {
    const flood = Array.from({ length: 500 }, (_, i) =>
      says(0, alarmReport({ device: 'dsm', type: 3, alarmId: i })),
    )
    const { samples } = hear([...flood, rmc(1)])
    expect(samples[0]!.camera?.events.map(({ alarmId }) => alarmId)).toEqual(
      Array.from({ length: 64 }, (_, i) => 436 + i),
    )
  })

  it('an age that the scheduling of a fast world explains is none', () => {
    const late = { ...signalConfig, slackMs: 1000 }
    const ages = (s: number) =>
      hear([says(0, phone), rmc(s)], undefined, late).samples[0]!.camera?.devices[0]?.ageMs
    expect([ages(1), ages(2)]).toEqual([0, 2000])
  })

  it('of tyres says each reading once, dated by its arrival', () => {
    const tyre = { tyre: 1, pressureKpa: 610, temperatureC: 40, batteryPct: 90 }
    const report = (flag: 0 | 1 | 2, ...bits: ('regular' | 'low')[]) =>
      tyreReport({ flag, tyres: [{ ...tyre, bits }] })
    const { samples, state } = hear([
      ...[rmc(0), says(0.2, report(0, 'regular')), says(0.4, report(1, 'low')), says(0.6, report(2, 'low'))],
      ...[rmc(1), rmc(2)],
    ])
    expect(samples[1]!.camera!.tyres).toEqual([
      { ...tyre, alarms: [], tells: 'all', atMs: start + 200 },
      { ...tyre, alarms: ['low'], tells: 'some', atMs: start + 400 },
      { ...tyre, alarms: ['low'], tells: 'end', atMs: start + 600 },
    ])
    expect(samples[1]!.camera!.devices).toEqual([{ name: 'tpms', ageMs: 400, faults: [] }])
    expect(samples[2]!.camera).not.toHaveProperty('tyres')
    expect(restoreSignals(state).cameras).not.toHaveProperty('tyres')
  })

  it('of tyres that floods is bounded as well', () => {
    const many = Array.from({ length: 60 }, (_, tyre) => ({
      ...{ tyre, bits: [], pressureKpa: 600, temperatureC: 1, batteryPct: 1 },
    }))
    const { samples } = hear([
      says(0, tyreReport({ tyres: many })),
      says(0, tyreReport({ tyres: many })),
      rmc(1),
    ])
    expect(samples[0]!.camera!.tyres).toHaveLength(64)
  })
})
