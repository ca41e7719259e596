/** Longer than anything takes on the slowest machine: who has waited so long waits in vain. */
const patienceMs = 60_000
const lookEveryMs = 50

/** Waits until something holds; false when it never does. */
export async function comesTrue(
  holds: () => boolean | Promise<boolean>,
  withinMs = patienceMs,
): Promise<boolean> {
  const untilMs = performance.now() + withinMs
  while (!(await holds())) {
    if (performance.now() > untilMs) return false
    await new Promise((done) => setTimeout(done, lookEveryMs))
  }
  return true
}
