import { expect, test } from 'vitest'
import { agreements } from './decoder-agreement.ts'
import { mutations } from './decoder-mutations.ts'
import { agree, mutate } from './decoders.ts'

/** The same with a million each: `node test/prove/decoders.ts`. */
test('100,000 damaged pieces crash no decoder, hang none and make none grow', () => {
  const figures = mutate(20_000, 2026)
  expect(figures.map(({ name, wrong }) => ({ name, wrong }))).toEqual(
    mutations.map(({ name }) => ({ name, wrong: null })),
  )
})

test('a second decoder from the standard agrees on 100,000 random frames', () => {
  const figures = agree(15_000, 2027)
  expect(figures.map(({ name, wrong }) => ({ name, wrong }))).toEqual(
    agreements.map(({ name }) => ({ name, wrong: null })),
  )
})
