import type { SatelliteSystem, Sky } from '../../proto/model.ts'
import type { Gsa, Gsv } from '../decoders/messages.ts'

/**
 * Satellites by system, as GSA (used) and GSV (in view, signal) tell them. A receiver tells them in pieces: of one epoch all
 * pieces count together, and the first piece after a position begins anew. Plain JSON, bounded: ids are at most three
 * digits, and only so many of a system are kept.
 */
export type SkyState = {
  readonly used: Seen
  readonly view: Seen
  /** Whether pieces still belong to what was begun. */
  readonly usedOpen: boolean
  readonly viewOpen: boolean
  readonly arrivedMs: number | null
}

/** By system, the signal of each satellite in dB-Hz; null while it is not tracked, or (used) not told. */
type Seen = { readonly [system in SatelliteSystem]?: { readonly [id: string]: number | null } }

export const emptySky: SkyState = { used: {}, view: {}, usedOpen: false, viewOpen: false, arrivedMs: null }

const systems: readonly SatelliteSystem[] = ['gps', 'glonass', 'galileo', 'beidou', 'qzss', 'navic']
const perSystemMax = 64
/** The list a receiver last sent says nothing of the sky so much later. */
const skyAgeMs = 15_000

/** BD and GB are both BeiDou, GQ and QZ both QZSS; GN speaks for all, and GP for all in older receivers. */
const byTalker: { readonly [talker: string]: SatelliteSystem } = {
  GL: 'glonass',
  GA: 'galileo',
  BD: 'beidou',
  GB: 'beidou',
  GQ: 'qzss',
  QZ: 'qzss',
  GI: 'navic',
}
/** NMEA 4.10 system ids, field 18 of GSA. */
const bySystemId = systems

/** Numbers of a mixed list (NMEA 0183 and what makers added): 33-64 are augmentation satellites, counted with GPS. */
const ranges: readonly (readonly [from: number, to: number, SatelliteSystem])[] = [
  [1, 64, 'gps'],
  [65, 96, 'glonass'],
  [193, 200, 'qzss'],
  [201, 264, 'beidou'],
  [301, 336, 'galileo'],
  [401, 437, 'beidou'],
]

function systemOf(talker: string, systemId: number | null, id: number): SatelliteSystem | null {
  const named = systemId === null ? byTalker[talker] : bySystemId[systemId - 1]
  if (named !== undefined) return named
  return ranges.find(([from, to]) => id >= from && id <= to)?.[2] ?? null
}

/** A sentence of position or time: what GSA and GSV say from here on belongs to another epoch. */
export function nextEpoch(state: SkyState): SkyState {
  return state.usedOpen || state.viewOpen ? { ...state, usedOpen: false, viewOpen: false } : state
}

export function takeGsa(state: SkyState, gsa: Gsa, arrivedMs: number): SkyState {
  const base: Seen = state.usedOpen ? state.used : {}
  const named = gsa.system === null ? byTalker[gsa.talker] : bySystemId[gsa.system - 1]
  let used: Seen = named === undefined ? base : withSystem(base, named)
  for (const id of gsa.satelliteIds)
    used = withSatellite(used, systemOf(gsa.talker, gsa.system, id), id, null)
  return { ...state, used, usedOpen: true, arrivedMs }
}

export function takeGsv(state: SkyState, gsv: Gsv, arrivedMs: number): SkyState {
  const base: Seen = state.viewOpen ? state.view : {}
  const named = byTalker[gsv.talker]
  let view: Seen = named === undefined ? base : withSystem(base, named)
  for (const { id, snrDb } of gsv.satellites)
    if (id !== null) view = withSatellite(view, systemOf(gsv.talker, null, id), id, snrDb)
  return { ...state, view, viewOpen: true, arrivedMs }
}

const withSystem = (seen: Seen, system: SatelliteSystem): Seen =>
  seen[system] === undefined ? { ...seen, [system]: {} } : seen

/** A satellite told again (another signal of it) keeps the stronger one. */
function withSatellite(seen: Seen, system: SatelliteSystem | null, id: number, snrDb: number | null): Seen {
  if (system === null) return seen
  const known = seen[system] ?? {}
  const before = known[id]
  if (before === undefined && Object.keys(known).length >= perSystemMax) return seen
  const best = before === undefined || before === null || (snrDb !== null && snrDb > before) ? snrDb : before
  return { ...seen, [system]: { ...known, [id]: best } }
}

/** What is known of the sky now; null when nothing, or nothing lately. */
export function skyOf(state: SkyState, nowMs: number, slackMs: number): Sky | null {
  if (state.arrivedMs === null || nowMs - state.arrivedMs > skyAgeMs + slackMs) return null
  const told = systems.flatMap((system) => {
    const used = state.used[system]
    const view = state.view[system]
    if (used === undefined && view === undefined) return []
    return [
      {
        system,
        used: used === undefined ? null : Object.keys(used).length,
        inView: view === undefined ? null : Object.keys(view).length,
        snrDb: meanSnr(Object.values(view ?? {})),
      },
    ]
  })
  return told.length === 0 ? null : told
}

/** Over the satellites that are tracked, whole dB-Hz. */
function meanSnr(snrs: readonly (number | null)[]): number | null {
  const known = snrs.filter((snr) => snr !== null)
  return known.length === 0 ? null : Math.round(known.reduce((sum, snr) => sum + snr, 0) / known.length)
}
