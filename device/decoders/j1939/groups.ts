import type { Group } from './group.ts'
import { air1 } from './groups/air1.ts'
import { amb } from './groups/amb.ts'
import { ccvs1 } from './groups/ccvs1.ts'
import { cvw } from './groups/cvw.ts'
import { dc1 } from './groups/dc1.ts'
import { dc2 } from './groups/dc2.ts'
import { dd } from './groups/dd.ts'
import { di } from './groups/di.ts'
import { dm1 } from './groups/dm1.ts'
import { ebc1 } from './groups/ebc1.ts'
import { eec1 } from './groups/eec1.ts'
import { eec2 } from './groups/eec2.ts'
import { efl } from './groups/efl.ts'
import { et1 } from './groups/et1.ts'
import { etc2 } from './groups/etc2.ts'
import { hours } from './groups/hours.ts'
import { ld } from './groups/ld.ts'
import { lfc } from './groups/lfc.ts'
import { lfe } from './groups/lfe.ts'
import { tco1 } from './groups/tco1.ts'
import { td } from './groups/td.ts'
import { vd } from './groups/vd.ts'
import { vdhr } from './groups/vdhr.ts'
import { vep1 } from './groups/vep1.ts'
import { vi } from './groups/vi.ts'
import { vw } from './groups/vw.ts'

/** The groups somebody here reads. Adding one is one file and one line. */
export const groups: readonly Group[] = [
  air1,
  amb,
  ccvs1,
  cvw,
  dc1,
  dc2,
  dd,
  di,
  dm1,
  ebc1,
  eec1,
  eec2,
  efl,
  et1,
  etc2,
  hours,
  ld,
  lfc,
  lfe,
  tco1,
  td,
  vd,
  vdhr,
  vep1,
  vi,
  vw,
]

const byPgn = new Map(groups.map((group) => [group.pgn, group]))

export function groupOf(pgn: number): Group | undefined {
  return byPgn.get(pgn)
}
