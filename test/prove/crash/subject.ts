import type { Dice } from '../../../sim/swarm/dice.ts'

/** What a life is made of: the first or the second one on these files, so many steps, drawn by these dice. */
export type Script = { readonly life: number; readonly steps: number; readonly dice: Dice }

/**
 * A part of the product that promises: `run` does a scripted piece of real work in a folder and says what it has
 * promised as soon as it has; `check` opens what a power cut left with the same real code and says which promise is
 * broken. What may go from now on is said before it is asked for.
 */
export type Subject<P> = {
  readonly run: (folder: string, script: Script, tell: (promise: P) => void) => Promise<void>
  readonly check: (folder: string, promises: readonly P[]) => Promise<readonly string[]>
}
