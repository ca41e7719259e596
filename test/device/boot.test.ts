import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openBoot } from '../../device/boot.ts'
import { silentLog } from '../../device/log.ts'
import { fileInputs } from '../../device/ports/inputs.ts'
import { eventually } from '../help/external.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'boot-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('what a start knows of the one before', () => {
  it('another boot of the machine without an orderly stop is a loss of power', () => {
    expect(openBoot(folder, 'boot-1').afterPowerLoss).toBe(false)
    expect(openBoot(folder, 'boot-2').afterPowerLoss).toBe(true)
  })

  it('a killed process is none, and an orderly stop is none', () => {
    openBoot(folder, 'boot-1')
    const second = openBoot(folder, 'boot-1')
    expect(second.afterPowerLoss).toBe(false)
    second.close()
    expect(openBoot(folder, 'boot-2').afterPowerLoss).toBe(false)
  })

  it('a machine that does not name its boots knows nothing', () => {
    openBoot(folder, 'boot-1')
    expect(openBoot(folder, null).afterPowerLoss).toBe(false)
  })
})

describe('inputs that are files', () => {
  it('are told at once and at each change, and forgotten when they are gone', async () => {
    const file = join(folder, 'gpio17')
    writeFileSync(file, '1\n')
    const told: [string, boolean][] = []
    const inputs = fileInputs(
      { mainPower: { file, on: '1' }, emergencyAttack: undefined },
      silentLog,
    )((name, on) => told.push([name, on]))
    expect(told).toEqual([['mainPower', true]])
    writeFileSync(file, '0\n')
    await eventually('the change', () => told.length >= 2)
    expect(told[1]).toEqual(['mainPower', false])
    rmSync(file)
    const count = told.length
    await new Promise((resolve) => setTimeout(resolve, 150))
    expect(told).toHaveLength(count)
    inputs.close()
  })
})
