import { describe, expect, it } from 'vitest'
import { canLine, gnssLine } from '../../device/decoders/index.ts'
import type { CanMessage, GroupMessage, NmeaMessage } from '../../device/decoders/messages.ts'
import { distanceM } from '../../proto/geo/earth.ts'
import { emissionsOfSecond, type LineName } from '../../sim/emissions.ts'
import { type Plan, planOf } from '../../sim/scenario.ts'
import { scenarios } from '../../sim/scenarios/index.ts'
import { truthAt } from '../../sim/vehicle.ts'

/**
 * Two readings of the same standards meet: the hardware wrote, the terminal's decoders read, and the truth of the
 * moment must come out. Neither side has seen the other, so a wrong scale on one of them shows here.
 */

function bytesOf(plan: Plan, name: LineName, fromMs: number, seconds: number): Buffer {
  let text = ''
  for (let second = 0; second < seconds; second++)
    for (const { line, text: part } of emissionsOfSecond(plan, fromMs + second * 1000))
      if (line === name) text += part
  return Buffer.from(text, 'latin1')
}

function groups(messages: readonly CanMessage[], pgn: number): GroupMessage[] {
  return messages.filter(
    (message): message is GroupMessage => message.kind === 'message' && message.pgn === pgn,
  )
}

describe.each([...scenarios.keys()])('hardware of %s, read by the decoders', (name) => {
  const plan = planOf(scenarios.get(name)!)
  const fromMs = plan.startMs + 120_000
  const can = canLine('slcan').step(canLine('slcan').initial, bytesOf(plan, 'can', fromMs, 20), 0).messages
  const truth = truthAt(plan, fromMs + 10_000)

  it('gives every epoch with its time, place and speed', () => {
    const bytes = bytesOf(plan, 'gnss', fromMs, 60)
    const { messages } = gnssLine.step(gnssLine.initial, bytes)
    expect(messages.filter(({ kind }) => kind === 'discarded')).toEqual([])
    const epochs = messages.filter(
      (message): message is NmeaMessage & { kind: 'rmc' } => message.kind === 'rmc',
    )
    expect(epochs).toHaveLength(60)
    for (const [second, epoch] of epochs.entries()) {
      const now = truthAt(plan, fromMs + second * 1000)
      expect(epoch.utcMs).toBe(now.atMs)
      expect(epoch.valid).toBe(true)
      expect(distanceM({ lat: epoch.lat!, lon: epoch.lon! }, now)).toBeLessThan(3)
      expect(Math.abs(epoch.speedKmh! - now.speedKmh)).toBeLessThan(0.4)
    }
    expect(messages.some((message) => message.kind === 'antenna' && message.state === 'ok')).toBe(true)
  })

  it('gives speeds, engine, distances and switches', () => {
    expect(can.filter(({ kind }) => kind === 'discarded')).toEqual([])
    const said = (pgn: number) => groups(can, pgn)[0]!.signals
    expect(said(65265)['wheelSpeedKmh']).toBeCloseTo(truth.speedKmh, 1)
    expect(said(65265)).toMatchObject({ brakeSwitch: false, parkingBrake: false, clutchSwitch: false })
    expect(said(65132)['tachographSpeedKmh']).toBeCloseTo(truth.speedKmh, 1)
    expect(said(61444)['engineSpeedRpm']).toBeCloseTo(truth.rpm, 0)
    const odometerKm = truthAt(plan, fromMs).odometerM / 1000
    expect(Math.abs(Number(said(65217)['highResDistanceKm']) - odometerKm)).toBeLessThan(0.1)
    expect(Math.abs(Number(said(65248)['totalDistanceKm']) - odometerKm)).toBeLessThan(0.3)
    for (const message of can) if (message.kind === 'message') expect(message.errors).toEqual([])
  })

  it('gives the drivers in one broadcast every ten seconds', () => {
    const broadcasts = can.filter((message) => message.kind === 'transport')
    expect(broadcasts.map(({ pgn }) => pgn)).toEqual([65131, 65131])
    const text = Buffer.from(broadcasts[0]!.payload).toString('latin1')
    expect(text).toBe(`${truth.driver ?? ''}*${truth.coDriver ?? ''}*`)
  })
})
