import type { Policy } from './policy.ts'
import type { TemporaryLimit } from './settings.ts'

/** The temporary limits of a policy, one for each area they name. A visibility becomes a limit by the steps of the law. */
export function temporaryLimitsOf({ temporaryLimits, speeding }: Policy): readonly TemporaryLimit[] {
  return temporaryLimits.flatMap((entry) => {
    const common = {
      id: entry.id,
      fromMs: Date.parse(entry.from),
      toMs: Date.parse(entry.to),
      cause: entry.cause,
    }
    const areaIds: readonly (string | null)[] = entry.areas ?? [null]
    const byFog = entry.visibilityM === undefined ? null : fogLimitKmh(entry.visibilityM, speeding.fogSteps)
    return areaIds.flatMap((areaId): TemporaryLimit[] => [
      ...(entry.limitKmh === undefined ? [] : [{ ...common, areaId, limitKmh: entry.limitKmh }]),
      ...(byFog === null || entry.visibilityM === undefined
        ? []
        : [{ ...common, areaId, limitKmh: byFog, visibilityM: entry.visibilityM }]),
    ])
  })
}

/** What so much visibility allows; null where it limits nothing. The boundary itself belongs to the milder step. */
export function fogLimitKmh(visibilityM: number, steps: Policy['speeding']['fogSteps']): number | null {
  const kmh = steps.filter(({ belowM }) => visibilityM < belowM).map(({ limitKmh }) => limitKmh)
  return kmh.length === 0 ? null : Math.min(...kmh)
}
