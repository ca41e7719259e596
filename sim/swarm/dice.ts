import { chance } from '../random.ts'

/**
 * Chance drawn one after the other, each channel for itself: a fault that is added in one place moves no draw in
 * another, so a failing seed stays close to itself while it is being looked into.
 */
export class Dice {
  readonly seed: number
  readonly #drawn = new Map<string, number>()

  constructor(seed: number) {
    this.seed = seed
  }

  /** Uniform in [0, 1). */
  next(channel: string): number {
    const index = this.#drawn.get(channel) ?? 0
    this.#drawn.set(channel, index + 1)
    return chance(this.seed, channel, index)
  }

  happens(channel: string, probability: number): boolean {
    return this.next(channel) < probability
  }

  between(channel: string, from: number, to: number): number {
    return from + (to - from) * this.next(channel)
  }

  whole(channel: string, from: number, to: number): number {
    return Math.floor(this.between(channel, from, to + 1))
  }

  pick<T>(channel: string, things: readonly T[]): T {
    return things[this.whole(channel, 0, things.length - 1)]!
  }
}
