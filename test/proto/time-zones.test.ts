import { describe, expect, test } from 'vitest'
import { fromLocalMs, isZone, localMs, offsetMs, validFromMs, weekday } from '../../proto/time.ts'

const hourMs = 3_600_000
const local = (text: string): number => Date.parse(`${text}Z`)

describe('zones by name', () => {
  test.each([
    ['Asia/Shanghai', true],
    ['UTC', true],
    ['Europe/Berlin', true],
    ['Asia/Kathmandu', true],
    ['Mars/Olympus', false],
    ['', false],
  ])('%s: %s', (name, known) => {
    expect(isZone(name)).toBe(known)
  })
})

describe('local time less UTC', () => {
  test.each([
    ['Asia/Shanghai', '2026-07-01T00:00:00Z', 8],
    ['Asia/Shanghai', '1991-07-01T00:00:00Z', 9],
    ['Asia/Shanghai', '1991-12-31T23:59:59.999Z', 8],
    ['UTC', '1950-07-01T00:00:00Z', 0],
    ['Europe/Berlin', '2026-03-29T00:59:59.999Z', 1],
    ['Europe/Berlin', '2026-03-29T01:00:00Z', 2],
    ['Europe/Berlin', '2026-10-25T00:59:59.500Z', 2],
    ['Europe/Berlin', '2026-10-25T01:00:00.500Z', 1],
    ['Europe/Berlin', '2026-10-25T01:14:59.999Z', 1],
    ['America/New_York', '2026-12-31T23:59:59.123Z', -5],
    ['Asia/Kathmandu', '2026-02-28T20:00:00.001Z', 5.75],
    ['Australia/Lord_Howe', '2026-04-04T14:59:59.999Z', 11],
    ['Australia/Lord_Howe', '2026-10-03T15:29:59.999Z', 10.5],
    ['Australia/Lord_Howe', '2026-10-03T15:30:00Z', 11],
    ['Australia/Lord_Howe', '2026-04-04T15:00:00Z', 10.5],
    // Before zones there was the sun: 53 min 28 s.
    ['Europe/Berlin', '-000099-06-01T12:00:00Z', 3208 / 3600],
  ])('%s at %s: %s h', (zone, at, hours) => {
    const ms = Date.parse(at)
    for (let again = 0; again < 2; again++) expect(offsetMs(ms, zone)).toBe(Math.round(hours * hourMs))
    expect(localMs(ms, zone)).toBe(ms + Math.round(hours * hourMs))
  })
})

describe('the instant of a local time', () => {
  test.each([
    ['Europe/Berlin', '2026-07-01T12:00:00', '2026-07-01T10:00:00Z'],
    ['Europe/Berlin', '2026-01-01T00:00:00', '2025-12-31T23:00:00Z'],
    // The clock is put on: 02:30 does not exist.
    ['Europe/Berlin', '2026-03-29T01:59:59', '2026-03-29T00:59:59Z'],
    ['Europe/Berlin', '2026-03-29T02:30:00', '2026-03-29T01:30:00Z'],
    ['Europe/Berlin', '2026-03-29T03:00:00', '2026-03-29T01:00:00Z'],
    // It is put back: 02:30 comes twice.
    ['Europe/Berlin', '2026-10-25T02:30:00', '2026-10-25T00:30:00Z'],
    ['Europe/Berlin', '2026-10-25T03:00:00', '2026-10-25T02:00:00Z'],
    ['America/New_York', '2026-11-01T01:30:00', '2026-11-01T05:30:00Z'],
    ['America/New_York', '2026-03-08T02:30:00', '2026-03-08T07:30:00Z'],
    ['America/New_York', '2026-03-08T03:30:00', '2026-03-08T07:30:00Z'],
    ['America/Santiago', '2026-09-06T00:00:00', '2026-09-06T04:00:00Z'],
    ['Australia/Lord_Howe', '2026-10-04T02:15:00', '2026-10-03T15:45:00Z'],
    ['America/New_York', '2026-08-08T20:00:00', '2026-08-09T00:00:00Z'],
    ['Australia/Lord_Howe', '2026-04-05T01:45:00', '2026-04-04T14:45:00Z'],
    ['Asia/Shanghai', '2026-11-22T23:40:00', '2026-11-22T15:40:00Z'],
  ])('%s, %s', (zone, text, at) => {
    expect(new Date(fromLocalMs(local(text), zone)).toISOString()).toBe(new Date(at).toISOString())
  })
})

test('a week begins on Monday, whatever the year', () => {
  for (const [monday, year] of [
    ['2026-11-23', 2026],
    ['1969-12-29', 1969],
    ['1900-01-01', 1900],
  ] as const)
    for (let n = 0; n < 7; n++) {
      const at = Date.parse(`${monday}T12:00:00Z`) + n * 24 * hourMs
      expect(weekday(at, 'UTC'), `${year} ${n}`).toBe(n + 1)
    }
})

test('a validity begins at local midnight of a date, or at an instant', () => {
  expect(validFromMs('2026-11-22', 'Asia/Shanghai')).toBe(Date.parse('2026-11-22T00:00:00+08:00'))
  expect(validFromMs('2026-03-29', 'Europe/Berlin')).toBe(Date.parse('2026-03-29T00:00:00+01:00'))
  expect(validFromMs('2026-11-22T12:00:00+08:00', 'UTC')).toBe(Date.parse('2026-11-22T04:00:00Z'))
  expect(validFromMs('soon', 'UTC')).toBeNull()
})
