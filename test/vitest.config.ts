import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import '../sim/warm-start.ts'

/**
 * Four projects. `unit` is pure code and small edges and runs in parallel; `system` starts real processes,
 * brokers and pseudo terminals and runs one file at a time, because two of them at once would measure each
 * other's scheduling on a small machine instead of our promises; `desk` is the officer's browser, which is waited for
 * and never measured, in two files at a time; `nights` are whole nights in fast motion that mostly
 * wait for their world, side by side.
 */
const nights = ['kill', 'scenarios', 'start'].map((name) => `test/end-to-end/${name}.test.ts`)
const desk = 'test/end-to-end/desk*.test.ts'
/** The tool leaves one core free, which on two cores is half of the machine. */
const maxWorkers = Math.max(2, availableParallelism() - 1)
const setupFiles = [new URL('./help/seed.ts', import.meta.url).pathname]
/**
 * How long something may take before it counts as hanging. Nothing here says how fast anything is: on a busy machine the
 * slowest takes many times as long as on an idle one, and has not failed.
 */
const patience = { hookTimeout: 240_000, expect: { poll: { timeout: 60_000 } } }

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    reporters: process.env['ROADWARDEN_TALLY']
      ? ['default', new URL('./help/tally-reporter.ts', import.meta.url).pathname]
      : ['default'],
    coverage: {
      provider: 'v8',
      include: ['proto/**', 'device/**', 'gateway/**', 'sim/**'],
      exclude: ['proto/generated/**'],
    },
    projects: [
      {
        test: {
          name: 'unit',
          setupFiles,
          include: ['test/**/*.test.ts'],
          exclude: ['test/end-to-end/**'],
          maxWorkers,
          testTimeout: 180_000,
          ...patience,
        },
      },
      {
        test: {
          name: 'system',
          setupFiles,
          include: ['test/end-to-end/**/*.test.ts'],
          exclude: [...nights, desk],
          testTimeout: 300_000,
          ...patience,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'desk',
          setupFiles,
          include: [desk],
          maxWorkers: 2,
          testTimeout: 300_000,
          ...patience,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'nights',
          setupFiles,
          include: nights,
          maxWorkers: nights.length,
          testTimeout: 400_000,
          ...patience,
          hookTimeout: 600_000,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
})
