/**
 * What is wrong with a field, in Chinese. The gates of the files say it in English, for whoever reads a terminal; an
 * officer at the desk is told it in his language alone. Values, names of fields and examples stay as they are typed.
 */
export function inChinese(remedy: string): string {
  for (const [english, chinese] of words) {
    const match = english.exec(remedy)
    if (match !== null) return chinese(...match.slice(1))
  }
  return '填写有误，请更正'
}

/** Of a line `file: path: remedy`: the remedy is its last part that we know. */
export function lineInChinese(line: string): string {
  for (let rest = line; ; ) {
    const known = inChinese(rest)
    const next = rest.indexOf(': ')
    if (known !== inChinese('') || next === -1) return known
    rest = rest.slice(next + 2)
  }
}

type Words = readonly [RegExp, (...parts: readonly string[]) => string]

const types: { readonly [english: string]: string } = {
  ...{ string: '文字', number: '数字', int: '整数', boolean: 'true 或 false', null: '空', date: '日期' },
  ...{ array: '列表', tuple: '列表', object: '一组字段', record: '一组字段' },
}
const typed = (english: string): string => types[english] ?? english.replaceAll('"', '')
const options = (list: string): string => list.replaceAll('"', '').split('|').join('、')
const number = '(-?[\\d.e+]+)'

/** The first that matches; those of zod are its English locale's. */
const words: readonly Words[] = [
  [/^unknown key/, () => '没有这个字段，请删除或更正拼写'],
  [/^missing; a Point needs/, () => '缺少半径（米），点需要 radiusM'],
  [/^missing; a LineString needs/, () => '缺少半宽（米），线需要 halfWidthM'],
  [/^missing; expected one of (.+)$/, (list = '') => `缺少此项，应为以下之一：${options(list)}`],
  [/^missing; expected (\S+)$/, (type = '') => `缺少此项，应为${typed(type)}`],
  [/^missing/, () => '缺少此项'],
  [/^a list \[ \.\.\. \] where one object/, () => '这里应为一个对象 { ... }，不是列表，请去掉方括号'],
  [/^an object \{ \.\.\. \} is needed/, () => '这里应为一个对象 { ... }'],
  [/^expected (\S+), received NaN$/, (type = '') => `应为${typed(type)}`],
  [
    /^expected (\w+), received (\w+)$/,
    (type = '', had = '') => `类型不对，应为${typed(type)}，不是${typed(had)}`,
  ],
  [/^(?:Invalid option: )?expected one of (.+)$/, (list = '') => `应为以下之一：${options(list)}`],
  [/^expected (\S+)$/, (type = '') => `应为${typed(type)}`],
  ...bounds('Too small', '>', [
    ['string to have', 'characters', (n) => `太短，至少 ${n} 个字`],
    ['array to have', 'items', (n) => `太少，至少 ${n} 项`],
  ]),
  ...bounds('Too big', '<', [
    ['string to have', 'characters', (n) => `太长，至多 ${n} 个字`],
    ['array to have', 'items', (n) => `太多，至多 ${n} 项`],
  ]),
  [/^an ISO instant/, () => '应为带时区的时间，例如 2026-11-22T23:40:00+08:00'],
  [/^an ISO date/, () => '应为日期或时间，例如 2026-11-22'],
  [/^a time of day/, () => '应为时刻，例如 22:00'],
  [/^Invalid (?:ISO )?date/, () => '应为日期，例如 2026-11-22'],
  [/^Invalid URL/, () => '应为网址，例如 https://chat.example/x'],
  [/^(?:letters, digits|an id$)/, () => '只能用字母、数字、_ 和 -，至多 64 个'],
  [/^a kind of alert/, () => '没有这种报警'],
  [/^the id of an alert/, () => '应为报警编号'],
  [/^must be later than from/, () => '应晚于开始时间'],
  [/^(?:the trip ends before|must be after)/, () => '结束时间应晚于开始时间，请更正'],
  [/^no such column/, () => '缺少此列，首行应为列名'],
  [/^unknown column; use (.+)$/, (names = '') => `没有这一列，可用的列：${names.split(' ').join('、')}`],
  [/^named twice/, () => '重复，请删除一个'],
  [/^(\d+) of them under (\d+) columns/, (had, of) => `有 ${had} 格，列名有 ${of} 个，请增减分隔符`],
  [/^(\d+) trips; at most (\d+)/, (had, most) => `有 ${had} 个趟次，一个文件至多 ${most} 个`],
  [/^not UTF-8/, () => '不是 UTF-8 编码，请另存为“CSV UTF-8”'],
  [/^a quote is never closed/, () => '引号没有闭合，请补上'],
  [/^not JSON/, () => '不是有效的 JSON，请更正'],
  [/^not GeoJSON/, () => '不是 GeoJSON，应为 FeatureCollection'],
  [
    /^(FeatureCollection or Feature|Feature) is needed/,
    (type = '') => `应为 ${type.replace(' or ', ' 或 ')}`,
  ],
  [/^a list of features/, () => '应为 Feature 的列表'],
  [/^wgs84 or gcj02/, () => '坐标系应为 wgs84 或 gcj02，请先转换'],
  [/^fromM must be below toM/, () => 'fromM 应小于 toM'],
  [/^a position is/, () => '坐标应为 [经度, 纬度]'],
  [/^a longitude lies/, () => '经度应在 -180 与 180 之间，顺序为 [经度, 纬度]'],
  [/^a latitude lies/, () => '纬度应在 -90 与 90 之间，顺序为 [经度, 纬度]'],
  [
    /^Polygon, MultiPolygon, Point/,
    () => '应为 Polygon、MultiPolygon、带 radiusM 的 Point 或带 halfWidthM 的 LineString',
  ],
  [/^a geometry is needed/, () => '缺少几何形状（geometry）'],
  [/^a list of polygons/, () => '应为多边形的列表'],
  [/^a list of rings/, () => '应为边界的列表'],
  [/^a list of positions/, () => '应为坐标的列表'],
  [/^outside the earth/, () => '坐标超出范围，应为 [经度, 纬度]，单位为度'],
]

type Sized = readonly [of: string, unit: string, say: (bound: string) => string]

function bounds(begin: string, sign: '<' | '>', sized: readonly Sized[]): readonly Words[] {
  const [least, limit] = sign === '>' ? ['不小于', '大于'] : ['不大于', '小于']
  const what = sign === '>' ? '太小' : '太大'
  return [
    ...sized.map(
      ([of, unit, say]): Words => [
        new RegExp(`^${begin}: expected ${of} ${sign}=${number} ${unit}?`),
        (n = '') => say(n),
      ],
    ),
    [new RegExp(`^${begin}: expected \\w+ to be ${sign}=${number}$`), (n) => `数值${what}，应${least} ${n}`],
    [new RegExp(`^${begin}: expected \\w+ to be ${sign}${number}$`), (n) => `数值${what}，应${limit} ${n}`],
  ]
}
