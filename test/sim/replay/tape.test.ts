import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { readConfig } from '../../../device/config.ts'
import { detectors, driverDetectors } from '../../../device/detectors/index.ts'
import { readDocuments } from '../../../device/documents.ts'
import { silentLog } from '../../../device/log.ts'
import { createMemoryOutbox } from '../../../device/outbox/memory.ts'
import type { OpenPort, PortListener } from '../../../device/ports/port.ts'
import { openTapes } from '../../../device/tape/open.ts'
import { createTerminal } from '../../../device/terminal.ts'
import { canonicalJson } from '../../../proto/canonical.ts'
import { catalog } from '../../../proto/catalog.ts'
import type { Finding } from '../../../proto/model.ts'
import { writeDocuments } from '../../../sim/documents.ts'
import { emissionsOfSecond, isUnplugged } from '../../../sim/emissions.ts'
import { type Plan, planOf } from '../../../sim/scenario.ts'
import { scenarios } from '../../../sim/scenarios/index.ts'
import { tapeOf } from '../../../sim/tape.ts'
import { opened } from '../../help/envelopes.ts'
import { runTool, scratchFolder } from '../../help/tool.ts'

const files = scratchFolder()
const plan = planOf(scenarios.get('faulty-lines')!)
const nightCoach = planOf(scenarios.get('night-coach')!)

type Told = readonly [string, string | null, string, string, string, string]
const told = ({ kind, reason, phase, atMs, decidedAtMs, evidence }: Finding): Told => [
  kind,
  reason,
  phase,
  new Date(atMs).toISOString(),
  new Date(decidedAtMs).toISOString(),
  canonicalJson(evidence),
]
const toldLine = (line: Record<string, unknown>): Told =>
  [
    line['kind'],
    line['reason'],
    line['phase'],
    line['at'],
    line['decidedAt'],
    canonicalJson(line['evidence']),
  ] as Told

/** A terminal on the simulator's bytes, in this process, recording; the findings it sealed. */
async function recordedDrive(drive: Plan, folder: string, untilMs: number): Promise<Finding[]> {
  const documents = writeDocuments(drive, folder)
  const config = readConfig(
    files.write(
      'terminal.json',
      JSON.stringify({
        dataDir: folder,
        ...{ vehicle: documents.vehicle, trip: documents.trip, route: documents.route },
        ...{ areas: documents.areas, policy: documents.policy, world: join(folder, 'world.json') },
        ports: { gnss: { path: '/dev/ttyA' }, can: { path: '/dev/ttyB' } },
        gateway: { url: 'mqtt://127.0.0.1:1' },
      }),
    ),
  )
  vi.useFakeTimers({ now: drive.startMs })
  const clock = { nowMs: () => Date.now(), monoMs: () => Date.now() - drive.startMs }
  const listeners: { [line: string]: PortListener } = {}
  const hand =
    (line: string): OpenPort =>
    (listener) => {
      listeners[line] = listener
      return { path: line, bytesRead: () => 0, close: async () => {} }
    }
  const inForce = readDocuments(config)
  const { fleet, id } = inForce.vehicle
  const outbox = createMemoryOutbox({ fleet, vehicle: id, bytesMax: 1e9 })
  const tap = openTapes(
    { config, documents: inForce, session: '7-1', notBeforeMs: 0, host: clock, log: silentLog },
    join(folder, 'tapes'),
  )
  const terminal = createTerminal({
    documents: inForce,
    documentsFolder: join(folder, 'pushed'),
    outbox,
    ports: { gnss: hand('gnss'), can: hand('can') },
    canFormat: 'slcan',
    openLink: () => ({ isUp: () => false, publish: async () => {}, close: async () => {} }),
    ack: 'gateway',
    cab: { order: () => {}, beep: () => {} },
    host: clock,
    world: { nowMs: () => Date.now(), factor: () => 1 },
    detectors: [...detectors, ...driverDetectors],
    closedIntervals: () => [],
    notBeforeMs: 0,
    log: silentLog,
    tap,
  })
  const up: { [line: string]: boolean } = {}
  for (let secondMs = drive.startMs; secondMs < untilMs; secondMs += 1000) {
    for (const line of ['gnss', 'can'] as const) {
      const isUp = !isUnplugged(drive, line, secondMs)
      if (up[line] !== isUp) listeners[line]![isUp ? 'up' : 'down']('pulled')
      up[line] = isUp
    }
    for (const { atMs, line, text } of emissionsOfSecond(drive, secondMs)) {
      vi.advanceTimersByTime(Math.max(0, atMs - Date.now()))
      // Cut where no sentence ends.
      const bytes = Buffer.from(text, 'latin1')
      if (up[line]) for (const part of [bytes.subarray(0, 9), bytes.subarray(9)]) listeners[line]!.bytes(part)
    }
    vi.advanceTimersByTime(Math.max(0, secondMs + 1000 - Date.now()))
  }
  const closing = terminal.close(0)
  await vi.advanceTimersByTimeAsync(1000)
  const found = outbox.take('alarm', 0, 10_000).flatMap(({ bytes }) => {
    const { body } = opened(bytes)
    return body.is === 'finding' ? [body.finding] : []
  })
  await closing
  vi.useRealTimers()
  return found
}

afterEach(() => {
  vi.useRealTimers()
})

const ownedByTerminal = ({ kind }: { kind?: unknown }): boolean => catalog[String(kind)]?.owner === 'terminal'

