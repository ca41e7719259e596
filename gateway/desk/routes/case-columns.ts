import { catalog } from '../../../proto/catalog.ts'
import { localText } from '../../../proto/time.ts'
import type { Column } from '../../api/csv.ts'
import type { ListedCase } from './cases.ts'

/** The register as a table: what an office files, a line for each case. */
export function caseColumns(zone: string): readonly Column<ListedCase>[] {
  const local = (iso: string | null): string | null =>
    iso === null ? null : localText(Date.parse(iso), zone)
  const column = (zh: string, en: string, of: Column<ListedCase>['of']): Column<ListedCase> => ({
    name: { zh, en },
    of,
  })
  return [
    column('编号', 'alert', ({ alert }) => alert),
    column('车队', 'fleet', ({ fleet }) => fleet),
    column('车牌', 'plate', ({ about }) => about.plate),
    column('车辆', 'vehicle', ({ vehicle }) => vehicle),
    column('问题', 'kind', ({ kind, about }, lang) => catalog[kind]?.name(about.reason)[lang] ?? kind),
    column('等级', 'severity', ({ about }) => about.severity),
    column('证据', 'grade', ({ about }) => about.grade),
    column('时间', 'at', ({ about }) => local(about.at)),
    column('驾驶员', 'driver', ({ about, facts }) => facts.driver ?? about.driver),
    column('条款', 'article', ({ about }) => about.article),
    column('说明', 'sentence', ({ about }, lang) => about.explain[lang]),
    column('状态', 'status', ({ status }) => status),
    column('责任人', 'responsible', ({ facts }) => facts.responsible),
    column('整改期限', 'deadline', ({ facts }) => local(facts.deadlineAt)),
    column('验收标准', 'acceptance', ({ facts }) => facts.acceptance),
    column('原因', 'cause', ({ facts }) => facts.cause),
    column('整改措施', 'measure', ({ facts }) => facts.measure),
    column('整改人', 'rectifiedBy', ({ facts }) => facts.rectifiedBy),
    column('验收人', 'verifiedBy', ({ facts }) => facts.verifiedBy),
    column('销号人', 'closedBy', ({ facts }) => facts.closedBy),
    column('处理结果', 'disposition', ({ facts }) => facts.disposition),
    column('证据等级', 'evidenceGrade', ({ facts }) => facts.evidenceGrade),
    column('回头看', 'lookBack', ({ facts }) =>
      facts.lookBack === null ? null : facts.lookBack.held ? 'held' : 'notHeld',
    ),
    column('JT/T 809', 'result809', ({ result809 }) => result809.code),
    column('最后处置', 'lastStep', ({ history }) => history.at(-1)?.action ?? null),
    column('最后处置人', 'lastBy', ({ history }) => history.at(-1)?.by ?? null),
    column('最后处置时间', 'lastAt', ({ history }) => local(history.at(-1)?.at ?? null)),
  ]
}
