/** What this thread has had of the processor: the same on a busy machine as on an idle one. */
export function processorMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
