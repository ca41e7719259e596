import type { AreaProblem } from '../../proto/shapes/areas.ts'
import { inChinese } from './chinese.ts'

/** What is wrong with an area, in both languages; the English words are those of the check of files. */

const zh: { readonly [reason in Exclude<AreaProblem['reason'], 'bad-value'>]: string } = {
  'open-ring': '首尾坐标不一致，请把第一个坐标再写在最后',
  'too-few-vertices': '顶点太少：区域至少三个，走廊至少两个，请补画',
  'not-a-number': '坐标应为数字 [经度, 纬度]，请更正',
  'too-many-vertices': '顶点过多，请简化',
  'duplicate-id': '编号重复，请改为不同的编号',
  'self-crossing': '边界自相交，请修正',
  'hole-outside': '内环应在外环之内，请移入或删除',
  'cut-in-two': '边界把区域截成了两块，请改成两个围栏',
  'parts-overlap': '多个部分相互重叠，请合并或分开',
}

export function areaFault({ path, remedy, reason, id, index }: AreaProblem) {
  // A value that is no value is told by its own rule; the shape of an area by what is wrong with it.
  const chinese = reason === 'bad-value' ? inChinese(remedy) : zh[reason]
  return { field: path, remedy: { zh: chinese, en: remedy }, reason, id, index }
}
