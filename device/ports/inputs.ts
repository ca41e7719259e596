import { readFileSync } from 'node:fs'
import { Complaint, type Log } from '../log.ts'

/**
 * The terminal's own inputs: its supply line, buttons. Each is a file that a driver of the machine keeps, such as
 * `/sys/class/gpio/gpio17/value`. Told at each change and every second: an input nobody reads any more is unknown.
 */
export type InputFile = { readonly file: string; readonly on: string }
export type OpenInputs = (told: (name: string, on: boolean) => void) => { readonly close: () => void }

const lookEveryMs = 50
const repeatMs = 1000

export function fileInputs(files: { readonly [name: string]: InputFile | undefined }, log: Log): OpenInputs {
  return (told) => {
    const complaint = new Complaint(log, 'an input cannot be read')
    const last = new Map<string, { on: boolean; toldMs: number }>()
    const look = (): void => {
      for (const [name, input] of Object.entries(files)) {
        if (input === undefined) continue
        try {
          const { file, on } = input
          const now = readFileSync(file, 'utf8').trim() === on
          const before = last.get(name)
          const nowMs = performance.now()
          if (before?.on === now && nowMs - before.toldMs < repeatMs) continue
          last.set(name, { on: now, toldMs: nowMs })
          told(name, now)
        } catch (error) {
          complaint.say(error)
        }
      }
    }
    look()
    const timer = setInterval(look, lookEveryMs)
    return { close: () => clearInterval(timer) }
  }
}
