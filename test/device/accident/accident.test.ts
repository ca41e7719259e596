import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PointRing, stepMs } from '../../../device/accident/ring.ts'
import { type AccidentRecord, AccidentStore, recordsMax } from '../../../device/accident/store.ts'
import { AccidentWatch } from '../../../device/accident/watch.ts'
import { accidentId } from '../../../device/detectors/accident-id.ts'
import { crash } from '../../../device/detectors/crash.ts'
import { powerCut } from '../../../device/detectors/power-cut.ts'
import { silentLog } from '../../../device/log.ts'
import {
  initialSignals,
  type SignalConfig,
  type SignalState,
  stepSignals,
} from '../../../device/signals/index.ts'
import type { AnyDetector } from '../../../proto/detector.ts'
import { stepAll } from '../../../proto/detector.ts'
import type { Sample } from '../../../proto/model.ts'
import { defaultPolicy } from '../../../proto/policy.ts'
import { conduct } from '../../help/conduct.ts'
import { sampleAt } from '../../help/drive.ts'
import { fixAt, healthy, seconds, settings, startMs, wheel } from '../../help/seconds.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'accident-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const record = (atMs: number, more: Partial<AccidentRecord> = {}): AccidentRecord => ({
  id: accidentId('stop', atMs),
  cause: 'stop',
  fleet: 'north',
  vehicle: 'coach-1',
  plate: null,
  driver: null,
  atMs,
  points: [],
  ...more,
})

describe('the store of accident records', () => {
  it('keeps a hundred, and drops the oldest', () => {
    const store = new AccidentStore(folder)
    for (let i = 0; i < recordsMax + 5; i++) store.keep(record(startMs + i * 60_000))
    const list = store.list()
    expect(list).toHaveLength(recordsMax)
    expect(list[0]?.record?.atMs).toBe(startMs + 5 * 60_000)
    expect(list.at(-1)?.record?.atMs).toBe(startMs + (recordsMax + 4) * 60_000)
  })

  it('finds them again after a restart, and does not write the same one twice', () => {
    new AccidentStore(folder).keep(record(startMs, { driver: 'A' }))
    const again = new AccidentStore(folder)
    again.keep(record(startMs, { driver: 'B' }))
    expect(again.list().map(({ record: one }) => one?.driver)).toEqual(['A'])
  })

  it('says which one is not as it was written', () => {
    const store = new AccidentStore(folder)
    store.keep(record(startMs))
    store.keep(record(startMs + 1000))
    const [first] = readdirSync(folder).sort()
    const file = join(folder, first!)
    writeFileSync(file, readFileSync(file, 'utf8').replace('coach-1', 'coach-2'))
    writeFileSync(join(folder, 'notes.txt'), 'not ours')
    writeFileSync(join(folder, `${accidentId('crash', startMs)}.json`), '{')
    expect(store.list().map(({ intact }) => intact)).toEqual([false, false, true])
  })
})

describe('the ring of points', () => {
  const point = (atMs: number) => ({
    atMs,
    speedKmh: 50,
    source: 'wheel' as const,
    brake: null,
    leftTurn: null,
    rightTurn: null,
    highBeam: null,
    lowBeam: null,
    lat: null,
    lon: null,
  })

  it('takes no more than one point in a tenth of a second, and forgets after a minute', () => {
    const ring = new PointRing()
    for (let ms = 0; ms < 300_000; ms += 10) if (ring.isDue(ms)) ring.add(point(ms))
    const kept = ring.between(0, 300_000)
    expect(kept.length).toBeLessThanOrEqual(1000)
    expect(kept[0]!.atMs).toBeGreaterThanOrEqual(225_000 - 100)
    for (const [i, one] of kept.entries())
      if (i > 0) expect(one.atMs - kept[i - 1]!.atMs).toBeGreaterThanOrEqual(stepMs)
  })

  it('goes along with a corrected clock, and begins anew when time went back', () => {
    const ring = new PointRing()
    ring.add(point(1000))
    ring.shift(500)
    expect(ring.between(0, 9999).map(({ atMs }) => atMs)).toEqual([1500])
    ring.add(point(200))
    expect(ring.between(0, 9999).map(({ atMs }) => atMs)).toEqual([200])
  })
})

