import { openRegister } from '../../../gateway/journal/register.ts'
import { makeFolders } from '../../../gateway/make-folder.ts'
import type { Alert } from '../../../proto/model.ts'
import { startMs } from '../../gateway/help/envelopes.ts'
import { alertDraft } from '../alert-draft.ts'
import type { Subject } from './subject.ts'

/** The register of handling: what an officer was told is noted stays noted, in its order. */
export type RegisterPromise =
  | { readonly is: 'line'; readonly alert: string; readonly action: string; readonly atMs: number }
  /** Settled long ago: its lines may be taken out. */
  | { readonly is: 'mayGo'; readonly alert: string }

const road = ['acknowledge', 'assign', 'rectify', 'verify', 'close']
const alertOf = (n: number): Alert => ({ ...alertDraft(`${n}`.padStart(32, '0')), cursor: n })

export const registerSubject: Subject<RegisterPromise> = {
  async run(folder, { life, steps, dice }, tell) {
    makeFolders(folder)
    const opening = () => {
      const opened = openRegister(folder)
      for (let n = 0; n < 6; n++)
        for (const { alert, action, atMs } of opened.of(alertOf(n).id))
          tell({ is: 'line', alert: alert.id, action, atMs })
      return opened
    }
    let register = opening()
    for (let step = 0; step < steps; step++) {
      const atMs = startMs + life * 1e6 + step * 1000
      if (dice.happens('again', 0.15)) {
        register.close()
        register = opening()
      } else if (dice.happens('forget', 0.1)) {
        for (let n = 0; n < 6; n++)
          if (register.isHandled(alertOf(n).id)) tell({ is: 'mayGo', alert: alertOf(n).id })
        register.forgetBefore(atMs)
      } else {
        const alert = alertOf(dice.whole('alert', 0, 5))
        const action = road[register.of(alert.id).length % road.length]!
        register.note({ alert, atMs, by: '王五', action, words: '已电话联系驾驶员' })
        tell({ is: 'line', alert: alert.id, action, atMs })
      }
    }
    register.close()
  },
  async check(folder, promises) {
    makeFolders(folder)
    const register = openRegister(folder)
    try {
      const mayGo = new Set(promises.flatMap((one) => (one.is === 'mayGo' ? [one.alert] : [])))
      const lost = promises.flatMap((one) => {
        if (one.is !== 'line' || mayGo.has(one.alert)) return []
        const lines = register.of(one.alert)
        const isThere = lines.some(({ action, atMs }) => action === one.action && atMs === one.atMs)
        return isThere ? [] : [`lost: ${one.action} of ${Number(one.alert)}`]
      })
      register.note({ alert: alertOf(9), atMs: startMs, by: '王五', action: 'acknowledge', words: '' })
      return lost
    } finally {
      register.close()
    }
  },
}
