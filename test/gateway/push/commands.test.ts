import { describe, expect, test } from 'vitest'
import type { Peer } from '../../../gateway/broker.ts'
import { commandDigest, createCommands } from '../../../gateway/push/commands.ts'
import { openWaiting, type WaitingStore } from '../../../gateway/push/waiting.ts'
import { decodeDocumentPart } from '../../../proto/codec.ts'
import { tempFolder } from '../help/world.ts'

type Sent = { topic: string; words: string; version: number; digest: string }

function cab(vehicle = 'v1') {
  const sent: Sent[] = []
  let closed = false
  const peer: Peer = {
    fleet: 'f1',
    vehicle,
    closed: () => closed,
    hears: () => true,
    send: (topic, payload, done) => {
      const part = decodeDocumentPart(payload)
      if (!part.ok) throw new Error(part.reason)
      const { content, version, digest } = part.value
      sent.push({ topic, words: Buffer.from(content).toString(), version, digest })
      done?.()
    },
  }
  return { peer, sent, leave: () => (closed = true) }
}

function desk(waiting?: WaitingStore, fromMs = 1_000_000) {
  const clock = { nowMs: fromMs }
  const signed: string[] = []
  const sign = (text: string): Uint8Array => {
    signed.push(text)
    return new Uint8Array(64)
  }
  return {
    clock,
    signed,
    commands: createCommands({
      sign,
      nowMs: () => clock.nowMs,
      ...(waiting === undefined ? {} : { waiting }),
    }),
  }
}

describe('words to a cab', () => {
  test('go to a terminal that listens, signed for it alone, under numbers that grow', () => {
    const { commands, signed } = desk()
    const { peer, sent } = cab()
    commands.listens(peer)
    expect(commands.say('f1', 'v1', '请减速')).toBe('sent')
    expect(commands.say('f1', 'v1', '请减速')).toBe('sent')
    expect(sent.map(({ topic, words }) => [topic, words])).toEqual(
      Array.from({ length: 2 }, () => ['rw/v1/f1/v1/command', '{"say":"请减速"}']),
    )
    expect(sent[1]!.version).toBeGreaterThan(sent[0]!.version)
    expect(sent[0]!.digest).toBe(commandDigest('请减速'))
    expect(signed[0]).toContain('f1\nv1\ncommand\n')
  })

  test.each([
    [600_000, 1],
    [600_001, 0],
  ])('wait for one that is away: after %i ms it hears %i', (afterMs, heard) => {
    const { commands, clock } = desk()
    expect(commands.say('f1', 'v1', '先')).toBe('waiting')
    expect(commands.say('f1', 'v1', '后')).toBe('waiting')
    expect(commands.waiting()).toBe(1)
    clock.nowMs += afterMs
    const { peer, sent } = cab()
    commands.listens(peer)
    commands.listens(peer)
    expect(sent.map(({ words }) => words)).toEqual(Array(heard).fill('{"say":"后"}'))
  })

  test('reach neither another vehicle nor a connection that is gone', () => {
    const { commands } = desk()
    const other = cab('v2')
    const gone = cab()
    commands.listens(other.peer)
    commands.listens(gone.peer)
    gone.leave()
    expect(commands.say('f1', 'v1', '请减速')).toBe('waiting')
    expect([...other.sent, ...gone.sent]).toEqual([])
  })

  test.each([
    [600_000, 1],
    [600_001, 0],
  ])('outlive the gateway that took them: after a restart and %i ms the cab hears %i', (afterMs, heard) => {
    const dataDir = tempFolder()
    const before = desk(openWaiting(dataDir))
    expect(before.commands.say('f1', 'v1', '请减速')).toBe('waiting')
    expect(before.commands.say('f1', 'v2', '请休息')).toBe('waiting')
    const { commands, signed } = desk(openWaiting(dataDir), 1_000_000 + afterMs)
    const { peer, sent } = cab()
    commands.listens(peer)
    expect(sent.map(({ words }) => words)).toEqual(Array(heard).fill('{"say":"请减速"}'))
    expect(signed).toHaveLength(heard)
    // Once: what was handed over waits no more, whoever starts next; words to others wait on.
    const third = desk(openWaiting(dataDir), 1_000_000 + afterMs)
    third.commands.listens(peer)
    expect(sent).toHaveLength(heard)
    const other = cab('v2')
    third.commands.listens(other.peer)
    expect(other.sent).toHaveLength(heard)
  })

  test('have numbers above those of before the restart, though the clock of the host went back', () => {
    const dataDir = tempFolder()
    const before = desk(openWaiting(dataDir), 2_000_000)
    before.commands.say('f1', 'v2', '先')
    const { commands } = desk(openWaiting(dataDir), 1_500_000)
    const { peer, sent } = cab()
    commands.listens(peer)
    commands.say('f1', 'v1', '后')
    expect(sent[0]!.version).toBeGreaterThan(2_000_000)
  })
})
