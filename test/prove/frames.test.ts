import { describe, expect, it } from 'vitest'
import { proveFrames } from './frames.ts'

describe('the proof of frames', () => {
  it('reads every frame and every epoch, and looks at the memory on the way', () => {
    const lines: string[] = []
    const report = proveFrames(60_000, 1, (line) => lines.push(line))
    expect(report.frames).toBeGreaterThanOrEqual(60_000)
    expect(report.samples).toBe(report.epochs)
    expect(report.looks.length).toBeGreaterThan(20)
    expect(lines).toHaveLength(report.looks.length)
    // So short a run breathes; whether it grows is for the long one to say.
    expect(report.complaints.filter((line) => !line.startsWith('grew'))).toEqual([])
  })
})
