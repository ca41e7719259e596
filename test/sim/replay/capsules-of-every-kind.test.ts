import { describe, expect, it } from 'vitest'
import { detectors } from '../../../device/detectors/index.ts'
import { rules } from '../../../gateway/rules/index.ts'
import { catalog } from '../../../proto/catalog.ts'
import { createCapsules } from '../../../sim/replay/capsules.ts'
import { createEngine, type Line } from '../../../sim/replay/engine.ts'
import { headBytes, openTrip } from '../../../sim/replay/open-trip.ts'
import { planOf, type Scenario } from '../../../sim/scenario.ts'
import { causes } from '../../../sim/scenarios/causes.ts'
import { scenarios } from '../../../sim/scenarios/index.ts'
import { tapeOf } from '../../../sim/tape.ts'
import { tapeBlocks } from '../../../sim/tapes/write.ts'

/** A capsule by itself, with nothing but this repository: the same alert, word for word, whatever its kind. */

type Capsule = { readonly line: Line; readonly bytes: Buffer }

async function replayed(tape: Buffer, cut: boolean): Promise<{ lines: Line[]; capsules: Capsule[] }> {
  const lines: Line[] = []
  const capsules: Capsule[] = []
  async function* chunks() {
    yield tape
  }
  const reader = { read: async () => '', tell: () => {} }
  const recording = { name: 'tape', head: tape.subarray(0, headBytes), chunks: chunks(), tell: () => {} }
  const trip = await openTrip(recording, { files: {}, reader })
  const cutter = createCapsules({
    ...trip.tape!,
    wanted: ({ phase }) => cut && phase === 'started',
    done: ({ header, records }, line) => {
      capsules.push({ line, bytes: Buffer.concat([...tapeBlocks(header, records)]) })
    },
  })
  const print = (line: Line): void => {
    lines.push(line)
    cutter.printed(line)
  }
  const engine = createEngine({ documents: trip.documents, detectors, rules, ...trip.deps, print })
  await trip.fold(engine, cutter)
  engine.end()
  cutter.end()
  return { lines, capsules }
}

/** Kinds that no bytes on the lines of a vehicle hold. */
const notOnLines: { readonly [kind: string]: string } = {
  'epoch-reset': 'told by an outbox that was lost',
  silence: 'told by a gateway that hears nothing',
  'driver-overlap': 'told by a gateway that knows several vehicles',
}

/** Both cables pulled for eight minutes on the road: moved while nobody heard it. */
function unheard(): Scenario {
  const scenario = scenarios.get('faulty-lines')!
  const pulled = <T extends { how: string }>(faults: readonly T[]): T[] =>
    faults
      .filter(({ how }) => how === 'unplug')
      .map((fault) => ({ ...fault, from: '09:05:00', to: '09:13:00' }))
  const { gnss, can } = scenario.faults
  return {
    ...scenario,
    name: 'unheard',
    faults: { ...scenario.faults, gnss: pulled(gnss), can: pulled(can), antenna: [] },
  }
}

const all: readonly Scenario[] = [
  unheard(),
  ...causes.map(({ scenario }) => scenario),
  ...['hazmat', 'bad-sky', 'cell-outage'].map((name) => scenarios.get(name)!),
]

describe('a capsule of each finding', () => {
  const found = new Set<string>()

  it.each(all.map((scenario) => [scenario.name, scenario] as const))(
    'of %s gives it again',
    async (_, scenario) => {
      const { lines, capsules } = await replayed(Buffer.concat([...tapeOf(planOf(scenario))]), true)
      expect(capsules).toHaveLength(lines.filter(({ phase }) => phase === 'started').length)
      for (const { line, bytes } of capsules) {
        const again = (await replayed(bytes, false)).lines
        expect(again, `${line.kind} at ${line.at}`).toContainEqual(line)
        found.add(line.kind)
      }
    },
  )

  it('was made for every kind there is', () => {
    const kinds = Object.entries(catalog).flatMap(([kind, { driverOnly }]) =>
      driverOnly === true ? [] : [kind],
    )
    expect(kinds.filter((kind) => !found.has(kind) && notOnLines[kind] === undefined)).toEqual([])
  })
})
