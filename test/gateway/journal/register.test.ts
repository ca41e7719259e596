import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openRegister, type Register, sinceSql } from '../../../gateway/journal/register.ts'
import type { Alert } from '../../../proto/model.ts'
import { tempFolder } from '../help/world.ts'

const dayMs = 86_400_000
const startMs = Date.parse('2026-11-22T18:10:00Z')
const idOf = (n: number): string => n.toString(16).padStart(32, '0')
const alertOf = (n: number, more: Partial<Alert> = {}): Alert =>
  ({ id: idOf(n), fleet: 'f1', vehicle: 'v1', kind: 'curfew', ...more }) as Alert

function open(dataDir: string): Register {
  const register = openRegister(dataDir)
  onTestFinished(() => {
    try {
      register.close()
    } catch {
      // A test that restarts has closed it.
    }
  })
  return register
}

const doing = (register: Register) => {
  return (n: number, action: string, more: Partial<Parameters<Register['note']>[0]> = {}) =>
    register.note({ alert: alertOf(n), atMs: startMs, by: '王五', words: '', action, ...more })
}
const road = ['acknowledge', 'assign', 'rectify', 'verify', 'close']

describe('the register', () => {
  test('knows after a restart every line as it was written', () => {
    const dataDir = tempFolder()
    const first = open(dataDir)
    const fields = { responsible: '李四', deadlineAt: '2026-11-25T00:00:00Z', acceptance: '三日内无超速' }
    doing(first)(1, 'acknowledge', { from: '10.0.0.7', role: 'officer' })
    doing(first)(1, 'assign', { role: 'supervisor', fields })
    const before = first.of(idOf(1))
    first.close()
    const again = open(dataDir)
    expect(again.of(idOf(1))).toEqual(before)
    expect(before[1]).toMatchObject({ role: 'supervisor', fields, action: 'assign' })
    expect(again.standing(idOf(1))).toEqual({
      ...{ alertId: idOf(1), fleet: 'f1', kind: 'curfew', status: 'assigned', revision: 2, cursor: 2 },
    })
  })

  test('reads a register of before there were roles, fields and standings, and goes on in it', () => {
    const dataDir = tempFolder()
    const old = new DatabaseSync(path.join(dataDir, 'register.db'))
    old.exec(`CREATE TABLE handling (
      id INTEGER PRIMARY KEY, alert_id TEXT NOT NULL, at INTEGER NOT NULL, by_name TEXT NOT NULL,
      action TEXT NOT NULL, words TEXT NOT NULL, alert TEXT NOT NULL) STRICT`)
    const insert = old.prepare(
      'INSERT INTO handling (alert_id, at, by_name, action, words, alert) VALUES (?, ?, ?, ?, ?, ?)',
    )
    for (const action of ['warned', 'acknowledge', 'assign'])
      insert.run(idOf(1), startMs, 'li', action, '李四，周五前', JSON.stringify(alertOf(1)))
    insert.run(idOf(2), startMs, 'li', 'falseAlarm', '隧道', JSON.stringify(alertOf(2)))
    old.close()
    const register = open(dataDir)
    expect(register.of(idOf(1)).map(({ action }) => action)).toEqual(['warned', 'acknowledge', 'assign'])
    expect(register.standing(idOf(1))).toMatchObject({ status: 'assigned', revision: 2, cursor: 3 })
    expect([1, 2].map((n) => register.isHandled(idOf(n)))).toEqual([false, true])
    for (const action of road.slice(2)) doing(register)(1, action)
    expect(register.isHandled(idOf(1))).toBe(true)
  })

  test('mends where cases stand when lines were appended by a program that knows nothing of it', () => {
    const dataDir = tempFolder()
    const first = open(dataDir)
    doing(first)(1, 'acknowledge')
    first.close()
    const other = new DatabaseSync(path.join(dataDir, 'register.db'))
    other.exec(`INSERT INTO handling (alert_id, at, by_name, action, words, alert)
      SELECT alert_id, at, 'li', 'falseAlarm', '隧道', alert FROM handling`)
    other.close()
    expect(open(dataDir).standing(idOf(1))).toMatchObject({ status: 'falseAlarm', revision: 2 })
  })

  test('handled is closed, consolidated or a false alarm, and no longer so when it is opened again', () => {
    const register = open(tempFolder())
    const act = doing(register)
    expect(register.isHandled(idOf(1))).toBe(false)
    for (const action of road) {
      expect(register.isHandled(idOf(1)), `before ${action}`).toBe(false)
      act(1, action)
    }
    expect(register.isHandled(idOf(1))).toBe(true)
    act(1, 'lookBack', { fields: { held: true } })
    expect(register.isHandled(idOf(1))).toBe(true)
    act(1, 'reopen')
    expect(register.isHandled(idOf(1))).toBe(false)
    act(1, 'falseAlarm')
    expect(register.isHandled(idOf(1))).toBe(true)
    act(2, 'note')
    expect(register.isHandled(idOf(2))).toBe(false)
  })

  test('superseded is handled when what it went on under is; a ring never is', () => {
    const register = open(tempFolder())
    const act = doing(register)
    const into = (n: number, successor: number) =>
      act(n, 'supersede', { fields: { successor: idOf(successor) } })
    into(1, 2)
    into(2, 3)
    expect(register.isHandled(idOf(1))).toBe(false)
    act(3, 'falseAlarm')
    expect([1, 2, 3].map((n) => register.isHandled(idOf(n)))).toEqual([true, true, true])
    into(4, 5)
    into(5, 4)
    expect(register.isHandled(idOf(4))).toBe(false)
  })

  test('lists cases by their last step, of one status or of all', () => {
    const register = open(tempFolder())
    const act = doing(register)
    for (const n of [1, 2, 3]) act(n, 'acknowledge')
    act(1, 'assign')
    const numbers = (after: number, limit: number, status?: 'acknowledged' | 'assigned') =>
      register.handledAfter(after, limit, status).map(({ alertId }) => Number.parseInt(alertId, 16))
    expect(numbers(0, 10)).toEqual([2, 3, 1])
    expect(numbers(2, 10)).toEqual([3, 1])
    expect(numbers(0, 2)).toEqual([2, 3])
    expect(numbers(0, 10, 'acknowledged')).toEqual([2, 3])
    expect(numbers(0, 10, 'assigned')).toEqual([1])
    expect(numbers(4, 10)).toEqual([])
  })

  test('finds decisions by kind and time, in the order they were made, without reading every line', () => {
    const dataDir = tempFolder()
    const register = open(dataDir)
    const note = doing(register)
    note(1, 'approveDetour', { atMs: startMs - 1 })
    note(2, 'acknowledge')
    note(3, 'approveDetour', { atMs: startMs + 2 })
    note(4, 'revokeDetour', { atMs: startMs + 2 })
    note(5, 'approveDetour', { atMs: startMs })
    const found = (action: Parameters<Register['since']>[0]) =>
      register.since(action, startMs).map(({ alert }) => Number.parseInt(alert.id, 16))
    expect(found('approveDetour')).toEqual([3, 5])
    expect(found('revokeDetour')).toEqual([4])
    expect(found('attributeDriver')).toEqual([])
    const db = new DatabaseSync(path.join(dataDir, 'register.db'), { readOnly: true })
    const plan = db.prepare(`EXPLAIN QUERY PLAN ${sinceSql}`).all('approveDetour', startMs)
    db.close()
    expect(String(plan[0]?.['detail'])).toBe(
      'SEARCH handling USING INDEX handling_decided (action=? AND at>?)',
    )
  })

  test('lets no line be altered', () => {
    const dataDir = tempFolder()
    const register = open(dataDir)
    doing(register)(1, 'acknowledge')
    register.papers.add({
      ...{ kind: 'note', name: '', fleet: 'f1', atMs: startMs, by: '王五', from: '' },
      content: '交班',
    })
    const db = new DatabaseSync(path.join(dataDir, 'register.db'))
    onTestFinished(() => db.close())
    expect(() => db.exec("UPDATE handling SET by_name = 'nobody'")).toThrow('never altered')
    expect(() => db.exec("UPDATE paper SET content = '1'")).toThrow('never altered')
    expect(register.of(idOf(1))[0]?.by).toBe('王五')
  })

  test('writes all that belongs together, or nothing of it', () => {
    const register = open(tempFolder())
    const act = doing(register)
    expect(() =>
      register.together(() => {
        act(1, 'acknowledge')
        throw new Error('power cut')
      }),
    ).toThrow('power cut')
    expect(register.of(idOf(1))).toEqual([])
    register.together(() => [1, 2].map((n) => act(n, 'acknowledge')))
    expect(register.handledAfter(0, 10)).toHaveLength(2)
  })

  test('forgets whole settled cases alone, by their last step', () => {
    const register = open(tempFolder())
    const act = doing(register)
    act(1, 'acknowledge')
    act(1, 'falseAlarm', { atMs: startMs + 10 * dayMs })
    act(2, 'acknowledge')
    expect(register.forgetBefore(startMs + 10 * dayMs)).toBe(0)
    expect(register.forgetBefore(startMs + 10 * dayMs + 1)).toBe(2)
    expect(register.of(idOf(1))).toEqual([])
    expect(register.standing(idOf(1))).toBeNull()
    // Nobody settled it: it is not old.
    expect(register.of(idOf(2))).toHaveLength(1)
  })

  test('keeps papers newest first, and a complaint for as long as its case', () => {
    const register = open(tempFolder())
    const paper = (kind: 'note' | 'complaint', name: string, atMs = startMs) =>
      register.papers.add({ kind, name, fleet: 'f1', atMs, by: '王五', from: '', content: { name } })
    const [a, b, c] = [paper('note', 'a'), paper('note', 'b'), paper('note', 'c')]
    const names = (below: number) => register.papers.before('note', below, 2).map(({ name }) => name)
    expect(names(Number.MAX_SAFE_INTEGER)).toEqual(['c', 'b'])
    expect(names(b.cursor)).toEqual(['a'])
    expect(a.cursor < c.cursor).toBe(true)
    doing(register)(7, 'complain')
    paper('complaint', idOf(7))
    register.forgetBefore(startMs + dayMs)
    expect(register.papers.all('note')).toEqual([])
    expect(register.papers.named('complaint', idOf(7))).toMatchObject({ content: { name: idOf(7) } })
    doing(register)(7, 'falseAlarm')
    register.forgetBefore(startMs + dayMs)
    register.forgetBefore(startMs + dayMs)
    expect(register.papers.named('complaint', idOf(7))).toBeNull()
  })
})
