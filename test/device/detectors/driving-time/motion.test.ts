import { describe, expect, test } from 'vitest'
import { isMoving, type Turn, turn } from '../../../../device/detectors/driving-time/motion.ts'
import { rulesOf } from '../../../../device/detectors/driving-time/rules.ts'
import type { Motion } from '../../../../device/detectors/driving-time/state.ts'
import type { SpeedSource } from '../../../../proto/model.ts'
import { sampleAt } from '../../../help/drive.ts'
import { coachSettings } from '../../../help/driving-settings.ts'

describe('the wheels turn', () => {
  test.each<[number | null, SpeedSource | null, number, boolean | null]>([
    [null, null, 3, null],
    [0, 'wheel', 3, false],
    [0.1, 'wheel', 3, true],
    [0, 'tachograph', 3, false],
    [0.1, 'tachograph', 3, true],
    // A parked receiver drifts.
    [0, 'gnss', 3, false],
    [2.9, 'gnss', 3, false],
    [3, 'gnss', 3, true],
    [2.9, 'file', 3, false],
    [3, 'file', 3, true],
    // Where no drift is allowed for, standing is still standing.
    [0, 'gnss', 0, false],
    [0.1, 'gnss', 0, true],
  ])('at %s km/h by %s, noise %s km/h: %s', (speedKmh, speedSource, noiseKmh, moving) => {
    expect(isMoving(sampleAt(0, { speedKmh, speedSource }), noiseKmh)).toBe(moving)
  })
})

describe('standing and driving', () => {
  const rules = rulesOf(coachSettings({ fatigue: { startS: 10, stopS: 8 } }))
  const standing: Motion = { is: 'standing' }
  const driving: Motion = { is: 'driving' }
  const starting = (movedMs: number): Motion => ({ is: 'starting', movedMs })
  const stopping = (stoodMs: number): Motion => ({ is: 'stopping', stoodMs })

  test.each<[string, Motion, boolean, number, Turn]>([
    ['stands on', standing, false, 5000, { motion: standing, beganMs: null, endedMs: null }],
    ['moves', standing, true, 5000, { motion: starting(5000), beganMs: null, endedMs: null }],
    ['moves for ten seconds', starting(5000), true, 15_000, quiet(starting(5000))],
    [
      'for longer: drives, since it moved',
      starting(5000),
      true,
      15_001,
      { motion: driving, beganMs: 5000, endedMs: null },
    ],
    ['stands again within ten seconds', starting(5000), false, 15_000, quiet(standing)],
    [
      'stands after more: has driven, and may be stopping',
      starting(5000),
      false,
      15_001,
      { motion: stopping(15_001), beganMs: 5000, endedMs: null },
    ],
    ['drives on', driving, true, 60_000, quiet(driving)],
    ['stands', driving, false, 60_000, quiet(stopping(60_000))],
    ['stands for eight seconds', stopping(60_000), false, 68_000, quiet(stopping(60_000))],
    ['drives on within eight seconds', stopping(60_000), true, 68_000, quiet(driving)],
    [
      'for longer: has stopped, when it first stood',
      stopping(60_000),
      false,
      68_001,
      { motion: standing, beganMs: null, endedMs: 60_000 },
    ],
    [
      'moves after longer: had stopped',
      stopping(60_000),
      true,
      68_001,
      { motion: starting(68_001), beganMs: null, endedMs: 60_000 },
    ],
  ])('%s', (_, before, moving, atMs, after) => {
    expect(turn(before, moving, atMs, rules)).toEqual(after)
  })
})

function quiet(motion: Motion): Turn {
  return { motion, beganMs: null, endedMs: null }
}
