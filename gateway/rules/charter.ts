import type { Detector } from '../../proto/detector.ts'
import type { Evidence, Sample } from '../../proto/model.ts'
import type { Settings } from '../../proto/settings.ts'
import { validFromMs, validUntilMs } from '../../proto/time.ts'
import { serviceOf } from './curfew-verdict.ts'
import { noWatch, type RunWatch, shiftWatch, watch } from './run-episode.ts'
import { accurate } from './silence.ts'

/**
 * A charter coach away from home runs only with a plate (包车客运标志牌) that is valid at the moment. Parked it may
 * stand anywhere for days; the finding begins when it moves, or at the end of the plate when it moves already.
 */
export type CharterState = {
  readonly watch: RunWatch
  /** Until when the plate was known to be valid, so that a run begins exactly where it ceased. */
  readonly plateUntilMs: number | null
}

export const charter: Detector<CharterState> = {
  name: 'charter-no-plate',
  initial: { watch: noWatch, plateUntilMs: null },
  step(state, sample, settings) {
    const shifted = { ...state, watch: shiftWatch(state.watch, sample.clockStepMs) }
    if (!sample.trusted) return { state: shifted, findings: [] }
    const plate = plateAt(sample.atMs, settings)
    const bound = serviceOf(settings).serviceClass === 'charterTour' && settings.vehicle.class === 'coach'
    const rule = {
      kind: 'charter-no-plate',
      subject: settings.vehicle.id,
      severity: 'major',
      there: isAway(sample, settings),
      now: bound && plate.is !== 'valid',
      opensMs: shifted.plateUntilMs,
      closesMs: plate.is === 'notYet' ? plate.fromMs : null,
      evidence: () => evidenceOf(plate.is, settings),
    } as const
    const watched = watch(shifted.watch, rule, sample, settings)
    const plateUntilMs = plate.is === 'valid' ? plate.untilMs : shifted.plateUntilMs
    return { state: { watch: watched.state, plateUntilMs }, findings: watched.findings }
  },
}

type Plate =
  | { readonly is: 'valid'; readonly untilMs: number }
  | { readonly is: 'notYet'; readonly fromMs: number }
  | { readonly is: 'expired' | 'none' }

/** [validFrom, validTo], a date to the end of that local day; and never longer than the trip that carries it. */
function plateAt(atMs: number, { trip, policy }: Settings): Plate {
  if (trip?.charter === undefined) return { is: 'none' }
  const fromMs = validFromMs(trip.charter.validFrom, policy.zone)
  const untilMs = validUntilMs(trip.charter.validTo, policy.zone)
  if (fromMs === null || untilMs === null) return { is: 'none' }
  if (atMs < fromMs) return { is: 'notYet', fromMs }
  return atMs < untilMs ? { is: 'valid', untilMs: Math.min(untilMs, Date.parse(trip.to)) } : { is: 'expired' }
}

/** Away from every home area; without home areas everywhere is away; unknown without a position. */
function isAway(sample: Sample, settings: Settings): boolean | null {
  const home = settings.vehicle.home ?? []
  if (home.length === 0) return true
  const { fix } = sample
  if (fix === null || !accurate(fix, settings)) return null
  return !home.some((id) => settings.areas.byId.get(id)?.contains(fix) === true)
}

function evidenceOf(plate: Plate['is'], { trip }: Settings): Evidence {
  const held = trip?.charter
  return {
    plate: held?.plate ?? null,
    validFrom: held?.validFrom ?? null,
    validTo: held?.validTo ?? null,
    why: plate,
  }
}
