import { noReckoning, type Reckoning, reckon } from '../../proto/dead-reckoning.ts'
import type { Detector, Step } from '../../proto/detector.ts'
import type { Area } from '../../proto/geo/areas.ts'
import type { Finding, Sample } from '../../proto/model.ts'
import type { Settings } from '../../proto/settings.ts'
import { type Door, doorStep, shiftDoor } from './areas-door.ts'
import { followZone } from './areas-follow.ts'
import { addReading, decides, type Leg, legTo, shiftTrace, type Trace, traceOf } from './areas-leg.ts'
import { close, type Followed, type Moment, type Presence, shiftPresence } from './areas-presence.ts'
import { type Stop, shiftStop, stopStep } from './areas-stop.ts'
import { shiftTold, type Told, tell, tellAbroad, tellDwell, tellingOf } from './areas-told.ts'
import { areaZone, groundAt, isWatched, unionsOf, type Zone } from './areas-zones.ts'

/**
 * 电子围栏: entering what must not be entered, leaving what must not be left, staying and stopping too long.
 * A step asks the index for the areas near the way since the last position and follows only those and the ones
 * the vehicle is in, so ten thousand areas elsewhere cost nothing.
 */
export type AreasState = {
  /** The last position that decided; null before the first. */
  readonly trace: Trace | null
  /** By zone; zones the vehicle has nothing to do with are not here. */
  readonly tracks: { readonly [zone: string]: Track }
  /** By union: the member that last held the vehicle, which is the one it leaves. */
  readonly members: { readonly [union: string]: string }
  /** Carries the position through tunnels. */
  readonly reckoning?: Reckoning
}

type Track = {
  readonly presence: Presence
  readonly told: Told
  readonly stop: Stop | null
  readonly door?: Door | null
}

const initial: AreasState = { trace: null, tracks: {}, members: {} }

export const areas: Detector<AreasState> = { name: 'areas', initial, step }

/** In a tunnel the position is where the odometer says: what that decides is to be verified. */
function step(before: AreasState, sample: Sample, settings: Settings): Step<AreasState> {
  const reckoned = reckon(before.reckoning ?? noReckoning, sample, settings)
  const seen = reckoned.carried ? { ...sample, fix: reckoned.fix } : sample
  const { state, findings } = stepSeen(before, seen, settings)
  const same = reckoned.state === (before.reckoning ?? noReckoning)
  const next = same ? state : { ...state, reckoning: reckoned.state }
  return { state: next, findings: reckoned.carried ? findings.map(carried) : findings }
}

function carried(finding: Finding): Finding {
  const gradeReason = 'position carried through a tunnel by the odometer'
  return { ...finding, grade: 'to-verify', evidence: { ...finding.evidence, gradeReason } }
}

function stepSeen(before: AreasState, sample: Sample, settings: Settings): Step<AreasState> {
  const state = sample.clockStepMs === 0 ? before : shifted(before, sample.clockStepMs)
  if (!decides(sample, settings)) return unseen(state, sample, settings)
  const leg = state.trace === null ? firstLeg(sample) : legTo(state.trace, sample, settings)
  const trace = traceOf(sample)
  // What was pushed later says nothing about now.
  if (settings.areasSinceMs !== null && sample.atMs < settings.areasSinceMs)
    return { state: { ...state, trace }, findings: [] }
  const zones = zonesFor(state, leg, settings)
  if (zones.length === 0 && isEmpty(state.tracks)) return { state: { ...state, trace }, findings: none }
  return followAll({ ...state, trace }, zones, leg, state.trace === null, sample, settings)
}

const none: readonly Finding[] = []

const isEmpty = (object: object): boolean => {
  for (const _ in object) return false
  return true
}

/** A first position is a leg without length: nobody saw a way to it. */
function firstLeg(sample: Sample): Leg {
  const fix = sample.fix!
  const place = { lat: fix.lat, lon: fix.lon }
  return {
    a: place,
    b: place,
    fromMs: sample.atMs,
    toMs: sample.atMs,
    believed: false,
    accuracyM: { a: fix.accuracyM, b: fix.accuracyM },
    knots: [],
  }
}

/** No position: silence for places, but a stop that lasts goes on lasting. */
function unseen(state: AreasState, sample: Sample, settings: Settings): Step<AreasState> {
  const trace = state.trace === null ? null : addReading(state.trace, sample)
  if (isEmpty(state.tracks)) return { state: { ...state, trace }, findings: none }
  const findings: Finding[] = []
  const tracks: Record<string, Track> = {}
  for (const [key, track] of Object.entries(state.tracks)) {
    const stopped = stopStep(track.stop, track.told, track.presence, null, sample, settings)
    const doored = doorStep(track.door ?? null, track.told, track.presence, null, sample, settings)
    tracks[key] = { ...track, stop: stopped.stop, door: doored.door }
    findings.push(...stopped.findings, ...doored.findings)
  }
  return { state: { ...state, trace, tracks }, findings }
}

/** The zones a leg may concern, each once: areas near it, areas the vehicle is in, unions. */
function zonesFor(state: AreasState, leg: Leg, settings: Settings): readonly Zone[] {
  const near = settings.areas.along(leg.a, leg.b)
  const unions = unionsOf(settings)
  if (near.length === 0 && unions.length === 0 && isEmpty(state.tracks)) return []
  const followed = Object.values(state.tracks).flatMap(
    ({ told }) => settings.areas.byId.get(told.areaId) ?? [],
  )
  const zones = new Map<string, Zone>()
  for (const area of [...near, ...followed]) {
    if (!isWatched(area, settings)) continue
    const zone = areaZone(area, settings)
    zones.set(zone.key, zone)
  }
  for (const union of unions) zones.set(union.key, union)
  return [...zones.values()]
}

