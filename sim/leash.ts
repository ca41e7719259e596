/**
 * Loaded in front of a program that the simulator started: ends it as an operator would when whoever started it is gone,
 * however he went. Otherwise a terminal and a gateway would go on without a road, and hold ports and folders.
 */
if (process.channel !== undefined) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  // It must not keep alive a program that has done its work.
  process.channel.unref()
}
