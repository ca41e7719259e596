import type { AnyDetector } from '../../proto/detector.ts'
import { areaWarning } from './area-warning.ts'
import { areas } from './areas.ts'
import { bannedHours } from './banned-hours.ts'
import { charter } from './charter.ts'
import { curfew } from './curfew.ts'
import { displacement } from './displacement.ts'
import { sections } from './sections.ts'

/**
 * The rules of the gateway. They do not read each other, so the order decides only who speaks first about one
 * Sample: what an officer telephones about at night, then the bans of hour and place, then how fast
 * sections of the route were passed, then papers, and last what
 * the vehicle did unheard, which is a fact beside the others and no offence.
 */
export const rules = [
  curfew,
  bannedHours,
  areas,
  areaWarning,
  sections,
  charter,
  displacement,
] as unknown as readonly AnyDetector[]