function followAll(
  state: AreasState,
  zones: readonly Zone[],
  leg: Leg,
  first: boolean,
  sample: Sample,
  settings: Settings,
): Step<AreasState> {
  const tracks: Record<string, Track> = {}
  const members: Record<string, string> = {}
  const findings: Finding[] = []
  for (const zone of zones) {
    const before = state.tracks[zone.key]
    const member = memberOf(zone, state.members[zone.key], leg, settings)
    if (member.holds !== undefined) members[zone.key] = member.holds.id
    const followed = followZone(before?.presence ?? null, zone, leg, first, sample, settings)
    const after = account(
      proven(before ?? newTrack(zone, member.area, settings), leg, followed),
      zone,
      followed,
      sample,
      settings,
    )
    findings.push(...after.findings)
    if (after.track.presence !== null) tracks[zone.key] = after.track
  }
  for (const [key, track] of Object.entries(state.tracks))
    if (!zones.some((zone) => zone.key === key)) findings.push(...vanished(track, leg, sample, settings))
  return { state: { ...state, tracks, members }, findings }
}

const newTrack = (zone: Zone, area: Area, settings: Settings): Track => ({
  presence: null,
  told: tellingOf(zone, area, settings),
  stop: null,
})

/** Time that nobody saw is no stay: what of it the stay would hold, its beginning is moved by. */
function proven(track: Track, leg: Leg, { presence, events }: Followed): Track {
  const { told } = track
  if (leg.believed || told.stayFromMs === null) return track
  const left = events.find(({ is }) => is === 'left')?.at ?? (presence?.is === 'in' ? presence.out : null)
  const unseenMs = Math.max(0, (left?.atMs ?? leg.toMs) - leg.fromMs)
  return { ...track, told: { ...told, stayFromMs: told.stayFromMs + unseenMs } }
}

/** The area a finding of the zone is about: of a union, the member that held the vehicle last. */
function memberOf(
  zone: Zone,
  last: string | undefined,
  leg: Leg,
  settings: Settings,
): { area: Area; holds: Area | undefined } {
  const first = zone.areas[0]!
  if (zone.is === 'area') return { area: first, holds: undefined }
  const own = (area: Area): boolean => zone.areas.includes(area)
  const here = settings.areas.at(leg.b).find(own)
  const before = zone.areas.find(({ id }) => id === last) ?? settings.areas.at(leg.a).find(own)
  return { area: before ?? first, holds: here ?? before }
}

/** From events to findings. */
function account(
  track: Track,
  zone: Zone,
  { presence, events }: Followed,
  sample: Sample,
  settings: Settings,
): { track: Track; findings: readonly Finding[] } {
  const findings: Finding[] = []
  let told = track.told
  const ground = zone.is === 'union' ? groundAt(zone, sample.atMs, settings) : null
  const depthM = presence !== null && ground !== null ? ground.depthM(sample.fix!) : 0
  for (const event of events) {
    const next = tell(told, event, depthM, sample, settings)
    findings.push(...next.findings)
    told = next.told
  }
  told = { ...told, farthestM: Math.max(told.farthestM, depthM) }
  if (presence?.is === 'in') {
    const until: Moment = presence.out ?? {
      atMs: sample.atMs,
      fromMs: null,
      basis: 'fix',
      place: { lat: sample.fix!.lat, lon: sample.fix!.lon },
    }
    const dwelt = tellDwell(told, until, sample, settings)
    findings.push(...dwelt.findings)
    const abroad = tellAbroad(dwelt.told, sample, settings)
    findings.push(...abroad.findings)
    told = abroad.told
  }
  const leftMs = events.findLast(({ is }) => is === 'left')?.at.atMs ?? null
  const stopped = stopStep(track.stop, told, presence, leftMs, sample, settings)
  const doored = doorStep(track.door ?? null, told, presence, leftMs, sample, settings)
  return {
    track: { presence, told, stop: stopped.stop, door: doored.door },
    findings: [...findings, ...stopped.findings, ...doored.findings],
  }
}

/** The zone is gone: its area was withdrawn, its trip is over. */
function vanished(track: Track, leg: Leg, sample: Sample, settings: Settings): readonly Finding[] {
  const untilMs = track.told.untilMs ?? settings.areasSinceMs ?? leg.toMs
  const atMs = Math.min(leg.toMs, Math.max(leg.fromMs, untilMs))
  const closed = close(track.presence, atMs, 'window', leg.b)
  const { told } = proven(track, leg, closed)
  const findings = closed.events.flatMap((event) => tell(told, event, 0, sample, settings).findings)
  return [
    ...findings,
    ...stopStep(track.stop, told, null, atMs, sample, settings).findings,
    ...doorStep(track.door ?? null, told, null, atMs, sample, settings).findings,
  ]
}

function shifted(state: AreasState, byMs: number): AreasState {
  const tracks = Object.entries(state.tracks).map(([key, track]) => [
    key,
    {
      presence: shiftPresence(track.presence, byMs),
      told: shiftTold(track.told, byMs),
      stop: shiftStop(track.stop, byMs),
      door: shiftDoor(track.door ?? null, byMs),
    },
  ])
  return {
    ...state,
    trace: state.trace === null ? null : shiftTrace(state.trace, byMs),
    tracks: Object.fromEntries(tracks) as AreasState['tracks'],
  }
}
