import type { HostClock } from '../proto/clocks.ts'

/**
 * Calls back at an interval, but never when this machine is late: what came meanwhile is then not read yet, and
 * nobody may be called silent for it. One further poll phase lies between the timer and the call.
 */
export function everyOnTime(host: HostClock, everyMs: number, tick: () => void): { stop: () => void } {
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  const arm = (): void => {
    if (stopped) return
    const dueMs = host.monoMs() + everyMs
    timer = setTimeout(() => {
      const late = host.monoMs() - dueMs > everyMs / 2
      if (late) arm()
      else
        setImmediate(() => {
          if (stopped) return
          tick()
          arm()
        })
    }, everyMs)
    timer.unref()
  }
  arm()
  return {
    stop: () => {
      stopped = true
      clearTimeout(timer)
    },
  }
}
