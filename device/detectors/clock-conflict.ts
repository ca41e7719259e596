import type { Detector } from '../../proto/detector.ts'
import { makeFinding } from '../../proto/finding.ts'
import { roundS } from '../../proto/round.ts'

/**
 * Clock conflict 终端时钟异常: the wall clock was corrected by more than `clockStepS` while it counted as disciplined.
 * Driving time is not moved by it. An instant, not a state: it starts and ends at once.
 */
export type ClockConflictState = { readonly wasTrusted: boolean }

export const clockConflict: Detector<ClockConflictState> = {
  name: 'clock-conflict',
  initial: { wasTrusted: false },
  step: ({ wasTrusted }, sample, settings) => {
    const state = { wasTrusted: sample.trusted }
    const limitMs = settings.policy.integrity.clockStepS * 1000
    if (!wasTrusted || Math.abs(sample.clockStepMs) <= limitMs) return { state, findings: [] }
    const parts = {
      kind: 'clock-conflict',
      severity: 'info',
      atMs: sample.atMs,
      evidence: { stepS: roundS(sample.clockStepMs / 1000) },
    } as const
    const findings = (['started', 'ended'] as const).map((phase) =>
      makeFinding({ ...parts, phase }, sample, settings),
    )
    return { state, findings }
  },
}
