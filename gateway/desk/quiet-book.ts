import { randomUUID } from 'node:crypto'
import { isoUtc } from '../../proto/time.ts'
import type { Papers } from '../journal/papers.ts'
import type { QuietRule } from './quiet.ts'

/** The quiet rules as they are kept: one is added, one is ended, none is taken out. */
export type QuietBook = {
  readonly all: () => readonly QuietRule[]
  readonly add: (rule: NewRule, atMs: number, from: string) => QuietRule
  readonly end: (rule: QuietRule, by: string, atMs: number, from: string) => QuietRule
}
type NewRule = Omit<QuietRule, 'id' | 'at' | 'endedAt' | 'endedBy'>

export function openQuietBook(papers: Papers): QuietBook {
  const rules = new Map<string, QuietRule>()
  for (const { name, content } of papers.all('quiet'))
    rules.set(name, { ...(content as QuietRule), id: name, endedAt: null, endedBy: null })
  for (const { name, atMs, by } of papers.all('quietEnded')) {
    const rule = rules.get(name)
    if (rule !== undefined) rules.set(name, { ...rule, endedAt: isoUtc(atMs), endedBy: by })
  }
  return {
    all: () => [...rules.values()],
    add: (rule, nowMs, from) => {
      const id = randomUUID()
      const atMs = Math.round(nowMs)
      const whole = { ...rule, id, at: isoUtc(atMs), endedAt: null, endedBy: null }
      const { fleet, by } = rule
      papers.add({ kind: 'quiet', name: id, fleet, atMs, by, from, content: whole })
      rules.set(id, whole)
      return whole
    },
    end: (rule, by, nowMs, from) => {
      if (rule.endedAt !== null) return rule
      const { id, fleet } = rule
      const atMs = Math.round(nowMs)
      papers.add({ kind: 'quietEnded', name: id, fleet, atMs, by, from, content: {} })
      const ended = { ...rule, endedAt: isoUtc(atMs), endedBy: by }
      rules.set(id, ended)
      return ended
    },
  }
}