describe('a tape of a terminal', () => {
  it('gives in replay exactly the findings the terminal sealed, however the tape is packed', async () => {
    const folder = join(files.path, 'drive')
    const found = await recordedDrive(plan, folder, plan.endMs)
    const [name, ...more] = readdirSync(join(folder, 'tapes'))
    expect(more).toEqual([])
    const tape = join(folder, 'tapes', name!)
    const { code, lines, stdout } = runTool('replay', [tape])
    expect(code).toBe(0)
    expect(found.length).toBeGreaterThan(5)
    const sorted = (all: readonly Told[]): string[] => all.map((one) => JSON.stringify(one)).sort()
    expect(sorted(lines.filter(ownedByTerminal).map(toldLine))).toEqual(sorted(found.map(told)))
    expect(lines.at(-1)).toMatchObject({ kind: 'summary', samples: expect.any(Number) })
    expect(runTool('replay', [files.write('t.gz', gzipSync(readFileSync(tape)))]).stdout).toBe(stdout)
  })
})

describe('a tape of the simulator', () => {
  const bytes = Buffer.concat([...tapeOf(nightCoach)])
  const file = files.write('night.rwtape', bytes)
  const whole = runTool('replay', [file, '--capsules', join(files.path, 'capsules')])
  const capsules = readdirSync(join(files.path, 'capsules')).sort()

  it('has its documents with it, and the command line comes before them', () => {
    expect(whole.code).toBe(0)
    expect(whole.lines.at(-1)).toMatchObject({
      findings: { curfew: 1, fatigue: 1, 'off-route': 1, area: 1, speeding: 1 },
    })
    const policy = files.write('faster.json', JSON.stringify({ speeding: { toleranceKmh: 30 } }))
    const faster = runTool('replay', [file, '--policy', policy])
    expect(faster.lines.at(-1)).toMatchObject({ findings: { curfew: 1 } })
    expect(faster.lines.some(({ kind }) => kind === 'speeding')).toBe(false)
    expect(faster.stderr).toContain('recorded under another policy')
  })

  it('gives the same bytes under any time zone, and from a pipe', () => {
    expect(runTool('replay', [file], { env: { TZ: 'America/New_York' } }).stdout).toBe(whole.stdout)
    expect(runTool('replay', ['-'], { input: bytes }).stdout).toBe(whole.stdout)
  })

  it('gives up a capsule for each finding, and each replays by itself to the same alert', () => {
    const started = whole.lines.filter(({ phase }) => phase === 'started')
    expect(capsules).toHaveLength(started.length)
    for (const [index, name] of capsules.entries()) {
      const alone = runTool('replay', [join(files.path, 'capsules', name)])
      const wanted = started.find(({ kind, decidedAt }) =>
        name.includes(`${String(kind)}-${String(decidedAt).replaceAll(/[-:.]/g, '')}`),
      )
      expect(wanted, name).toBeDefined()
      expect(alone.lines, name).toContainEqual(wanted)
      expect(alone.code).toBe(0)
      expect(Number(alone.lines.at(-1)!['samples'])).toBeLessThan(80)
      expect(index).toBeLessThan(started.length)
    }
  })

  it('cuts one around an instant when asked', () => {
    const one = runTool('replay', [
      file,
      ...['--capsules', join(files.path, 'one'), '--at', '2026-11-22T18:00:20Z'],
    ])
    expect(one.code).toBe(0)
    expect(readdirSync(join(files.path, 'one'))).toEqual(['001-curfew-20261122T180030000Z.rwtape'])
  })

  it('says when nothing was decided at that instant, and what the tape covers', () => {
    const at = '2026-11-21T18:00:20Z'
    const { code, stdout, stderr } = runTool('replay', [
      file,
      ...['--capsules', join(files.path, 'none'), '--at', at],
    ])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(
      /--at 2026-11-21T18:00:20Z: nothing was decided within 30 s of it; the tape covers 2026-11-22T15:40:\d\d\.\d{3}Z to 2026-11-22T18:\d\d:\d\d\.\d{3}Z\n$/,
    )
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })

  it('torn, is replayed to its last whole segment and says where it broke', () => {
    const torn = runTool('replay', [files.write('torn.rwtape', bytes.subarray(0, bytes.length >> 1))])
    expect(torn.code).toBe(0)
    expect(torn.stderr).toMatch(/torn\.rwtape: byte \d+: torn after segment \d+/)
    expect(Number(torn.lines.at(-1)!['samples'])).toBeGreaterThan(3000)
  })

  it('refuses what does not go with a tape in one line', () => {
    const csv = files.write('a.csv', 'time,lat,lon\n2026-11-22T15:40:00Z,28,113\n')
    for (const [args, why] of [
      [[file, '--can', file], 'a tape has its own CAN line'],
      [[csv, '--capsules', files.path], 'capsules are cut out of a tape'],
      [[file, '--at', '2026-11-22'], '--at belongs to --capsules'],
      [[file, '--speed', '3'], '--speed belongs to --watch'],
      [[file, '--watch', '--speed', 'x'], '--speed x'],
    ] as const) {
      const { code, stdout, stderr } = runTool('replay', args)
      expect([code, stdout]).toEqual([2, ''])
      expect(stderr).toContain(why)
      expect(stderr.trim().split('\n')).toHaveLength(1)
    }
  })

  it('can be watched: limits, times left and findings as text where no terminal is', () => {
    const watched = runTool('replay', [file, '--watch', '--speed', 'max'])
    expect(watched.stdout).toBe(whole.stdout)
    expect(watched.stderr).toMatch(/2026-11-22 23:40:\d\d {2}\d+\/\d+ km\/h \(.+\) {2}left: drive 4:00/)
    expect(watched.stderr).toMatch(/started critical curfew {2}.*凌晨/)
    expect(watched.stderr).toMatch(/route \d+\.\d\/\d+\.\d km/)
  })
})
