import { expect, it } from 'vitest'
import { drivingTimeAgrees } from './drives/driving-time.ts'
import { ruleAgreements } from './rules.ts'

/** The same with 20,000 drives each: `npm run prove -- --only rules --drives 20000`. */
const seed = Number(process.env['ROADWARDEN_SEED'] ?? 20_261_101)

it.each(ruleAgreements.map((one) => [one.name, one] as const))(
  '%s: the rule and the naive program say the same of drives whose rows come late, twice and from far away',
  (_, { agree }) => {
    const { told, wrong } = agree(120, seed)
    expect(wrong).toBeNull()
    // A comparison of silence with silence would prove nothing.
    expect(told).toBeGreaterThan(30)
  },
)

it('a stint ends at its last driving, also when what nobody owned up to is taken over after the rest', () => {
  // Four hours without a card, twenty-five minutes of rest, then a login that inherits them.
  expect(drivingTimeAgrees.agree(1, 546_338_689)).toMatchObject({ drives: 1, wrong: null })
})
