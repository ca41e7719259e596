import { describe, expect, it } from 'vitest'
import { type Door, doorStep } from '../../../gateway/rules/areas-door.ts'
import type { Presence } from '../../../gateway/rules/areas-presence.ts'
import { type Told, tellingOf } from '../../../gateway/rules/areas-told.ts'
import { areaZone } from '../../../gateway/rules/areas-zones.ts'
import { roadAreas } from '../../help/area-road.ts'
import { sampleAt } from '../../help/drive.ts'
import { deepFreeze, settingsFor } from '../../help/road.ts'

/** Doors that open where none may: one episode for one stay, counted. Instants are seconds. */
const more = { approachM: null, validFrom: null, validTo: null, doorForbidden: true, province: null }
const index = roadAreas([{ id: 'B', name: '服务区匝道', from: 0, to: 1000, role: 'hub', more }])
const settings = settingsFor('coach', null, { areas: index })
const area = index.byId.get('B')!
const told = deepFreeze(tellingOf(areaZone(area, settings), area, settings))
const there = { atMs: 0, fromMs: null, basis: 'fix', place: { lat: 30, lon: 110 } } as const
const inside: Presence = { is: 'in', since: there, out: null }

type Row = readonly [s: number, open: boolean | null, at?: Presence | { readonly leftS: number }]

function steps(rows: readonly Row[], words: Told = told) {
  let door: Door | null = null
  return rows.map(([s, doorOpen, at = inside]) => {
    const left = at !== null && 'leftS' in at ? at.leftS * 1000 : null
    const presence = at !== null && 'leftS' in at ? null : at
    const sample = deepFreeze(sampleAt(s * 1000, { doorOpen }))
    const step = doorStep(door === null ? null : deepFreeze(door), words, presence, left, sample, settings)
    door = step.door
    return step
  })
}
const lines = (...rows: readonly Row[]): string[] =>
  steps(rows).flatMap(({ findings }) =>
    findings.map(({ phase, atMs, evidence }) => [phase, atMs / 1000, Number(evidence['times'])].join(' ')),
  )
const lastDoor = (...rows: readonly Row[]): Door | null => steps(rows).at(-1)!.door

describe('a door where none may be opened', () => {
  it('is told when it opens, and counted each time it opens again', () => {
    expect(lines([0, false], [1, true], [2, true], [3, false], [4, true], [5, null], [6, true])).toEqual([
      'started 1 1',
      'updated 1 2',
    ])
    expect(lines([0, null], [1, false])).toEqual([])
  })

  it('is remembered open until it is seen closed', () => {
    expect(lastDoor([0, false])).toBeNull()
    expect(lastDoor([1, true])).toEqual({ open: true, times: 1, fromMs: 1000, untilMs: 1000 })
    expect(lastDoor([1, true], [3, true])).toEqual({ open: true, times: 1, fromMs: 1000, untilMs: 3000 })
    expect(lastDoor([1, true], [3, null])).toEqual({ open: true, times: 1, fromMs: 1000, untilMs: 1000 })
    expect(lastDoor([1, true], [3, false])).toEqual({ open: false, times: 1, fromMs: 1000, untilMs: 3000 })
    expect(lastDoor([1, true], [3, false], [9, false])).toEqual({
      ...{ open: false, times: 1, fromMs: 1000, untilMs: 3000 },
    })
    expect(lastDoor([1, true], [3, false], [9, true])).toEqual({
      ...{ open: true, times: 2, fromMs: 1000, untilMs: 9000 },
    })
  })

  it('ends when the area is left, at the last sight of it', () => {
    const opened: Row[] = [
      [1, true],
      [3, false],
    ]
    expect(lines(...opened, [9, false, { leftS: 8 }])).toEqual(['started 1 1', 'ended 3 1'])
    expect(lines([1, true], [9, true], [12, true, { leftS: 8 }])).toEqual(['started 1 1', 'ended 8 1'])
    expect(lines([1, false], [9, false, { leftS: 8 }])).toEqual([])
    expect(lastDoor(...opened, [9, false, { leftS: 8 }])).toBeNull()
  })

  it.each<[string, Presence]>([
    ['outside', null],
    ['not proven to be inside', { is: 'touched', since: there }],
    ['inside since before the area was pushed', { is: 'waiting' }],
    ['beside the border', { is: 'in', since: there, out: there }],
  ])('says nothing while it is %s', (_, presence) => {
    expect(lines([0, true, presence])).toEqual([])
    expect(lastDoor([0, true, presence])).toBeNull()
    expect(lastDoor([1, true], [2, false, presence])).toEqual({
      ...{ open: true, times: 1, fromMs: 1000, untilMs: 1000 },
    })
  })

  it('is free where nobody forbade it', () => {
    const { doorForbidden: _, ...older } = told
    for (const words of [{ ...told, doorForbidden: false }, older]) {
      expect(steps([[0, true]], words)).toEqual([{ door: null, findings: [] }])
      const door = { open: true, times: 1, fromMs: 0, untilMs: 0 }
      expect(doorStep(door, words, null, 5000, sampleAt(9000), settings)).toEqual({
        door: null,
        findings: [],
      })
    }
  })

  it('is told with the area and how often', () => {
    const [started] = steps([[1, true]]).flatMap(({ findings }) => findings)
    expect(started).toMatchObject({
      ...{ kind: 'area', reason: 'door', phase: 'started', subject: 'B', severity: 'minor' },
      ...{ atMs: 1000, decidedAtMs: 1000 },
    })
    expect(started?.evidence).toEqual({ areaId: 'B', role: 'hub', areaName: '服务区匝道', times: 1 })
  })
})
