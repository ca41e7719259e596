import { expect, test } from 'vitest'
import { mutantsOf } from './mutants.ts'

const all = (source: string): string[] =>
  mutantsOf('a.ts', source).map(({ start, end, text }) => source.slice(0, start) + text + source.slice(end))

test.each([
  ['a < b', ['a <= b', 'a >= b']],
  ['a >= b', ['a > b', 'a < b']],
  ['a === b', ['a !== b']],
  ['a && b', ['(a || b)']],
  ['a ?? b', ['(a)']],
  ['a - b * c', ['a + b * c', 'a - b / c']],
  ['!a', ['a']],
  ['a = { 3: 4 }', ['a = { [3 + 1]: 4 }', 'a = { 3: (4 + 1) }']],
  ['f(7, true)', ['f((7 + 1), true)', 'f(7, false)']],
  ['if (a) b()', ['if (!(a)) b()']],
  ['c = a ? b : d', ['c = !(a) ? b : d']],
  ['if (a < b) c()', ['if (a <= b) c()', 'if (a >= b) c()']],
])('%s', (source, mutants) => {
  expect(all(source)).toEqual(mutants)
})

test.each([
  "'a' + b",
  '`b` + a',
  'type A = 1 | 2',
  'a as 1',
  'const a: 1 | 2 = b',
  'interface A { a: true }',
  'a.b(c)',
])('%s has none', (source) => {
  expect(all(source)).toEqual([])
})
