import { parseArgs } from 'node:util'
import { seeded } from '../device/decoders/help.ts'
import { agreements } from './decoder-agreement.ts'
import { mutations } from './decoder-mutations.ts'
import { processorMs } from './processor.ts'

/**
 * `node test/prove/decoders.ts [--count N] [--seed S] [--only NAME]`: so many damaged pieces into each decoder, and so many random valid
 * frames through each decoder and a second one written from the standard. One line each; exit 1 when one fails.
 */
const slowMs = 1000
const heldMax = 2 ** 23

export type Figures = {
  readonly name: string
  readonly count: number
  readonly wrong: string | null
  readonly heldBytes?: number
}

export function mutate(count: number, seed: number, only = ''): Figures[] {
  return mutations
    .filter(({ name }) => name.includes(only))
    .map(({ name, start }) => {
      const chance = seeded(seed)
      const { one, held } = start()
      let heldBytes = 0
      try {
        for (let i = 0; i < count; i++) {
          const beganMs = processorMs()
          one(chance)
          if (processorMs() - beganMs > slowMs)
            return { name, count: i, wrong: 'one piece took over a second' }
          if (i % 20_000 === 0) heldBytes = Math.max(heldBytes, held())
        }
      } catch (error) {
        return { name, count, wrong: String((error as Error).stack) }
      }
      heldBytes = Math.max(heldBytes, held())
      return { name, count, wrong: heldBytes > heldMax ? `it holds ${heldBytes} bytes` : null, heldBytes }
    })
}

export function agree(count: number, seed: number, only = ''): Figures[] {
  return agreements
    .filter(({ name }) => name.includes(only))
    .map(({ name, one }) => {
      const chance = seeded(seed)
      for (let i = 0; i < count; i++) {
        const wrong = one(chance)
        if (wrong !== null) return { name, count: i, wrong }
      }
      return { name, count, wrong: null }
    })
}

function main(): void {
  const { values } = parseArgs({
    options: { count: { type: 'string' }, seed: { type: 'string' }, only: { type: 'string' } },
  })
  const count = Number(values.count ?? 1_000_000)
  const seed = Number(values.seed ?? 1)
  let failed = false
  const tell = (what: string, figures: Figures[], beganMs: number): void => {
    for (const { name, count: done, wrong, heldBytes } of figures) {
      failed ||= wrong !== null
      const held = heldBytes === undefined ? '' : `, ${heldBytes} bytes of state at most`
      process.stdout.write(`${what}  ${name.padEnd(40)} ${done}${held}  ${wrong ?? 'as it should be'}\n`)
    }
    process.stdout.write(`${what}  ${((performance.now() - beganMs) / 1000).toFixed(0)} s\n`)
  }
  const mutatingMs = performance.now()
  tell('mutations', mutate(count, seed, values.only), mutatingMs)
  const agreeingMs = performance.now()
  tell('agreement', agree(count, seed, values.only), agreeingMs)
  process.exit(failed ? 1 : 0)
}

if (import.meta.main) main()
