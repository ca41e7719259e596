import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { areas } from '../../../gateway/rules/areas.ts'
import { displacement } from '../../../gateway/rules/displacement.ts'
import { openShadowLog, type ShadowLine } from '../../../gateway/shadow/log.ts'
import { parseShadow } from '../../../gateway/shadow/watch.ts'
import type { AnyDetector } from '../../../proto/detector.ts'
import type { Alert, Sample } from '../../../proto/model.ts'
import { sampleAt } from '../../help/drive.ts'
import { connectTerminal } from '../help/clients.ts'
import { startGateway, startMs, telemetry, tempFolder } from '../help/world.ts'

const rules = [areas, displacement] as unknown as readonly AnyDetector[]

/** Ten minutes without a word, and 800 m on: nothing under 1000 m, a displacement under 500 m. */
const gap: Sample[] = [
  sampleAt(startMs, { speedKmh: 0, odometerM: 1000 }),
  sampleAt(startMs + 600_000, { speedKmh: 0, odometerM: 1800 }),
]
const later = (minute: number): Sample =>
  sampleAt(startMs + minute * 60_000, { speedKmh: 0, odometerM: 1800 })

async function world(shadowPolicy: object) {
  const folder = tempFolder()
  const start = () =>
    startGateway({
      rules,
      shadow: {
        policy: parseShadow(shadowPolicy, 'shadow.json', 'Asia/Shanghai'),
        log: openShadowLog(folder),
      },
    })
  const gateway = await start()
  const read = async <T>(url: string): Promise<T[]> => {
    await gateway.idle()
    const text = await (await fetch(`http://127.0.0.1:${gateway.ports.http}${url}`)).text()
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as T)
  }
  return { folder, gateway, read, terminal: await connectTerminal(gateway.ports.ingest) }
}

describe('a policy that is tried', () => {
  test('is told by where it differs, and alerts nobody', async () => {
    const { gateway, read, terminal, folder } = await world({ fatigue: { gapMovedM: 500 } })
    await terminal.send(telemetry(1, gap))
    // A hole: what is beyond it is not settled, and not compared.
    await terminal.send(telemetry(3, [later(30)]))
    expect(await read('/shadow')).toEqual([])
    await terminal.send(telemetry(2, [later(11), later(12)]))
    const [line, ...more] = await read<ShadowLine>('/shadow?after=0')
    expect(more).toEqual([])
    expect(line).toMatchObject({
      ...{ kind: 'shadow', cursor: 1, difference: 'added', of: 'displacement', fleet: 'f1', vehicle: 'v1' },
      ...{ inForce: null, shadow: { from: new Date(startMs + 600_000).toISOString(), to: null } },
    })
    expect(line!['policyDigest']).not.toBe(line!['shadowDigest'])
    expect(await read<Alert>('/alerts')).toEqual([])
    expect(gateway.metrics.value('shadow_differences_total', { difference: 'added' })).toBe(1)
    expect(await read('/shadow?after=1')).toEqual([])
    expect(await read('/shadow?fleet=f2')).toEqual([])
    // What was said is there for the next process, and is not said twice.
    const again = openShadowLog(folder)
    expect(again.after(0, 10, null)).toEqual([line])
    const { cursor: _cursor, id: _id, ...news } = line!
    expect([again.add(news), again.add({ ...news, vehicle: 'v2' })]).toEqual([false, true])
    expect(readFileSync(path.join(folder, 'shadow.ndjson'), 'utf8').trim().split('\n')).toHaveLength(2)
  })

  test('that is the one in force has nothing to say', async () => {
    const { read, terminal } = await world({})
    await terminal.send(telemetry(1, gap))
    await terminal.send(telemetry(2, [later(30), later(60)]))
    expect(await read('/shadow')).toEqual([])
  })

  test('is asked for where none is tried: the way to name one', async () => {
    const gateway = await startGateway()
    const response = await fetch(`http://127.0.0.1:${gateway.ports.http}/shadow`)
    expect([response.status, await response.text()]).toEqual([
      404,
      'no policy is tried; name one as shadowPolicy\n',
    ])
  })

  test('with a wrong value is told like any other file', () => {
    expect(() => parseShadow({ fatigue: { restS: 'long' } }, 'shadow.json', 'UTC')).toThrow(
      /^shadow\.json: fatigue\.restS: /,
    )
  })
})
