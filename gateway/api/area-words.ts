import type { AreaProblem } from '../../proto/shapes/areas.ts'

/** What is wrong with an area, in both languages; the English words are those of the check of files. */

const zh: { readonly [reason in AreaProblem['reason']]: string } = {
  'open-ring': '首尾坐标不一致，请闭合',
  'too-few-vertices': '顶点太少',
  'not-a-number': '坐标不是数字',
  'too-many-vertices': '顶点过多，请简化',
  'bad-value': '取值有误',
  'duplicate-id': '编号重复，请改为不同的编号',
  'self-crossing': '边界自相交，请修正',
  'hole-outside': '内环不在外环之内',
  'cut-in-two': '边界把区域截成了两块',
  'parts-overlap': '多个部分相互重叠',
}

export function areaFault({ path, remedy, reason, id, index }: AreaProblem) {
  return { field: path, remedy: { zh: `${zh[reason]}（${remedy}）`, en: remedy }, reason, id, index }
}
