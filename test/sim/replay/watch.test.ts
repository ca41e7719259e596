import { expect, it } from 'vitest'
import { bareDocuments } from '../../../device/documents.ts'
import { settingsAt } from '../../../proto/in-force.ts'
import { defaultVehicle } from '../../../proto/shapes/vehicle.ts'
import type { Line } from '../../../sim/replay/engine.ts'
import { createWatch } from '../../../sim/replay/watch.ts'
import { beijing, cruise } from '../../help/drive.ts'

const start = beijing('2026-11-22 14:00:00')
const documents = bareDocuments({ ...defaultVehicle, plate: '湘A12345' })
const samples = cruise(start, start + 130_000, { speedKmh: 110, driver: 'A' })

function watched(isTerminal: boolean, columns = 200) {
  let text = ''
  const slept: number[] = []
  let nowMs = 0
  const watch = createWatch({
    write: (part) => {
      text += part
    },
    isTerminal,
    columns,
    speed: 60,
    sleep: (ms) => {
      slept.push(ms)
      nowMs += ms
    },
    nowMs: () => nowMs,
  })
  for (const sample of samples)
    watch.seen({ sample, settings: settingsAt(documents, sample.atMs), states: {} })
  const found = {
    at: 'AT',
    phase: 'started',
    severity: 'major',
    kind: 'speeding',
    explain: { zh: '超速', en: 'too fast' },
  }
  watch.printed(found as unknown as Line)
  watch.end()
  return { text, slept }
}

it('without a terminal prints a line a minute and each finding, no control characters', () => {
  const { text } = watched(false)
  expect(text.trim().split('\n')).toEqual([
    expect.stringMatching(/^2026-11-22 14:00:00 {2}110\/100 km\/h \(class\) {2}left: drive 4:00/),
    expect.stringMatching(/^2026-11-22 14:01:00 /),
    expect.stringMatching(/^2026-11-22 14:02:00 /),
    'AT started major    speeding  超速  too fast',
  ])
  expect(text).not.toContain('\x1b')
})

it('on a terminal redraws its lines, cut to its width, and keeps findings above them', () => {
  const { text } = watched(true, 30)
  const pictures = text.split('\x1b[J').slice(1)
  expect(pictures.length).toBeGreaterThan(5)
  for (const picture of pictures)
    for (const line of picture.split('\n'))
      if (!line.startsWith('AT ')) expect([...line].length).toBeLessThanOrEqual(30)
  expect(text).toContain('AT started major    speeding  超速  too fast\n')
  expect(watched(true).text).toContain('OVER')
})

it('paces the road by the clock', () => {
  const { slept } = watched(false)
  expect(slept.reduce((sum, ms) => sum + ms, 0)).toBeCloseTo(129_000 / 60, 3)
})