describe('what is kept', () => {
  const watched = (samples: readonly Sample[], detectors: readonly AnyDetector[] = [crash, powerCut]) => {
    const store = new AccidentStore(folder)
    const watch = new AccidentWatch(store, silentLog)
    let states = {}
    const named: unknown[] = []
    for (const sample of samples) {
      watch.sample(sample, settings)
      const { state, findings } = stepAll(detectors, states, sample, settings)
      states = state
      watch.found(findings, settings)
      named.push(
        ...findings.filter(({ phase }) => phase === 'started').map(({ evidence }) => evidence['record']),
      )
    }
    const records = store.list().map(({ record: one }) => one!)
    return { records, named }
  }
  const drive = (count: number, kmh: (s: number) => number | null): Sample[] =>
    seconds(count, (s) => ({ fix: fixAt(s * 10), speedKmh: kmh(s), sources: wheel(kmh(s)), driver: 'A' }))

  it('20 s before each stop of more than 10 s', () => {
    const { records } = watched(drive(300, (s) => (s < 60 || (s >= 90 && s < 200) ? 50 : 0)))
    expect(records.map(({ cause, atMs, driver }) => [cause, (atMs - startMs) / 1000, driver])).toEqual([
      ['stop', 60, 'A'],
      ['stop', 200, 'A'],
    ])
    const [first] = records
    expect(first?.points.map(({ atMs }) => (atMs - startMs) / 1000)).toEqual(
      Array.from({ length: 21 }, (_, i) => 40 + i),
    )
    expect(first?.points[0]).toMatchObject({ speedKmh: 50, source: 'wheel' })
  })

  it('no record of a short stop, nor of a manoeuvre, nor while it stands on', () => {
    expect(watched(drive(100, (s) => (s < 60 ? 50 : s <= 70 ? 0 : 50))).records).toEqual([])
    expect(watched(drive(100, (s) => (s >= 20 && s < 30 ? 5 : 0))).records).toEqual([])
    expect(watched(drive(900, (s) => (s < 60 ? 50 : 0))).records).toHaveLength(1)
  })

  it('what a finding names, under that name', () => {
    const cut = drive(30, () => 50).map((sample, s) => ({
      ...sample,
      conduct: conduct({ mainPower: s < 25 }),
    }))
    const { records, named } = watched(cut)
    expect(named).toEqual([accidentId('power-cut', startMs + 25_000)])
    expect(records.map(({ id }) => id)).toEqual(named)
    expect(records[0]?.points).toHaveLength(21)
  })

  it('a crash with its before and after', () => {
    const samples = Array.from({ length: 600 }, (_, i) => {
      const kmh = i < 200 ? 80 : 0
      return sampleAt(startMs + i * 100, {
        fix: fixAt(i),
        speedKmh: kmh,
        sources: wheel(null, kmh),
        lines: healthy,
      })
    })
    const { records, named } = watched(samples)
    const blow = records.find(({ cause }) => cause === 'crash')
    expect([blow?.id]).toEqual(named)
    expect(blow?.points).toHaveLength(201)
    expect(blow?.points.map(({ speedKmh }) => speedKmh).indexOf(0)).toBe(101)
  })

  it('speeds of the bus between two Samples, with brake and lights', () => {
    const store = new AccidentStore(folder)
    const watch = new AccidentWatch(store, silentLog)
    const config: SignalConfig = {
      policy: defaultPolicy('coach').signals,
      expects: { gnss: true, can: true },
      peripherals: [],
      notBeforeMs: 0,
      slackMs: 0,
    }
    let state: SignalState = { ...initialSignals, time: { ...initialSignals.time, offsetMs: 0 } }
    for (let ms = 0; ms < 30_000; ms += 50) {
      const kmh = ms < 15_000 ? 60 : 0
      const message = {
        kind: 'message' as const,
        t: null,
        pgn: 65265,
        sa: 0,
        da: 255,
        signals: { wheelSpeedKmh: kmh, brakeSwitch: ms >= 14_000, leftTurnSignal: ms >= 10_000 },
        errors: [],
      }
      const input = { is: 'can' as const, message, arrivedMs: startMs + ms }
      state = stepSignals(state, input, config).state
      watch.heard(input, state, 0)
      if (ms % 1000 === 0)
        watch.sample(
          sampleAt(startMs + ms, { speedKmh: kmh, sources: wheel(kmh), brake: ms >= 14_000 }),
          settings,
        )
    }
    const [stop] = store.list()
    const points = stop!.record!.points
    expect(points.length).toBeGreaterThan(140)
    const gaps = points.slice(1).map(({ atMs }, i) => atMs - points[i]!.atMs)
    expect(Math.max(...gaps)).toBeLessThanOrEqual(200)
    expect(points.find(({ leftTurn }) => leftTurn === true)?.atMs).toBe(startMs + 10_000)
    expect(points.find(({ brake }) => brake === true)?.atMs).toBe(startMs + 14_000)
  })

  it('a disk that refuses loses the record and nothing else', () => {
    const store = new AccidentStore(folder)
    const watch = new AccidentWatch(store, silentLog)
    rmSync(folder, { recursive: true })
    for (const sample of drive(100, (s) => (s < 60 ? 50 : 0))) watch.sample(sample, settings)
    new AccidentStore(folder)
  })
})
