import { expect, test } from 'vitest'
import { type Journaled, passingsOf } from './journaled-order.ts'

const alarm = (receivedAtMs: number): Journaled => ({ stream: 'alarm', receivedAtMs })
const other = (receivedAtMs: number): Journaled => ({ stream: 'telemetry', receivedAtMs })

test('first come, first written: nobody passes anybody', () => {
  expect(passingsOf([other(1), alarm(2), other(3), alarm(4)])).toEqual({ passed: 0, passedBy: 0 })
})

test('an alarm in front of what had come before it has passed it', () => {
  expect(passingsOf([other(1), alarm(4), other(2), other(3)])).toEqual({ passed: 1, passedBy: 0 })
})

test('an alarm behind what came after it was passed by it', () => {
  expect(passingsOf([other(1), other(5), alarm(4), other(6)])).toEqual({ passed: 0, passedBy: 1 })
})

test('in the same millisecond nobody says who was first', () => {
  expect(passingsOf([other(2), alarm(2), other(2)])).toEqual({ passed: 0, passedBy: 0 })
})
