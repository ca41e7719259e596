import { describe, expect, test } from 'vitest'
import { compareFindings, type Detector, drive, stay, stepAll } from '../../proto/detector.ts'
import { makeFinding } from '../../proto/finding.ts'
import type { Finding, Phase } from '../../proto/model.ts'
import { sampleAt } from '../help/drive.ts'
import { coachSettings } from '../help/driving-settings.ts'

const settings = coachSettings()
const sample = sampleAt(1000)

const finding = (kind: string, phase: Phase = 'started', decidedAtMs = 1000): Finding => ({
  ...makeFinding({ kind: 'fatigue', phase, severity: 'major', atMs: 0, evidence: {} }, sample, settings),
  kind,
  decidedAtMs,
})

/** Counts Samples, and finds something at each one or at none. */
const counter = (name: string, tells: boolean): Detector<number> => ({
  name,
  initial: 10,
  step: (count) => ({ state: count + 1, findings: tells ? [finding(name)] : [] }),
})
const still: Detector<string> = { name: 'still', initial: 'as it was', step: (state) => stay(state) }

describe('a list of detectors over one Sample', () => {
  test('each goes on from its own state, findings in the order of the list', () => {
    const { state, findings } = stepAll(
      [counter('b', true), still, counter('a', true), counter('c', false)],
      { a: 3, still: 'so' },
      sample,
      settings,
    )
    expect(state).toEqual({ a: 4, b: 11, c: 11, still: 'so' })
    expect(findings.map(({ kind }) => kind)).toEqual(['b', 'a'])
  })

  test('a missing state begins anew, and is kept', () => {
    expect(stepAll([still], {}, sample, settings)).toEqual({ state: { still: 'as it was' }, findings: [] })
  })

  test('where nothing changes the states are the same ones', () => {
    const states = { still: 'so', other: 5 }
    const { state, findings } = stepAll([still], states, sample, settings)
    expect(state).toBe(states)
    expect(findings).toBe(stay(null).findings)
    expect(findings).toEqual([])
  })

  test('the states that were given stay as they were', () => {
    const states = Object.freeze({ a: 3 })
    expect(stepAll([counter('a', false)], states, sample, settings).state).toEqual({ a: 4 })
    expect(states).toEqual({ a: 3 })
  })
})

test('a drive folds over its Samples, with what is in force at each', () => {
  const seen: string[] = []
  const watching: Detector<number> = {
    ...counter('watching', true),
    step: (count, _, { policyDigest }) => {
      seen.push(policyDigest)
      return { state: count + 1, findings: [finding(`at ${count}`)] }
    },
  }
  const later = { ...settings, policyDigest: 'later' }
  const driven = drive(watching, [sampleAt(1), sampleAt(2)], ({ atMs }) => (atMs > 1 ? later : settings))
  expect(driven.state).toBe(12)
  expect(driven.findings.map(({ kind }) => kind)).toEqual(['at 10', 'at 11'])
  expect(seen).toEqual([settings.policyDigest, 'later'])
  expect(drive(watching, [sampleAt(1)], settings).state).toBe(11)
})

test('findings are told as decided, then by kind, then as an episode goes', () => {
  const sorted = [
    finding('b', 'ended', 1000),
    finding('b', 'updated', 1000),
    finding('b', 'started', 1000),
    finding('a', 'ended', 1000),
    finding('c', 'started', 999),
    finding('a', 'started', 1001),
  ].toSorted(compareFindings)
  expect(sorted.map(({ kind, phase, decidedAtMs }) => [decidedAtMs, kind, phase])).toEqual([
    [999, 'c', 'started'],
    [1000, 'a', 'ended'],
    [1000, 'b', 'started'],
    [1000, 'b', 'updated'],
    [1000, 'b', 'ended'],
    [1001, 'a', 'started'],
  ])
  expect(compareFindings(finding('a'), finding('b'))).toBe(-1)
  expect(compareFindings(finding('b'), finding('a'))).toBe(1)
  expect(compareFindings(finding('a'), finding('a'))).toBe(0)
})
