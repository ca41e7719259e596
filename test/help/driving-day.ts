import type { Finding, Sample, SpeedSource } from '../../proto/model.ts'
import type { PolicyFile } from '../../proto/policy.ts'
import type { VehicleClass } from '../../proto/shapes/vehicle.ts'
import { beijing, sampleAt } from './drive.ts'

/** Driving-time cases as a safety officer writes them: `11:45 stands`, `d2 07:00 drives, driver B`. */

export type DrivingCase = {
  readonly title: string
  readonly vehicle?: VehicleClass
  readonly policy?: PolicyFile
  readonly everyS?: readonly number[]
  readonly drive: readonly string[]
  /** Every finding that starts, with its instant. */
  readonly starts: readonly string[]
  /** Every finding that ends; not looked at when absent. */
  readonly ends?: readonly string[]
  /** Every change of an open finding, with the instant at which that had started. */
  readonly worsens?: readonly string[]
  /** `12:04:59 4:04:59`: what the finding of that instant had on its clock then. */
  readonly driven?: string
}

export type CaseFile = {
  readonly about: string
  readonly everyS: readonly number[]
  readonly cases: readonly DrivingCase[]
}

const days = '2026-11-21'

/** `d2 07:00:00` (the day of the first line is d1) as an instant. */
export function instant(text: string): number {
  const match = /^(?:d(\d+) )?(\d\d):(\d\d)(?::(\d\d(?:\.\d+)?))?$/.exec(text)
  if (match === null) throw new Error(`not an instant: ${text}`)
  const [, day = '1', h, min, s = '0'] = match
  return (
    beijing(`${days} 00:00:00`) +
    (((Number(day) - 1) * 24 + Number(h)) * 60 + Number(min)) * 60_000 +
    Number(s) * 1000
  )
}

type Setting = {
  speedKmh: number | null
  source: SpeedSource
  driver: string | null
  silent: boolean
  trusted: boolean
  odometerM: number | null
}

type Line = { atMs: number; words: readonly string[] }

function lineOf(text: string): Line {
  const match = /^((?:d\d+ )?\d\d:\d\d(?::\d\d(?:\.\d+)?)?) (.+)$/.exec(text)
  if (match === null) throw new Error(`not a line of a drive: ${text}`)
  return { atMs: instant(match[1]!), words: match[2]!.split(', ') }
}

function apply(now: Setting, words: string): Setting {
  const number = Number(/-?\d+(\.\d+)?/.exec(words)?.[0] ?? Number.NaN)
  if (words === 'drives') return { ...now, speedKmh: 80 }
  if (words === 'stands') return { ...now, speedKmh: 0 }
  if (words === 'speed unknown') return { ...now, speedKmh: null }
  if (words.startsWith('creeps at ')) return { ...now, speedKmh: number }
  if (words === 'by wheel') return { ...now, source: 'wheel' }
  if (words === 'by gnss') return { ...now, source: 'gnss' }
  if (words === 'no driver') return { ...now, driver: null }
  if (words.startsWith('driver ')) return { ...now, driver: words.slice(7) }
  if (words === 'silent') return { ...now, silent: true }
  if (words === 'back') return { ...now, silent: false }
  if (words === 'back at an unknown place') return { ...now, silent: false, odometerM: null }
  if (words.startsWith('back after '))
    return { ...now, silent: false, odometerM: (now.odometerM ?? 0) + number * 1000 }
  if (words === 'clock untrusted') return { ...now, trusted: false }
  if (words === 'clock trusted') return { ...now, trusted: true }
  throw new Error(`unknown words: ${words}`)
}

/** Samples every `everyS`, and at every line's own instant. The odometer stands still except over a silence. */
export function samplesOf(drive: readonly string[], everyS: number): Sample[] {
  const lines = drive.map(lineOf)
  let now: Setting = {
    speedKmh: 0,
    source: 'wheel',
    driver: null,
    silent: false,
    trusted: true,
    odometerM: 0,
  }
  const samples: Sample[] = []
  for (const [index, line] of lines.entries()) {
    if (line.words[0] === 'end') {
      samples.push(sample(line.atMs, now))
      break
    }
    for (const words of line.words) now = apply(now, words)
    const next = lines[index + 1]?.atMs ?? line.atMs + 1
    if (next <= line.atMs) throw new Error(`lines out of order: ${drive[index]}`)
    if (now.silent) continue
    for (let atMs = line.atMs; atMs < next; atMs += everyS * 1000) samples.push(sample(atMs, now))
  }
  return samples
}

function sample(atMs: number, now: Setting): Sample {
  const { speedKmh, driver, trusted, odometerM } = now
  return sampleAt(atMs, {
    speedKmh,
    speedSource: speedKmh === null ? null : now.source,
    driver,
    trusted,
    odometerM,
  })
}

/** A finding in the words of the cases, as far as `like` asks for it. */
export function told(finding: Finding, like: string): string {
  const asked = like.split(' ')
  const words = [clock(finding.atMs), finding.kind]
  if (finding.reason !== null) words.push(finding.reason)
  if (asked.includes('by')) words.push(`by ${finding.subject}`)
  for (const word of ['info', 'minor', 'major', 'critical'])
    if (asked.includes(word)) words.push(finding.severity)
  for (const word of ['to-verify', 'sufficient']) if (asked.includes(word)) words.push(finding.grade)
  if (asked.includes('unconfirmed')) words.push(finding.driver === null ? 'unconfirmed' : 'confirmed')
  return words.join(' ')
}

/** The line of a case with its instant written out. */
export function written(line: string): string {
  const match = /^((?:d\d+ )?\d\d:\d\d(?::\d\d(?:\.\d+)?)?) (.+)$/.exec(line)
  if (match === null) throw new Error(`not a finding: ${line}`)
  return `${clock(instant(match[1]!))} ${match[2]}`
}

function clock(atMs: number): string {
  const ms = atMs - beijing(`${days} 00:00:00`)
  const day = Math.floor(ms / 86_400_000)
  const rest = new Date(ms - day * 86_400_000).toISOString().slice(11, 23)
  return `d${day + 1} ${rest.endsWith('.000') ? rest.slice(0, 8) : rest}`
}
