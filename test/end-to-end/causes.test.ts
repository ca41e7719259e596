import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { AccidentStore } from '../../device/accident/store.ts'
import { AccidentWatch } from '../../device/accident/watch.ts'
import { worldFromFile } from '../../device/clock.ts'
import type { Config } from '../../device/config.ts'
import { parseDbc } from '../../device/decoders/dbc/parse.ts'
import { dbcReader } from '../../device/decoders/dbc/read.ts'
import { detectors, driverDetectors } from '../../device/detectors/index.ts'
import { readDocuments } from '../../device/documents.ts'
import { silentLog } from '../../device/log.ts'
import { createMemoryOutbox } from '../../device/outbox/memory.ts'
import type { Outbox } from '../../device/outbox/outbox.ts'
import { portAt, slcanGreeting } from '../../device/ports/open.ts'
import { createTerminal } from '../../device/terminal.ts'
import { rules } from '../../gateway/rules/index.ts'
import { catalog } from '../../proto/catalog.ts'
import { type AnyDetector, type States, stepAll } from '../../proto/detector.ts'
import { type Documents, settingsAt } from '../../proto/in-force.ts'
import { openLines } from '../../sim/cables.ts'
import { writeDocuments } from '../../sim/documents.ts'
import { emissionsOfSecond } from '../../sim/emissions.ts'
import { bodyDbc, bodyDbcSignals } from '../../sim/hardware/j1939.ts'
import { closeLines, paceDrive } from '../../sim/pacer.ts'
import { planOf, type Scenario } from '../../sim/scenario.ts'
import { causes } from '../../sim/scenarios/causes.ts'
import { fleetCauses } from '../../sim/scenarios/causes-fleet.ts'
import { createWorld } from '../../sim/world.ts'
import { opened } from '../help/envelopes.ts'
import { comesTrue } from '../prove/patience.ts'
import { accusing } from './help/accusing.ts'

/** Bytes on real ttys, a whole terminal, the findings in its outbox, what it said in the cab, and the gateway's rules on what it sealed. */
const factor = 30

async function kindsOf(
  scenario: Scenario,
  expected: readonly string[],
): Promise<{ kinds: Set<string>; records: string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'roadwarden-cause-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const plan = planOf(scenario)
  const lines = await openLines(folder, plan)
  const world = createWorld(join(folder, 'world.json'), plan.startMs, factor)
  const { fleet, id } = scenario.vehicle
  const outbox = createMemoryOutbox({ fleet, vehicle: id, bytesMax: 2 ** 28 })
  const store = new AccidentStore(join(folder, 'accidents'))
  const dbc = parseDbc(bodyDbc)
  const made = dbc.is === 'bad' ? dbc : dbcReader(dbc.dbc, bodyDbcSignals)
  if (made.is !== 'reader') throw new Error('the body builder’s DBC cannot be read')
  const kinds = new Set<string>()
  // The files that people would have written, read as the terminal reads them.
  const documents = readDocuments(writeDocuments(plan, folder) as unknown as Config)
  const { peripheral } = lines
  const terminal = createTerminal({
    documents,
    documentsFolder: join(folder, 'documents'),
    outbox,
    ports: {
      gnss: portAt(lines.gnss.path, 115_200),
      can: portAt(lines.can.path, 115_200, slcanGreeting(undefined)),
      peripheral: peripheral && portAt(peripheral.path, 115_200),
    },
    canFormat: 'slcan',
    dbc: made.reader,
    peripherals: plan.peripheral?.devices ?? [],
    openLink: () => ({ isUp: () => false, publish: () => new Promise(() => {}), close: async () => {} }),
    ack: 'gateway',
    cab: { order: ({ kind }) => void kinds.add(kind), beep: () => {} },
    host: { nowMs: () => Date.now(), monoMs: () => performance.now() },
    world: worldFromFile(world.path),
    detectors: [...detectors, ...driverDetectors] as readonly AnyDetector[],
    closedIntervals: () => [],
    accidents: new AccidentWatch(store, silentLog),
    notBeforeMs: Date.UTC(2000, 0, 1),
    log: silentLog,
  })
  world.resume()
  const signal = new AbortController().signal
  await paceDrive(
    plan,
    lines,
    world,
    (ms) => emissionsOfSecond(plan, ms),
    async () => {},
    signal,
  )
  world.pause()
  const look = (): void => {
    for (const { bytes } of outbox.take('alarm', 0, 1e6)) {
      const { body } = opened(bytes)
      if (body.is === 'finding') kinds.add(body.finding.kind)
    }
    for (const kind of ruledKinds(outbox, documents)) kinds.add(kind)
  }
  // The last bytes may lie in the ttys yet, the last Samples in the terminal.
  await comesTrue(() => {
    look()
    return expected.every((kind) => kinds.has(kind))
  }, 20_000)
  await terminal.close(0)
  look()
  await closeLines(lines)
  return { kinds, records: store.list().map(({ file }) => file) }
}

/** What the gateway's rules make of the telemetry that was sealed. */
function ruledKinds(outbox: Outbox, documents: Documents): Set<string> {
  const kinds = new Set<string>()
  let states: States = {}
  for (const { bytes } of outbox.take('telemetry', 0, 1e6)) {
    const { body } = opened(bytes)
    for (const sample of body.is === 'telemetry' ? body.samples : []) {
      const step = stepAll(rules, states, sample, settingsAt(documents, sample.atMs))
      states = step.state
      for (const { kind } of step.findings) kinds.add(kind)
    }
  }
  return kinds
}

describe.concurrent('bytes on a tty cause', () => {
  it.each(causes)('$kinds', async ({ scenario, kinds: expected }) => {
    const { kinds, records } = await kindsOf(scenario, expected)
    for (const kind of expected) expect([...kinds], scenario.name).toContain(kind)
    for (const kind of accusing)
      if (!expected.includes(kind)) expect([...kinds], scenario.name).not.toContain(kind)
    for (const cause of ['crash', 'power-cut'])
      if (expected.some((kind) => kind.startsWith(cause)))
        expect(
          records.some((file) => file.includes(cause)),
          records.join(),
        ).toBe(true)
  })
})

describe('the list of causes', () => {
  it('leaves out no kind of the catalogue', () => {
    const caused = [...causes, ...fleetCauses].flatMap(({ kinds }) => kinds)
    expect(Object.keys(catalog).filter((kind) => !caused.includes(kind))).toEqual([])
    expect(caused.filter((kind) => catalog[kind] === undefined)).toEqual([])
  })
})
