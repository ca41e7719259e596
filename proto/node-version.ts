/**
 * The runtime we were measured on. Older Nodes cannot run our sources; on 26 serial ports stall and WebSocket
 * clients of the broker hang (measured). Every entry point calls this before it opens anything.
 */
export const nodeRange = '>=24.15 <26'

/** A line for a person when this Node version is not one of ours; null when it is. */
export function nodeVersionProblem(version: string): string | null {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if ((major === 24 && minor >= 15) || major === 25) return null
  return `node ${version}: Roadwarden runs on ${nodeRange}; start it through npm (npm start, npm run ...), which uses the pinned one`
}
