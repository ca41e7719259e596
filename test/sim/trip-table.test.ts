import { describe, expect, it } from 'vitest'
import { loadDocuments } from '../../sim/replay/documents.ts'

/** Replay takes the office's table of trips where it takes a trip document. */

const table = 'id,vehicle,from,to,serviceClass\nt1,v1,2026-11-22 18:00,2026-11-23 06:00,charterTour\n'
const load = (texts: Readonly<Record<string, string>>, files: object) =>
  loadDocuments(files, { read: (name) => Promise.resolve(texts[name] ?? ''), tell: () => {} })

describe('--trip with a table', () => {
  it('gives the vehicle and its trips, with local times of the zone of the policy', async () => {
    const { vehicle, trips } = await load({ 'week.csv': table }, { trip: 'week.csv' })
    expect([vehicle.id, trips[0]?.from, trips[0]?.serviceClass]).toEqual([
      'v1',
      '2026-11-22T10:00:00.000Z',
      'charterTour',
    ])
    const texts = { 'week.CSV': table, 'p.json': '{"zone":"Asia/Tokyo"}' }
    const tokyo = await load(texts, { trip: 'week.CSV', policy: 'p.json' })
    expect(tokyo.trips[0]?.from).toBe('2026-11-22T09:00:00.000Z')
  })

  it('is refused in one line where a row is no trip', async () => {
    const wrong = table.replace('charterTour', 'tour')
    await expect(load({ 'week.csv': wrong }, { trip: 'week.csv' })).rejects.toThrow(
      /^week\.csv: line 2: serviceClass: /,
    )
  })
})
