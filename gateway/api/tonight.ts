import { z } from 'zod'
import type { Documents } from '../../proto/in-force.ts'
import { relaySeen } from '../rules/curfew.ts'
import { type TonightRow, tonightOf } from '../tonight/board.ts'
import { boardSettings } from '../tonight/board-settings.ts'
import { type Facts, fleetsOf, nameFor } from './facts.ts'
import { ok, type Route, route } from './route.ts'
import { samplesOf } from './stretch.ts'

/** Tonight's board over HTTP: the pure board over what is known of each coach. */

export type TonightDeps = {
  readonly facts: Facts
  /** What a rule knows of a vehicle. */
  readonly stateOfRule: (fleet: string, vehicle: string, rule: string) => unknown
}

const saidSchema = z.object({ zh: z.string(), en: z.string() })
const rowSchema = z.object({
  fleet: z.string(),
  vehicle: z.string(),
  plate: z.string().nullable(),
  trip: z.string().nullable(),
  line: z.string().nullable(),
  driver: z.string().nullable(),
  plan: z.enum(['stop', 'relay', 'exempt', 'none']),
  place: z.string().nullable(),
  etaAt: z.string().nullable().describe('local HH:MM'),
  verdict: z.enum(['green', 'amber', 'red']),
  why: saidSchema,
  safeStops: z.array(
    z.object({ area: z.string(), areaId: z.string(), distanceKm: z.number(), etaAt: z.string() }),
  ),
})

const worstFirst = ['red', 'amber', 'green']

export function tonightRoute({ facts, stateOfRule }: TonightDeps): Route {
  const averages = averagesOf(facts)
  return route({
    method: 'GET',
    path: '/api/v1/tonight',
    summary: 'Every coach that will still be out at 02:00, what is planned for it and whether that will hold',
    role: 'look',
    body: null,
    query: z.object({ fleet: z.string().optional() }),
    answer: z.object({ items: z.array(rowSchema), next: z.null() }),
    handle: async ({ who, query }) => {
      const fleets = new Set(fleetsOf(facts, who, 'look', query.fleet))
      const rows: TonightRow[] = []
      for (const { vehicle } of facts.vehicles()) {
        if (!fleets.has(vehicle.fleet) || vehicle.class !== 'coach') continue
        const row = await rowFor(facts, stateOfRule, averages, vehicle.fleet, vehicle.id)
        if (row !== null) rows.push({ ...row, driver: nameFor(who, row.fleet, row.driver) })
      }
      const order = ({ verdict, etaAt }: TonightRow): string =>
        `${worstFirst.indexOf(verdict)} ${etaAt ?? '99'}`
      return ok({ items: rows.toSorted((a, b) => (order(a) < order(b) ? -1 : 1)), next: null })
    },
  })
}

async function rowFor(
  facts: Facts,
  stateOfRule: TonightDeps['stateOfRule'],
  averages: Averages,
  fleet: string,
  vehicle: string,
): Promise<TonightRow | null> {
  const documents: Documents | null = facts.documents(fleet, vehicle)
  if (documents === null) return null
  const nowMs = facts.world.nowMs()
  const outlook = facts.outlook(fleet, vehicle)
  const told = outlook !== null && nowMs - outlook.atMs <= boardSettings.staleMs ? outlook.route : null
  const input = {
    ...{ documents, nowMs },
    sample: facts.lastSample(fleet, vehicle),
    toldRemainingM: told?.remainingM ?? null,
    relayed: relaySeen(stateOfRule(fleet, vehicle, 'curfew')),
  }
  // Most vehicles are not on the board at all: only those that are cost a look into the journal.
  const first = tonightOf({ ...input, averageKmh: null })
  if (first === null || input.sample === null) return first
  return tonightOf({ ...input, averageKmh: await averages(fleet, vehicle) }) ?? first
}

type Averages = (fleet: string, vehicle: string) => Promise<number | null>

const averageOverMs = 3_600_000
const keptMs = 300_000
/** Envelopes of the hour that are looked at. */
const looksMax = 20

/** The mean speed of the last hour, standing included; asked again after five minutes of the world's time. */
function averagesOf({ journal, world, lastSample }: Facts): Averages {
  const known = new Map<string, { readonly atMs: number; readonly kmh: number | null }>()
  return async (fleet, vehicle) => {
    const nowMs = world.nowMs()
    const before = known.get(`${fleet}/${vehicle}`)
    if (before !== undefined && Math.abs(nowMs - before.atMs) < keptMs) return before.kmh
    const toMs = lastSample(fleet, vehicle)?.atMs ?? nowMs
    const stretch = { fleet, vehicle, fromMs: toMs - averageOverMs, toMs, envelopesMax: looksMax }
    const speeds = (await samplesOf(journal, stretch)).flatMap(({ speedKmh }) => speedKmh ?? [])
    const kmh = speeds.length === 0 ? null : speeds.reduce((sum, one) => sum + one, 0) / speeds.length
    known.set(`${fleet}/${vehicle}`, { atMs: nowMs, kmh })
    return kmh
  }
}
