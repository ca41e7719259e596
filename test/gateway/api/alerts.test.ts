import { cpSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, test } from 'vitest'
import type { Gateway } from '../../../gateway/gateway.ts'
import { emptyGroup } from '../../../gateway/journal.ts'
import { alarm, rowOf, startMs } from '../help/envelopes.ts'
import { alertOf, ask, drive, furnish } from './desk-office.ts'

type Page = {
  items: { alert: { id: string; fleet: string; severity: string }; status: string }[]
  next: string | null
}
const ids = ({ items }: Page): number[] => items.map(({ alert }) => Number.parseInt(alert.id, 16))

/** Alerts 1 to 40: every second in fleet f2, every fifth critical, every tenth withdrawn later. */
async function filled() {
  const office = furnish()
  const alerts = Array.from({ length: 40 }, (_, i) =>
    alertOf(i + 1, {
      fleet: i % 2 === 0 ? 'f1' : 'f2',
      severity: i % 5 === 0 ? 'critical' : 'minor',
      kind: i % 4 === 0 ? 'curfew' : 'speeding',
    }),
  )
  const withdrawn = alerts
    .filter((_, i) => i % 10 === 9)
    .map((one) => ({ ...one, revision: 2, withdrawn: true }))
  await office.journal.append({ ...emptyGroup, alerts: [...alerts, ...withdrawn] })
  return { ...office, alerts }
}

describe('lists', () => {
  test('newest first, page by page, each alert once, however the pages are cut', async () => {
    const { start } = await filled()
    const gateway = await start()
    for (const limit of [1, 7, 39, 40, 41, 100]) {
      const seen: number[] = []
      for (let after = ''; ; ) {
        const { value } = await ask<Page>(gateway, `/alerts?limit=${limit}${after}`)
        seen.push(...ids(value))
        if (value.next === null) break
        after = `&after=${value.next}`
      }
      expect(seen).toEqual(Array.from({ length: 40 }, (_, i) => 40 - i))
    }
  })

  test('each filter, and each with another, finds what a look at all of them finds', async () => {
    const { start } = await filled()
    const gateway = await start()
    const filters: readonly (readonly [string, (i: number) => boolean])[] = [
      ['fleet=f1', (i) => i % 2 === 0],
      ['fleet=f2&severity=critical', (i) => i % 2 === 1 && i % 5 === 0],
      ['severity=critical,minor&kind=curfew', (i) => i % 4 === 0],
      ['kind=curfew,speeding', () => true],
      ['open=1', (i) => i % 10 !== 9],
      ['fleet=f9', () => false],
      ['vehicle=v1', () => true],
      ['vehicle=v2', () => false],
      [`from=${startMs + 10 * 60_000}&to=${startMs + 20 * 60_000}`, (i) => i + 1 >= 10 && i + 1 < 20],
    ]
    for (const [query, wanted] of filters) {
      const { value } = await ask<Page>(gateway, `/alerts?${query}`)
      const expected = Array.from({ length: 40 }, (_, i) => i).filter(wanted)
      expect(ids(value), query).toEqual(expected.map((i) => i + 1).reverse())
    }
  })

  test('what is not usable is refused by its field', async () => {
    const gateway = await furnish().start()
    for (const query of ['limit=0', 'limit=x', 'severity=bad', 'from=yesterday', 'after=7', 'open=2']) {
      const { status, value } = await ask<{ field: string }>(gateway, `/alerts?${query}`)
      expect([status, value.field]).toEqual([400, query.split('=')[0]])
    }
  })

  test('what is settled is not open any more, also after a restart, and what came before it is found once', async () => {
    const first = await filled()
    const gateway = await first.start()
    const [alert] = await first.journal.alertsAfter(0, 1, null)
    await ask(gateway, '/alerts?open=1')
    const settle = { atMs: startMs, by: 'x', action: 'falseAlarm', words: 'no' } as const
    first.deps.register!.note({ alert: alert!, ...settle })
    const look = async (at: Gateway): Promise<void> => {
      const { value } = await ask<Page>(at, '/alerts?open=1')
      expect(ids(value)).not.toContain(Number.parseInt(alert!.id, 16))
      expect(ids(value)).toHaveLength(35)
      const { value: all } = await ask<Page>(at, '/alerts')
      expect(ids(all)).toEqual(Array.from({ length: 40 }, (_, i) => 40 - i))
      expect(all.items.at(-1)?.status).toBe('falseAlarm')
    }
    await look(gateway)
    await gateway.close()
    const second = furnish(undefined, first.folder)
    const [, next] = await second.journal.alertsAfter(0, 2, null)
    const again = await second.start()
    await look(again)
    // What is settled after it is, too: the index follows on from where it was.
    second.deps.register!.note({ alert: next!, ...settle })
    const { value } = await ask<Page>(again, '/alerts?open=1')
    expect(ids(value)).toHaveLength(34)
  })

  test('a journal restored from a copy is told as it is: what came after the copy is not in it any more', async () => {
    const first = await filled()
    const data = path.join(first.folder, 'data')
    const copy = path.join(first.folder, 'copy')
    await (await first.start()).close()
    cpSync(data, copy, { recursive: true })
    const second = furnish(undefined, first.folder)
    await second.journal.append({ ...emptyGroup, alerts: [alertOf(41), alertOf(42)] })
    const ahead = await second.start()
    const { value: before } = await ask<Page>(ahead, '/alerts?limit=2')
    expect(ids(before)).toEqual([42, 41])
    await ahead.close()
    // The index is no part of what people copy: it stays where it was, ahead of all that is there now.
    for (const name of readdirSync(data))
      if (!name.startsWith('alert-index.db')) rmSync(path.join(data, name), { recursive: true })
    const keep = (source: string): boolean => !path.basename(source).startsWith('alert-index.db')
    cpSync(copy, data, { recursive: true, filter: keep })
    const third = furnish(undefined, first.folder)
    const restored = await third.start()
    const { value: after } = await ask<Page>(restored, '/alerts?limit=2')
    expect(ids(after)).toEqual([40, 39])
    await third.journal.append({ ...emptyGroup, alerts: [alertOf(43)] })
    const { value: next } = await ask<Page>(restored, '/alerts?limit=2')
    expect(ids(next)).toEqual([43, 40])
  })
})

