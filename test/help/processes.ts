import { readdirSync, readFileSync } from 'node:fs'

/** Living processes with this text among their arguments, as `pid arguments`. Reads /proc, because not every machine has ps. */
export function processesNaming(text: string): string[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return []
    try {
      const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
      return args.includes(text) ? [`${pid} ${args}`] : []
    } catch {
      // Gone between the list and the look.
      return []
    }
  })
}
