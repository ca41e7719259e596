import { z } from 'zod'
import { kmh, seconds } from './units.ts'

/** How it is driven: conduct, and what cameras report. */

export const conductSchema = z.strictObject({
  /**
   * So much change of speed for so long is harsh. No standard names figures: a careful coach driver brakes with 1 m/s2
   * and speeds up with 0.6, standing passengers fall from about 2.5 on; three seconds of it are not needed to fall.
   */
  harshBrakingMps2: z.number().min(0.5).max(20),
  harshAccelerationMps2: z.number().min(0.5).max(20),
  harshS: seconds(60),
  /** More is no vehicle but a source that jumped. */
  jumpMps2: z.number().min(5).max(1000),
  /** Neutral at this speed for so long (Implementing Regulations art. 62(4): no figure in the text). */
  coastingKmh: kmh,
  coastingS: seconds(600),
  /** Over the approved mass by this share for so long: sensors of air suspension are off by about 5 %. */
  overloadShare: z.number().min(0).max(1),
  overloadS: seconds(3600),
  /** A button released for so long is released: it may bounce. */
  emergencyReleaseS: seconds(600),
  /** A crash: harder than brakes can (6 to 7.5 m/s2 on a dry road), losing this much speed, then standing so long. */
  crashMps2: z.number().min(5).max(1000),
  crashDropKmh: kmh,
  crashStillS: seconds(600),
  /** Speeds farther apart than this cannot tell a crash from a stop (GB/T 19056: 0.1 to 0.2 s). */
  crashPairS: z.number().min(0.05).max(2),
  /** Below this neither a 12 V nor a 24 V vehicle runs: the main supply is cut; starting lets it fall for a moment. */
  powerLostV: z.number().min(0).max(24),
  powerLostS: seconds(60),
  /** A departure after a stop this long begins with the word about seat belts. */
  beltStopS: seconds(86_400),
})

export const conductDefaults: z.infer<typeof conductSchema> = {
  harshBrakingMps2: 3,
  harshAccelerationMps2: 2.5,
  harshS: 1.5,
  jumpMps2: 12,
  coastingKmh: 20,
  coastingS: 5,
  overloadShare: 0.05,
  overloadS: 30,
  emergencyReleaseS: 10,
  crashMps2: 9,
  crashDropKmh: 20,
  crashStillS: 20,
  crashPairS: 0.5,
  powerLostV: 8,
  powerLostS: 2,
  beltStopS: 60,
}

export const cameraSchema = z.strictObject({
  /** Up to this speed a camera's report says nothing (T/JSATL 12, 报警判断速度阈值). */
  judgeKmh: kmh,
  /** Up to this one only the driver hears it, above it is an alarm (报警分级速度阈值). */
  splitKmh: kmh,
  /** Reports of one kind so near each other are one episode. */
  repeatS: seconds(3600),
  /** An episode whose end was never reported lasts no longer. */
  heldMaxS: seconds(86_400),
  /** A camera heard for so long no more is silent: it sends a sign of life every few seconds. */
  silentS: seconds(3600),
})

export const cameraDefaults: z.infer<typeof cameraSchema> = {
  judgeKmh: 30,
  splitKmh: 50,
  repeatS: 60,
  heldMaxS: 600,
  silentS: 60,
}
