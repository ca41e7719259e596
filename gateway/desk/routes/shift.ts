import { z } from 'zod'
import { isoUtc } from '../../../proto/time.ts'
import { idPattern } from '../../../proto/topics.ts'
import { may, ok, problem, type Route, route } from '../../api/route.ts'
import type { KeptPaper } from '../../journal/papers.ts'
import { rosterSchema } from '../roster.ts'
import type { RouteDeps } from './deps.ts'
import { actorIn, listOf, nameless, notYours, pageOf, sees } from './pages.ts'
import { idSchema, pageQuery } from './schemas.ts'

/** What one shift tells the next, and who is told when nobody answers. */

const noteSchema = z.object({
  id: z.string(),
  fleet: z.string(),
  at: z.string(),
  by: z.string(),
  from: z.string(),
  words: z.string(),
})
const newNoteSchema = z.strictObject({ fleet: idSchema, words: z.string().trim().min(1).max(2000) })

export function shiftRoutes(deps: RouteDeps): readonly Route[] {
  return [...noteRoutes(deps), ...rosterRoutes(deps)]
}

const noteOf = ({ cursor, fleet, atMs, by, from, content }: KeptPaper): z.infer<typeof noteSchema> => ({
  ...{ id: String(cursor), fleet, at: isoUtc(atMs), by, from },
  words: String(content),
})

function noteRoutes({ register: { papers }, world }: RouteDeps): readonly Route[] {
  const path = '/api/v1/notes'
  return [
    route({
      ...{ method: 'GET', path, summary: 'Shift notes, newest first', role: 'look', body: null },
      ...{ query: pageQuery, answer: listOf(noteSchema) },
      handle: ({ who, query }) => {
        const mine = sees(who, 'look', query.fleet)
        const read = (below: number, limit: number) => papers.before('note', below, limit)
        const shown = (paper: KeptPaper) => (mine(paper.fleet) ? noteOf(paper) : null)
        return ok(pageOf(query, Number.MAX_SAFE_INTEGER, read, shown))
      },
    }),
    route({
      ...{ method: 'POST', path, summary: 'Tell the next shift', role: 'act' },
      ...{ body: newNoteSchema, query: null, answer: noteSchema },
      handle: ({ who, from, body: { fleet, words } }) => {
        if (!may(who, fleet, 'act')) return problem(403, 'fleet', notYours)
        const actor = actorIn({ who, from }, fleet)
        if (actor === null) return problem(400, 'by', nameless)
        const atMs = Math.round(world.nowMs())
        const paper = { name: '', fleet, atMs, by: actor.by, from, content: words }
        return ok(noteOf(papers.add({ kind: 'note', ...paper })))
      },
    }),
  ]
}

const rosterAnswer = z.object({ fleet: z.string(), levels: z.array(rosterSchema.shape.levels.element) })

function rosterRoutes({ rosters }: RouteDeps): readonly Route[] {
  if (rosters === null) return []
  const path = '/api/v1/roster/:fleet'
  return [
    route({
      ...{ method: 'GET', path, summary: 'Who is told when, level by level; none: nobody', role: 'act' },
      ...{ body: null, query: null, answer: rosterAnswer },
      handle: ({ who, params: { fleet = '' } }) => {
        if (!may(who, fleet, 'act')) return problem(403, 'fleet', notYours)
        return ok({ fleet, levels: rosters.of(fleet)?.levels ?? [] })
      },
    }),
    route({
      ...{ method: 'PUT', path, summary: 'Replace the roster of a fleet', role: 'supervise' },
      ...{ body: rosterSchema, query: null, answer: rosterAnswer },
      handle: ({ who, params: { fleet = '' }, body }) => {
        if (!idPattern.test(fleet) || !may(who, fleet, 'supervise')) return problem(403, 'fleet', notYours)
        rosters.put(fleet, body)
        return ok({ fleet, levels: body.levels })
      },
    }),
  ]
}
