import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Abuse, Bucket, PerMinute, strict } from '../../../gateway/identity/abuse.ts'

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

describe('bans', () => {
  test('the 16th going within a minute is banned for five minutes, and nobody else', () => {
    let nowMs = 0
    const abuse = new Abuse(strict, () => nowMs)
    const gone = Array.from({ length: 16 }, () => {
      nowMs += 3000
      return abuse.left('f1.v1')
    })
    expect(gone).toEqual([...Array.from({ length: 15 }, () => false), true])
    expect([abuse.isBanned('f1.v1'), abuse.isBanned('f1.v2'), abuse.banned()]).toEqual([true, false, 1])
    nowMs += 299_999
    expect(abuse.isBanned('f1.v1')).toBe(true)
    nowMs += 1
    expect([abuse.isBanned('f1.v1'), abuse.banned()]).toEqual([false, 0])
  })

  test('one that goes every 4 s is never banned', () => {
    let nowMs = 0
    const abuse = new Abuse(strict, () => nowMs)
    for (let n = 0; n < 200; n++) {
      nowMs += 4000
      expect(abuse.left('f1.v1')).toBe(false)
    }
  })

  test('ever new addresses cost no more memory than twenty thousand', () => {
    const abuse = new Abuse({ ...strict, failuresPerMin: 0 }, () => 0)
    for (let n = 0; n < 25_000; n++) abuse.failed(`10.0.${n >> 8}.${n & 255}`)
    expect(abuse.banned()).toBeLessThanOrEqual(20_000)
    expect(abuse.isBanned('10.0.97.167')).toBe(true)
  })
})
