import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Abuse, Bucket, Comings, Guesses, PerMinute, strict } from '../../../gateway/identity/abuse.ts'

/** Tokens by hand: at every instant, how many were gained and taken since the beginning. */
function exactBucket(perS: number, burst: number) {
  let tokens = burst
  let at = 0
  return (nowMs: number): boolean => {
    tokens = Math.min(burst, tokens + ((nowMs - at) * perS) / 1000)
    at = nowMs
    if (tokens < 1) return false
    tokens -= 1
    return true
  }
}

describe('a bucket', () => {
  test('lets through what the exact count lets through', () => {
    const waits = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 200 })
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 64 }),
        fc.integer({ min: 1, max: 20 }),
        waits,
        (perS, burst, gaps) => {
          const bucket = new Bucket({ perS, burst }, 0)
          const exact = exactBucket(perS, burst)
          let nowMs = 0
          for (const gap of gaps) {
            nowMs += gap
            expect(bucket.take(nowMs)).toBe(exact(nowMs))
          }
        },
      ),
    )
  })

  test('20 a second, 200 at once: the 201st of a moment waits 50 ms, the 240th two seconds', () => {
    const bucket = new Bucket(strict.telemetry, 0)
    const waits = Array.from({ length: 240 }, () => bucket.reserve(0))
    expect(waits.slice(0, 200).every((wait) => wait === 0)).toBe(true)
    expect([waits[200], waits[201], waits[239]]).toEqual([50, 100, 2000])
    expect(bucket.reserve(2000)).toBe(50)
    expect(bucket.reserve(60_000)).toBe(0)
  })
})

describe('a count per minute', () => {
  test('is beyond its limit exactly when more than so many were in the last minute', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30_000 }), { maxLength: 60 }), (gaps) => {
        const count = new PerMinute(3)
        const times: number[] = []
        let nowMs = 0
        for (const gap of gaps) {
          nowMs += gap
          times.push(nowMs)
          expect(count.beyond('a', nowMs)).toBe(times.filter((at) => at > nowMs - 60_000).length > 3)
        }
      }),
    )
  })
})

describe('comings and goings', () => {
  test('the 16th going within a minute is banned for five minutes, and nobody else', () => {
    let nowMs = 0
    const comings = new Comings(strict, () => nowMs)
    const gone = Array.from({ length: 16 }, () => {
      nowMs += 3000
      return comings.left('f1.v1')
    })
    expect(gone).toEqual([...Array.from({ length: 15 }, () => false), true])
    expect([comings.isBanned('f1.v1'), comings.isBanned('f1.v2'), comings.banned()]).toEqual([true, false, 1])
    nowMs += 299_999
    expect(comings.isBanned('f1.v1')).toBe(true)
    nowMs += 1
    expect([comings.isBanned('f1.v1'), comings.banned()]).toEqual([false, 0])
  })

  test('one that goes every 4 s is never banned', () => {
    let nowMs = 0
    const comings = new Comings(strict, () => nowMs)
    for (let n = 0; n < 200; n++) {
      nowMs += 4000
      expect(comings.left('f1.v1')).toBe(false)
    }
  })

  test('what happens at one door bans at no other', () => {
    const abuse = new Abuse(strict, () => 0)
    for (let n = 0; n < 16; n++) abuse.officers.left('f1.v1')
    for (let n = 0; n < 200; n++) abuse.guesses.failed('10.0.0.1', 'f1.v1')
    expect([abuse.officers.isBanned('f1.v1'), abuse.terminals.isBanned('f1.v1')]).toEqual([true, false])
    expect([abuse.officers.isBanned('10.0.0.1'), abuse.terminals.isBanned('10.0.0.1')]).toEqual([
      false,
      false,
    ])
    expect(abuse.banned()).toBe(3)
  })
})

describe('wrong passwords', () => {
  test('21 for one name within a minute close that name, from that address, for five minutes', () => {
    let nowMs = 0
    const guesses = new Guesses(strict, () => nowMs)
    for (let n = 0; n < 20; n++) guesses.failed('10.0.0.1', 'li')
    expect(guesses.isBanned('10.0.0.1', 'li')).toBe(false)
    guesses.failed('10.0.0.1', 'li')
    expect(guesses.isBanned('10.0.0.1', 'li')).toBe(true)
    expect(guesses.isBanned('10.0.0.1', 'wang')).toBe(false)
    expect(guesses.isBanned('10.0.0.2', 'li')).toBe(false)
    expect(guesses.isAddressBanned('10.0.0.1')).toBe(false)
    nowMs += 300_000
    expect([guesses.isBanned('10.0.0.1', 'li'), guesses.banned()]).toEqual([false, 0])
  })

  test('101 for ever new names within ten minutes close the address; slower ones do not', () => {
    const isClosedAt = (eachMs: number): boolean => {
      let nowMs = 0
      const guesses = new Guesses(strict, () => nowMs)
      for (let n = 0; n < 101; n++) {
        nowMs += eachMs
        guesses.failed('10.0.0.1', `n${n}`)
      }
      return guesses.isAddressBanned('10.0.0.1') && guesses.isBanned('10.0.0.1', 'li')
    }
    expect([isClosedAt(0), isClosedAt(5999), isClosedAt(6000)]).toEqual([true, true, false])
  })

  test('ever new addresses and names cost no more memory than twenty thousand of each', () => {
    const guesses = new Guesses({ ...strict, failuresPerMin: 0, addressFailures: 0 }, () => 0)
    for (let n = 0; n < 25_000; n++) guesses.failed(`10.0.${n >> 8}.${n & 255}`, 'x'.repeat(4000))
    expect(guesses.banned()).toBeLessThanOrEqual(40_000)
    expect(guesses.isBanned('10.0.97.167', 'li')).toBe(true)
  })
})
