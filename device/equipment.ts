import { join } from 'node:path'
import { isoUtc } from '../proto/time.ts'
import { AccidentStore } from './accident/store.ts'
import { AccidentWatch } from './accident/watch.ts'
import { openBoot } from './boot.ts'
import { CabDiary } from './cab/diary.ts'
import { deviceCab, loggingCab } from './cab/ports.ts'
import type { Config } from './config.ts'
import type { Log } from './log.ts'
import { fileInputs } from './ports/inputs.ts'
import type { TerminalDeps } from './terminal.ts'

/** What a terminal has besides its lines: the cab's devices, its own inputs, the records it keeps. */
export type Equipment = Pick<TerminalDeps, 'cab' | 'diary' | 'accidents' | 'inputs' | 'afterPowerLoss'> & {
  /** An orderly stop. */
  readonly close: () => void
}

export function openEquipment({ dataDir, cab, inputs }: Config, log: Log): Equipment {
  const boot = openBoot(dataDir)
  if (boot.afterPowerLoss) log.warn({}, 'the machine lost its power since the last start')
  return {
    cab: cab === undefined ? loggingCab(log) : deviceCab(cab, log),
    diary: new CabDiary(join(dataDir, 'cab.ndjson'), log),
    accidents: new AccidentWatch(new AccidentStore(accidentFolder(dataDir)), log),
    ...(inputs === undefined ? {} : { inputs: fileInputs(inputs, log) }),
    afterPowerLoss: boot.afterPowerLoss,
    close: boot.close,
  }
}

const accidentFolder = (dataDir: string): string => join(dataDir, 'accidents')

/** The lines of `npm run device -- CONFIG.json --accidents`, oldest record first. */
export function accidentLines({ dataDir }: Config): string[] {
  return new AccidentStore(accidentFolder(dataDir)).list().map(({ file, intact, record }) => {
    const path = join(accidentFolder(dataDir), file)
    if (record === null) return JSON.stringify({ kind: 'accident', file: path, intact })
    const { id, cause, vehicle, driver, atMs, points } = record
    const fromMs = points[0]?.atMs ?? null
    return JSON.stringify({
      kind: 'accident',
      id,
      cause,
      vehicle,
      driver,
      at: isoUtc(atMs),
      from: fromMs === null ? null : isoUtc(fromMs),
      points: points.length,
      file: path,
      intact,
    })
  })
}
