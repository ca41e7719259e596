import { beforeAll, describe, expect, test } from 'vitest'
import {
  createPasswords,
  hashOf,
  passwordsWaitingMax,
  type User,
} from '../../../gateway/identity/passwords.ts'

const password = 'correct horse battery'
let user: User

beforeAll(async () => {
  // A cheap cost: how many wait does not depend on how long.
  user = {
    name: 'li',
    hash: await hashOf(password, { N: 2 ** 10, r: 8, p: 1 }),
    fleets: { north: 'officer' },
  }
})

const passwords = () => createPasswords((name) => (name === 'li' ? user : null), Date.now)

describe('officers with passwords', () => {
  test('who log in at one moment wait their turn', async () => {
    const { check } = passwords()
    const shift = await Promise.all(Array.from({ length: 30 }, () => check('li', password)))
    expect(shift.every((one) => one === user)).toBe(true)
  })

  test('are refused when more wait than a shift has, and let in again afterwards', async () => {
    const { check, waiting } = passwords()
    const asked = Promise.all(Array.from({ length: 60 }, (_, i) => check('li', `wrong password ${i}`)))
    expect([waiting(), passwordsWaitingMax]).toEqual([40, 40])
    const flood = await asked
    expect(waiting()).toBe(0)
    expect(flood.every((one) => one === null)).toBe(true)
    const crowd = await Promise.all(Array.from({ length: 60 }, () => check('li', password)))
    expect(crowd.filter((one) => one === user)).toHaveLength(44)
    expect(await check('li', password)).toBe(user)
  })

  test('a wrong one, an empty one and a name nobody has are refused', async () => {
    const { check } = passwords()
    for (const [name, words] of [
      ['li', 'correct horse batterY'],
      ['li', ''],
      ['li', 'x'.repeat(257)],
      ['wang', password],
    ] as const)
      expect(await check(name, words)).toBeNull()
  })
})
