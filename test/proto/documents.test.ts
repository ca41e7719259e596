import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { canonicalJson, digestOf } from '../../proto/canonical.ts'
import { nodeVersionProblem } from '../../proto/node-version.ts'
import { defaultPolicy, mergePolicy, policyDigest, policyFileSchema } from '../../proto/policy.ts'
import { BadInput, parseDocument, parseJsonText } from '../../proto/problem.ts'
import { vehicleSchema } from '../../proto/shapes/vehicle.ts'
import {
  clientIdOf,
  downTopic,
  parseClientId,
  parseDownTopic,
  parseUpTopic,
  upTopic,
} from '../../proto/topics.ts'

const root = resolve(import.meta.dirname, '../..')
const complaint = (act: () => unknown): string => {
  try {
    act()
  } catch (error) {
    if (error instanceof BadInput) return error.message
    throw error
  }
  return 'nothing to complain of'
}

describe('the schema', () => {
  it('has its generated code checked in as fresh as itself', () => {
    const fresh = mkdtempSync(join(tmpdir(), 'roadwarden-proto-'))
    try {
      execFileSync(process.execPath, [join(root, 'proto/generate.mjs'), fresh], { cwd: root })
      for (const name of ['roadwarden.js', 'roadwarden.d.ts']) {
        expect(
          readFileSync(join(fresh, name), 'utf8') ===
            readFileSync(join(root, 'proto/generated', name), 'utf8'),
          `npm run proto (${name} is stale)`,
        ).toBe(true)
      }
    } finally {
      rmSync(fresh, { recursive: true })
    }
  })
})

describe('the runtime', () => {
  it('is one we were measured on, and the guard knows', () => {
    expect(nodeVersionProblem(process.versions.node)).toBeNull()
    expect(['20.20.2', '24.14.9', '26.0.0'].map((version) => nodeVersionProblem(version) === null)).toEqual([
      false,
      false,
      false,
    ])
    expect(['24.15.0', '24.21.0', '25.1.0'].map(nodeVersionProblem)).toEqual([null, null, null])
  })
})

describe('canonical JSON', () => {
  it('is that of RFC 8785', () => {
    const value = {
      numbers: [333333333.3333333, 1e30, 4.5, 0.002, 1e-27],
      string: '€$\u000f\nA\'B"\\"/',
      literals: [null, true, false],
    }
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\"/"}',
    )
    expect(canonicalJson({ b: undefined, a: [undefined], '€': 1, A: -0 })).toBe('{"A":0,"a":[null],"€":1}')
    expect(() => canonicalJson(Number.NaN)).toThrow(/NaN/)
  })
})

describe('a policy', () => {
  it('holds only what differs; keys are merged one by one; the digest tells any difference', () => {
    const policy = mergePolicy('coach', { speeding: { toleranceKmh: 2, capKmh: { motorway: 90 } } })
    expect(policy.speeding).toEqual({
      ...defaultPolicy('coach').speeding,
      toleranceKmh: 2,
      capKmh: { motorway: 90, other: 70, unknown: 100 },
    })
    expect(policyDigest(mergePolicy('coach', {}))).toBe(policyDigest(defaultPolicy('coach')))
    expect(policyDigest(policy)).not.toBe(policyDigest(defaultPolicy('coach')))
    expect(digestOf({ a: 1, b: 2 })).toBe(digestOf({ b: 2, a: 1 }))
  })

  it.each([
    [
      { speding: {} },
      /^P\.json: speding: unknown key; remove it or correct its spelling \(known here: [\w, ]*\bspeeding\b[\w, ]*\)$/,
    ],
    // One line, whatever stands between the quotes of a key.
    [{ 'zo\nne\u2028': 1 }, /^P\.json: zo<U\+000A>ne<U\+2028>: unknown key;/],
    [{ speeding: { hold: 1 } }, /^P\.json: speeding\.hold: unknown key; .*\(known here: .*\bholdS\b/],
    [
      { bannedHours: [{ name: 'x' }] },
      /^P\.json: bannedHours\[0\]\.name: unknown key; .*\(known here: id, .*\bnotice\b/,
    ],
    [{ speeding: { holdS: '10' } }, 'P.json: speeding.holdS: expected number, received string'],
    [{ speeding: { holdS: -1 } }, /^P\.json: speeding\.holdS: Too small/],
    [{ zone: 'Asia/Beijing' }, 'P.json: zone: a time zone name such as "Asia/Shanghai"'],
    [{ curfew: { from: '2 am' } }, 'P.json: curfew.from: a time of day such as "22:00"'],
    [{ bannedHours: [{ id: 'x' }] }, /^P\.json: bannedHours\[0\]\.notice: missing/],
    [
      [],
      /^P\.json: a list \[ \.\.\. \] where one object \{ \.\.\. \} is needed; give one, without the brackets$/,
    ],
    [{ speeding: [] }, /^P\.json: speeding: a list /],
    ['text', /^P\.json: an object \{ \.\.\. \} is needed here, not string$/],
  ])('%j is told in one line', (file, line) => {
    expect(complaint(() => parseDocument(policyFileSchema, file, 'P.json'))).toMatch(
      line instanceof RegExp ? line : new RegExp(`^${line.replace(/[.[\]]/g, '\\$&')}$`),
    )
  })
})

describe('a wrong document', () => {
  it('names an unknown key before the missing one it probably is', () => {
    const vehicle = {
      ID: 'coach-1',
      fleet: 'north',
      class: 'coach',
      serviceClass: null,
      oneWayKm: null,
      relay: null,
    }
    expect(complaint(() => parseDocument(vehicleSchema, vehicle, 'V.json'))).toMatch(
      /^V\.json: ID: unknown key; remove it or correct its spelling \(known here: id, fleet, /,
    )
    const { ID: _, ...missing } = vehicle
    expect(complaint(() => parseDocument(vehicleSchema, missing, 'V.json'))).toBe(
      'V.json: id: missing; expected string',
    )
  })

  it('that is not JSON is one line too', () => {
    expect(complaint(() => parseJsonText('{"a":\n', 'V.json'))).toMatch(
      /^V\.json: not JSON \(.*\); correct the file$/,
    )
  })
})

describe('topics', () => {
  it('are built and taken apart in one place', () => {
    expect(parseUpTopic(upTopic('north', 'coach-1', 'backfill'))).toEqual({
      fleet: 'north',
      vehicle: 'coach-1',
      lane: 'backfill',
    })
    expect(parseDownTopic(downTopic('north', 'coach-1', 'ack'), 'north', 'coach-1')).toBe('ack')
    expect(parseClientId(clientIdOf('north', 'coach-1'))).toEqual({ fleet: 'north', vehicle: 'coach-1' })
  })

  it.each([
    'rw/v1/north/coach-1/up/other',
    'rw/v1/north/coach-1/up',
    'rw/v1/north/+/up/alarm',
    'rw/v1/no rth/c/up/alarm',
    'rw/v1//c/up/alarm',
    'rw/v1/n/c/up/alarm/x',
    '$SYS/a',
  ])('%s is nobody’s', (topic) => expect(parseUpTopic(topic)).toBeNull())

  it('of another vehicle are not that vehicle’s', () => {
    expect(parseDownTopic('rw/v1/north/coach-2/ack', 'north', 'coach-1')).toBeNull()
    expect(['a.b.c', 'a', 'a.', '.b', 'a.b/c'].map(parseClientId)).toEqual([null, null, null, null, null])
  })
})
