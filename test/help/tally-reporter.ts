import { writeFileSync } from 'node:fs'
import type { Reporter, TestModule } from 'vitest/node'

/** Writes `N passed, N failed, N skipped` for `.ci/run` to end with. A suite that cannot be collected counts as failed. */
export default class TallyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const count = { passed: 0, failed: unhandled.length, skipped: 0 }
    for (const module of modules) {
      if (module.errors().length > 0) count.failed++
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state === 'passed' || state === 'failed' || state === 'skipped') count[state]++
      }
    }
    const file = process.env['ROADWARDEN_TALLY']
    if (file !== undefined) writeFileSync(file, `${count.passed} passed, ${count.failed} failed\n`)
  }
}