describe('one alert', () => {
  test('comes with its case, its vehicle, the driver and what the cab said', async () => {
    const { start, journal } = furnish()
    await drive(journal, 3)
    const said = alarm(1, { kind: 'fatigue-warning' }, null)
    await journal.append({ ...emptyGroup, envelopes: [rowOf(said)], alerts: [alertOf(1)] })
    const { value } = await ask(await start(), `/alerts/${alertOf(1).id}`)
    expect(value).toMatchObject({
      alert: { id: alertOf(1).id, driver: '张三' },
      case: { status: 'raised' },
      vehicleState: { vehicle: 'v1', speedKmh: 60 + (179 % 40) },
      driver: { name: '张三' },
      cabSaid: [{ by: 'terminal', what: 'fatigue-warning' }],
    })
  })

  test('its chart reaches 15 minutes before and after, with the limit of each second', async () => {
    const { start, journal } = furnish()
    await drive(journal, 60)
    await journal.append({ ...emptyGroup, alerts: [alertOf(30)] })
    const { value } = await ask<{
      atMs: number[]
      limitKmh: (number | null)[]
      speedKmh: number[]
      lon: number[]
    }>(await start(), `/alerts/${alertOf(30).id}/series`)
    expect(value.atMs[0]).toBe(startMs + 15 * 60_000)
    expect(value.atMs.at(-1)).toBe(startMs + 45 * 60_000)
    expect(value.atMs).toHaveLength(1801)
    expect(new Set(value.limitKmh).size).toBeGreaterThan(0)
    expect(value.limitKmh.every((limit) => limit !== null)).toBe(true)
    expect(value.speedKmh[0]).toBe(60 + (900 % 40))
  })

  test('one that has ended tells when and where it began, and is drawn from there', async () => {
    const { start, journal } = furnish()
    await drive(journal, 90)
    const began = alertOf(20)
    const { at } = alertOf(70)
    const end = {
      ...began,
      phase: 'ended',
      revision: 2,
      at,
      decidedAt: at,
      place: { lat: 31, lon: 121 },
    } as const
    // Of the second nothing but its end was heard.
    await journal.append({ ...emptyGroup, alerts: [began, end, alertOf(71, { phase: 'ended' })] })
    const gateway = await start()
    const { value } = await ask(gateway, `/alerts/${began.id}`)
    expect(value).toMatchObject({ alert: { at }, begun: { at: began.at, place: began.place } })
    const series = await ask<{ atMs: number[] }>(gateway, `/alerts/${began.id}/series`)
    expect(series.value.atMs[0]).toBe(startMs + 5 * 60_000)
    expect(series.value.atMs.at(-1)).toBe(startMs + 85 * 60_000)
    expect((await ask(gateway, `/alerts/${alertOf(71).id}`)).value['begun']).toBe(null)
  })

  test('its evidence is one signed file', async () => {
    const { start, journal } = furnish()
    await drive(journal, 3)
    await journal.append({ ...emptyGroup, alerts: [alertOf(1)] })
    const { value, headers } = await ask<{ is: string; alert: { id: string }; streams: unknown[] }>(
      await start(),
      `/alerts/${alertOf(1).id}/evidence`,
    )
    expect(headers.get('content-disposition')).toBe(`attachment; filename*=UTF-8''${alertOf(1).id}.json`)
    expect(value).toMatchObject({ is: 'evidence', alert: { id: alertOf(1).id } })
    expect(value.streams).toHaveLength(1)
  })

  test('what is no id is no alert', async () => {
    const gateway = await furnish().start()
    for (const id of ['0', 'f'.repeat(32), '%2e%2e', `${alertOf(1).id}x`])
      expect((await ask(gateway, `/alerts/${id}`)).status, id).toBe(404)
  })
})

test('the API says of itself what OpenAPI 3.1 can be checked by', async () => {
  const { start } = furnish()
  const { value } = await ask<{ paths: { [path: string]: object } }>(await start(), '/openapi.json')
  const checked = await new Validator().validate(structuredClone(value) as Record<string, unknown>)
  expect(checked).toMatchObject({ valid: true })
  expect(Object.keys(value.paths)).toContain('/api/v1/alerts/{id}/series')
})
