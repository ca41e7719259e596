import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deviceCab, loggingCab } from '../../../device/cab/ports.ts'
import { Cab, type CabOrder } from '../../../device/cab.ts'
import { silentLog } from '../../../device/log.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cab-port-'))
})
afterEach(() => rmSync(folder, { recursive: true }))
const order: CabOrder = { sound: 'notice', kind: 'speeding', words: { zh: '您已超速', en: 'too fast' } }

describe('the devices of the cab', () => {
  it('buzz, then speak, and say when it is over', async () => {
    const [heard, buzzer] = [join(folder, 'heard'), join(folder, 'buzzer')]
    await deviceCab({ voice: ['tee', heard], buzzer }, silentLog).order(order)
    expect(readFileSync(heard, 'utf8')).toBe('您已超速\n')
    expect(readFileSync(buzzer, 'utf8')).toBe('0')
  })

  it('log what is said by rule, and of an officer’s words only which and how long', () => {
    const logged: object[] = []
    const log = { ...silentLog, info: (fields: object) => void logged.push(fields) }
    const cab = new Cab(loggingCab(log))
    void loggingCab(log).order(order)
    cab.say('王小明请回电', 0, () => {}, '7/ab12')
    expect(logged).toEqual([
      { cab: 'notice', kind: 'speeding', ...order.words },
      { cab: 'notice', kind: 'command', id: '7/ab12', characters: 6 },
    ])
  })

  it('say when they do not work', async () => {
    const voice = (...program: string[]) => deviceCab({ voice: program }, silentLog).order(order)
    await expect(voice('false')).rejects.toThrow('false ended with 1')
    await expect(voice(join(folder, 'nobody'))).rejects.toThrow(/ENOENT/)
    const silent = deviceCab({ buzzer: join(folder, 'no/such') }, silentLog)
    await expect(silent.order(order)).rejects.toThrow(/ENOENT/)
  })
})
