import type { CaseStatus, Said } from './case-table.ts'

/** How an authority is answered that urged a case: the four results of JT/T 809 0x1401. Pure. */
export type Result809 = { readonly code: 0 | 1 | 2 | 3; readonly name: Said }

const inProgress: Result809 = { code: 0, name: { zh: '处理中', en: 'in progress' } }
const done: Result809 = { code: 1, name: { zh: '已处理完毕', en: 'done' } }
const notHandled: Result809 = { code: 2, name: { zh: '不作处理', en: 'will not be handled' } }
const later: Result809 = { code: 3, name: { zh: '将来处理', en: 'will be handled later' } }

export function result809(status: CaseStatus): Result809 {
  switch (status) {
    case 'raised':
      return later
    case 'closed':
    case 'consolidated':
      return done
    case 'falseAlarm':
    case 'superseded':
      return notHandled
    default:
      return inProgress
  }
}
