import type { Job } from './clerk.ts'
import type { Fleet } from './fleet.ts'

/** Walks settled forward where a hole has closed, in short slices between which everything else has its turn. */
export type CatchUp = {
  readonly consider: (fleet: string, vehicle: string) => void
  readonly idle: () => Promise<void>
  /** Vehicles that are walked forward. */
  readonly behind: () => number
}

export type CatchUpDeps = {
  readonly fleet: Fleet
  readonly add: (job: Job) => void
  readonly onError: (error: unknown) => void
}

const sliceMs = 10

export function createCatchUp({ fleet, add, onError }: CatchUpDeps): CatchUp {
  const behind = new Map<string, { fleet: string; vehicle: string }>()
  let running: Promise<void> | null = null

  const slice = async (key: string, one: { fleet: string; vehicle: string }): Promise<void> => {
    const emissions = await fleet.settleSome(one.fleet, one.vehicle, sliceMs)
    if (emissions === null) behind.delete(key)
    else if (emissions.length > 0) add({ is: 'emissions', ...one, emissions })
  }
  const run = async (): Promise<void> => {
    while (behind.size > 0)
      for (const [key, one] of [...behind]) {
        await new Promise((resolve) => setImmediate(resolve))
        await slice(key, one)
      }
  }
  const start = (): void => {
    running ??= run()
      .catch((error: unknown) => {
        behind.clear()
        onError(error)
      })
      .finally(() => {
        running = null
        if (behind.size > 0) start()
      })
  }
  return {
    consider: (fleetId, vehicle) => {
      if (!fleet.isBehind(fleetId, vehicle)) return
      behind.set(`${fleetId}/${vehicle}`, { fleet: fleetId, vehicle })
      start()
    },
    behind: () => behind.size,
    idle: async () => {
      while (running !== null) await running
    },
  }
}
