import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { defaultPolicy } from '../../proto/policy.ts'

/** The table of open doubts names switches that exist, with the defaults that hold. */

const text = readFileSync(new URL('../../proto/README.md', import.meta.url), 'utf8')
const rows = text
  .slice(text.indexOf('## Open doubts'))
  .split('\n')
  .filter((line) => /^\| *\d+ *\|/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
const policy = defaultPolicy('coach') as unknown as Record<string, Record<string, unknown>>

/** `curfew.feederKm` with the value after it, in order; keys of files have another first word. */
const switches = rows.flatMap(([, doubt, , keys = '', defaults = '']) => {
  const told = [...keys.matchAll(/`(\w+)\.(\w+)`/g)].filter(([, group]) => policy[group!] !== undefined)
  const values = defaults.split(';')
  return told.map(
    ([name, group, key], i) =>
      [
        doubt!,
        name!.replaceAll('`', ''),
        group!,
        key!,
        values.at(told.length === values.length ? i : i - told.length)!,
      ] as const,
  )
})

describe('the open doubts', () => {
  it('are sixteen, each with an answer', () => {
    expect(rows.map(([, number]) => Number(number))).toEqual(Array.from({ length: 16 }, (_, i) => i + 1))
    for (const [, , doubt, answer, value] of rows)
      expect([doubt, answer, value].every((cell) => (cell ?? '') !== '')).toBe(true)
  })

  it.each(switches)('%s: %s is in the policy, and its default is the one told', (_, __, group, key, told) => {
    const value = policy[group]?.[key]
    expect(value, `${group}.${key}`).toBeDefined()
    if (typeof value === 'object') {
      expect(told).toContain(Object.values(value as object).join('-'))
    } else expect(told.includes(JSON.stringify(value))).toBe(true)
  })
})
