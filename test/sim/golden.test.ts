import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { catalog } from '../../proto/catalog.ts'
import { checkTrip } from '../../sim/golden.ts'
import { tripsIn } from '../../sim/what-if/trips.ts'
import { runSim } from '../help/sim.ts'
import { root } from '../help/tool.ts'

const corpus = join(root, 'test/golden')
const trips = tripsIn(corpus)
const scratch = mkdtempSync(join(tmpdir(), 'roadwarden-golden-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

/** Kinds that no recorded trip of bytes from a receiver, a bus or a tracker can hold, and why. */
const notRecorded: { readonly [kind: string]: string } = {
  'clock-conflict': 'a trip file has no clock besides its own times',
  'epoch-reset': 'told by an outbox that was lost',
  silence: 'told by a gateway that hears nothing',
  'driver-overlap': 'a trip is of one vehicle: who drives another one is known to the gateway',
  'power-cut': 'the supply line is no column of a trip',
  emergency: 'the button is no column of a trip',
  'crash-suspected': 'the supply line and the button are no columns of a trip',
  overload: 'the axle scale is no column of a trip',
}

describe('the golden corpus', () => {
  const found = new Set<string>()

  it.each(trips.map((trip) => [trip.name, trip] as const))('%s is found as it was', async (_, trip) => {
    const { is, told, text } = await checkTrip(trip)
    expect({ is, told }).toEqual({ is: 'same', told: [] })
    for (const line of text.trim().split('\n')) {
      const { kind, phase } = JSON.parse(line) as { kind: string; phase?: string }
      if (phase === 'started') found.add(kind)
    }
  })

  it('holds every kind that a recorded trip can', () => {
    const missing = Object.entries(catalog)
      .filter(([kind, { driverOnly }]) => driverOnly !== true && notRecorded[kind] === undefined)
      .map(([kind]) => kind)
      .filter((kind) => !found.has(kind))
    expect(missing).toEqual([])
    expect(Object.keys(notRecorded).filter((kind) => found.has(kind))).toEqual([])
  })
})

describe('npm run sim -- golden', () => {
  const speeding = join(scratch, 'corpus/speeding')
  const expected = join(speeding, 'expected.ndjson')

  it('tells a difference in one line a person can read, and ends with 1; --write makes it hold', () => {
    cpSync(join(corpus, 'speeding'), speeding, { recursive: true })
    const text = readFileSync(expected, 'utf8')
    writeFileSync(expected, text.replace('"severity":"minor"', '"severity":"major"'))
    const args = ['golden', '--dir', join(scratch, 'corpus')]
    const differing = runSim(args)
    expect([differing.code, differing.stdout]).toEqual([
      1,
      '{"kind":"golden","name":"speeding","is":"differs"}\n',
    ])
    expect(differing.stderr).toContain(
      '~ started speeding bus-1 2026-11-23T02:00:10.000Z: severity "major" -> "minor"',
    )
    expect(runSim([...args, '--write']).code).toBe(0)
    expect(readFileSync(expected, 'utf8')).toBe(text)
    expect(runSim(args).code).toBe(0)
  })

  it('ends with 2 in one line where there is no corpus', () => {
    const nowhere = runSim(['golden', '--dir', join(scratch, 'nowhere')])
    expect([nowhere.code, nowhere.stderr.split('\n').length]).toEqual([2, 2])
  })
})
