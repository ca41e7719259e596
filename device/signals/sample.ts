import { distanceM } from '../../proto/geo/earth.ts'
import type { LineHealth, Sample } from '../../proto/model.ts'
import { toldCameras, viewCameras } from './cameras.ts'
import { viewCan } from './can-state.ts'
import { told, viewConduct } from './conduct.ts'
import { type JumpState, shiftJumpState, stepJumpFilter, type Verdict } from './jump-filter.ts'
import { skyOf } from './sky.ts'
import { chooseSpeed } from './speed.ts'
import { none, type Result, type Row, type SignalConfig, type SignalState } from './state.ts'

/** Makes the Sample of a moment: position through the jump filter, speed by choice, the rest as the bus says. */
export function emit(
  state: SignalState,
  row: Row,
  gnssName: 'gnss' | 'file',
  arrivedMs: number,
  config: SignalConfig,
): Result {
  const trusted = state.time.offsetMs !== null
  if (trusted && state.lastAtMs !== null && row.atMs <= state.lastAtMs + state.stepMs)
    return { state, samples: none }
  const jump = shiftJumpState(state.jump, state.stepMs)
  const position = judgePosition(jump, row, config)
  const can = viewCan(state.can, arrivedMs, config.policy.speedAgeS * 1000 + config.slackMs, config.slackMs)
  const speed = chooseSpeed(
    {
      wheelKmh: can.wheelKmh,
      tachographKmh: can.tachographKmh,
      gnssKmh: row.speedKmh,
      positionKmh: leftOut(state, row, arrivedMs) ? null : position.impliedKmh,
    },
    gnssName,
    config.policy,
  )
  const skyTold = lookUp(state, row.atMs, arrivedMs, config)
  const camera = viewCameras(
    state.cameras,
    config.peripherals ?? noPeripherals,
    arrivedMs,
    row.atMs,
    config.slackMs,
  )
  const sample: Sample = {
    atMs: row.atMs,
    trusted,
    clockStepMs: state.stepMs,
    fix: position.verdict === 'accepted' || position.verdict === 'reseeded' ? fixOf(row) : null,
    positionRefused: position.verdict === 'refused',
    reseeded: position.verdict === 'reseeded',
    ...speed,
    courseDeg: row.courseDeg,
    odometerM: row.odometerM ?? can.odometerM,
    driver: row.driver ?? can.driver,
    coDriver: can.coDriver,
    ignition: row.ignition ?? can.ignition,
    doorOpen: row.doorOpen ?? can.doorOpen,
    brake: can.brake,
    conduct: viewConduct(state.conduct, arrivedMs, config.slackMs),
    ...(skyTold.sky === null ? {} : { sky: skyTold.sky }),
    ...(camera === null ? {} : { camera }),
    lines: gnssName === 'file' ? null : lineHealth(state, arrivedMs, config),
  }
  return {
    state: {
      ...state,
      jump: position.state,
      conduct: told(state.conduct),
      lastArrivedMs: arrivedMs,
      lastAtMs: trusted ? row.atMs : state.lastAtMs,
      lastRefused: sample.positionRefused,
      speedToldMs: row.speedKmh === null ? state.speedToldMs : arrivedMs,
      stepMs: 0,
      skyTold,
      cameras: toldCameras(state.cameras),
    },
    samples: [sample],
  }
}

const noPeripherals: readonly string[] = []

/** The sky is looked at once in ten seconds: it hardly changes, and telemetry need not carry each flicker. */
const skyEveryMs = 10_000

function lookUp(
  state: SignalState,
  atMs: number,
  arrivedMs: number,
  config: SignalConfig,
): NonNullable<SignalState['skyTold']> {
  const slot = Math.floor(atMs / skyEveryMs)
  if (state.skyTold?.slot === slot) return state.skyTold
  return { slot, sky: skyOf(state.sky, arrivedMs, config.slackMs) }
}

function fixOf(row: Row): Sample['fix'] {
  if (row.lat === null || row.lon === null) return null
  return { lat: row.lat, lon: row.lon, accuracyM: row.accuracyM, satellites: row.satellites }
}

type Position = {
  readonly state: JumpState
  readonly verdict: Verdict | 'none'
  readonly impliedKmh: number | null
}

function judgePosition(jump: JumpState, row: Row, config: SignalConfig): Position {
  if (row.lat === null || row.lon === null) return { state: jump, verdict: 'none', impliedKmh: null }
  const fix = { atMs: row.atMs, lat: row.lat, lon: row.lon }
  const { state, verdict } = stepJumpFilter(jump, fix, config.policy)
  const from = jump.accepted
  const seconds = from === null ? 0 : (fix.atMs - from.atMs) / 1000
  const implied = verdict === 'accepted' && from !== null && seconds > 0 && seconds <= impliedOverMaxS
  return { state, verdict, impliedKmh: implied ? (distanceM(from, fix) / seconds) * 3.6 : null }
}

/**
 * Who tells speeds and leaves one out does not know it: such a Sample is one without speed, which neither counts nor
 * restarts a hold. Positions speak for who never tells a speed, or has stopped telling them.
 */
function leftOut({ speedToldMs }: SignalState, row: Row, arrivedMs: number): boolean {
  return row.speedKmh === null && speedToldMs !== null && arrivedMs - speedToldMs <= impliedOverMaxS * 1000
}

/** Over a longer pause two positions say where the vehicle went, not how fast it is now. */
const impliedOverMaxS = 60

function lineHealth(state: SignalState, nowMs: number, config: SignalConfig): LineHealth {
  // Ages are differences of arrival times: in fast motion what the machine's scheduling alone explains is no age.
  // A line that has not spoken yet in this boot is as old as the boot: what it said before a power cut is no silence.
  const age = (sinceMs: number | null): number => {
    const ageMs = Math.max(0, nowMs - (sinceMs ?? state.startedMs ?? nowMs))
    return ageMs <= config.slackMs ? 0 : ageMs
  }
  return {
    gnssLineAgeMs: age(state.gnssLineMs),
    gnssFixAgeMs: age(state.gnssFixMs),
    canAgeMs: age(state.canMs),
    antenna: state.antenna,
    expects: config.expects,
  }
}
