import { deskWords } from '/desk/words-desk.js'
import { moreWords } from '/desk/words-more.js'
import { pageWords } from '/desk/words-pages.js'

/** The words of the desk, Chinese first. Sentences about alerts come from the gateway, in both languages. */

const words = {
  title: ['安全员工作台', "Officer's desk"],
  officer: ['安全员', 'Officer'],
  theme: ['深色/浅色 (T)', 'Dark/light (T)'],
  sound: ['提示音 (M)', 'Sound (M)'],
  open: ['待处理报警', 'Open alerts'],
  nothing: ['没有待处理的报警。', 'No alert is open.'],
  choose: ['用 ↑ ↓ 选择一条报警', 'Choose an alert with ↑ ↓'],
  actions: ['可执行的操作', 'What can be done'],
  send: ['提交', 'Submit'],
  cancel: ['取消 (Esc)', 'Cancel (Esc)'],
  login: ['登录', 'Log in'],
  password: ['密码', 'Password'],
  wrongLogin: ['姓名或密码不正确', 'Name or password is not right'],
  connecting: ['正在连接…', 'Connecting…'],
  connected: ['实时连接', 'Live'],
  timeStands: ['时间停在 {}，所示为当时状态', 'Time stands at {}: shown as it was then'],
  polling: ['实时通道不可用，每5秒查询一次', 'No live channel; asking every 5 s'],
  lost: [
    '连接中断，正在重连；列表可能不是最新',
    'Connection lost, trying again; the list may be out of date',
  ],
  critical: ['严重', 'Critical'],
  major: ['较重', 'Major'],
  minor: ['一般', 'Minor'],
  info: ['提示', 'Notice'],
  started: ['进行中', 'going on'],
  updated: ['进行中', 'going on'],
  ended: ['已结束', 'ended'],
  withdrawn: ['已撤回（迟到数据）', 'taken back by late data'],
  late: ['补传数据', 'late data'],
  raised: ['待确认', 'Not acknowledged'],
  acknowledged: ['已确认', 'Acknowledged'],
  assigned: ['已交办', 'Assigned'],
  rectified: ['已整改', 'Rectified'],
  verified: ['已验收', 'Verified'],
  closed: ['已销号', 'Closed'],
  falseAlarm: ['误报', 'False alarm'],
  appealed: ['申诉中', 'Under appeal'],
  'do.acknowledge': ['确认', 'Acknowledge'],
  'do.assign': ['交办', 'Assign'],
  'do.rectify': ['整改完成', 'Rectified'],
  'do.verify': ['验收', 'Verify'],
  'do.close': ['销号', 'Close'],
  'do.falseAlarm': ['误报', 'False alarm'],
  'do.reopen': ['重开', 'Reopen'],
  'do.appeal': ['申诉', 'Appeal'],
  'do.note': ['交班备注', 'Shift note'],
  'do.say': ['对车内播报', 'Speak to the cab'],
  'ask.assign': ['责任人与期限', 'Who is responsible, and until when'],
  'ask.rectify': ['整改措施', 'What was done about it'],
  'ask.falseAlarm': ['误报原因', 'Why it is a false alarm'],
  'ask.reopen': ['重开理由', 'Why it is opened again'],
  'ask.appeal': ['申诉人与理由', 'Who appeals, and why'],
  'ask.note': ['备注', 'Note'],
  'ask.say': [
    '要播报的话（说明何处可以安全停车，不要只说“立即停车”）',
    'Words to say (say where stopping is safe, never only "stop now")',
  ],
  whyNot: ['为何不豁免', 'Why it is not exempt'],
  'why.certificate': ['接驳凭证有效', 'Relay certificate is valid'],
  'why.window': ['在备案时段内接驳', 'Relay within the filed window'],
  'why.place': ['在备案接驳点接驳', 'Relay at a filed point'],
  'why.fresh': ['接班驾驶员为落地待班', 'The relief driver was fresh'],
  'why.service': ['客运类别可豁免', 'Service class is exempt'],
  unchecked: ['未核查', 'not looked at'],
  vehicle: ['车辆', 'Vehicle'],
  state: ['此刻', 'Now'],
  driver: ['驾驶员', 'Driver'],
  unknown: ['未知', 'unknown'],
  noDriver: ['未确认', 'unconfirmed'],
  article: ['条款', 'Article'],
  noArticle: ['无确定条款', 'none that is certain'],
  limit: ['限值', 'Limit'],
  by: ['依据', 'set by'],
  'by.class': ['车型限速', 'the vehicle class'],
  'by.area': ['区域', 'the area'],
  'by.segment': ['线路路段', 'the section'],
  'by.temporary': ['临时限速', 'a temporary limit'],
  margin: ['超出', 'Over by'],
  grade: ['证据', 'Evidence'],
  sufficient: ['充分', 'sufficient'],
  'to-verify': ['待核实', 'to be verified'],
  begun: ['开始', 'Began'],
  over: ['结束', 'Ended'],
  until: ['至{}', 'until {}'],
  nowNamed: ['安全员：{}', 'Officer: {}'],
  countsOf: ['待处理事件', 'Open episodes'],
  decided: ['判定', 'Decided'],
  received: ['收到', 'Received'],
  remaining: ['剩余驾驶时间', 'Driving time left'],
  stops: ['前方可安全停车处', 'Safe stops ahead'],
  cab: ['车内已播报', 'Said in the cab'],
  said: ['已播报', 'said'],
  again: ['已重复播报', 'said again'],
  failed: ['播报失败', 'could not be said'],
  noReceipt: ['等待车内回执', 'no receipt yet'],
  sent: ['已发往车内，等待播报回执', 'Sent to the cab; waiting for its receipt'],
  waiting: ['终端不在线；10 分钟内上线即播报', 'The terminal is away; said when it comes within 10 minutes'],
  history: ['处置记录', 'What was done'],
  map: ['地图：位置、轨迹与区域', 'Map: place, trail and areas'],
  whereEnded: ['结束位置', 'Ended at'],
  noPlace: ['位置未知', 'The place is unknown'],
  alertHere: ['报警位置', 'where it happened'],
  beganHere: ['开始处', 'where it began'],
  endedHere: ['结束处', 'where it ended'],
  vehicleHere: ['车辆现在', 'the vehicle now'],
  vehicleThen: ['车辆最后位置', 'where it was last'],
  dueIn: ['{}内确认', 'within {}'],
  overdue: ['超时 {}', '{} overdue'],
  moving: ['行驶', 'moving'],
  standing: ['停车', 'standing'],
  badName: ['请先填写安全员姓名', 'Say who you are first'],
  unreachable: [
    '网关没有回答，未提交；请重试',
    'The gateway did not answer; nothing was submitted, try again',
  ],
  stopAt: ['请在前方“{}”安全停车休息', 'Please stop safely at "{}" ahead'],
  slow: ['您已超速，请减速至限速以内', 'You are over the limit, please slow down'],
  tired: [
    '您已疲劳驾驶，请在前方服务区停车休息',
    'You are driving tired, please rest at the next service area',
  ],
  curfewSoon: [
    '凌晨2时前请驶入前方服务区或接驳点停车',
    'Please be parked at the next service area or relay point by 02:00',
  ],
  'false.tunnel': ['隧道或地下遮挡', 'Tunnel or garage'],
  'false.device': ['设备故障', 'Device fault'],
  'false.planned': ['计划内停驶或维修', 'Planned stop or repair'],
  'false.limit': ['限速数据有误', 'The limit is wrong'],
}

Object.assign(words, pageWords, moreWords, deskWords)

const languages = ['zh', 'en']
let language = localStorage.getItem('language') === 'en' ? 'en' : 'zh'

export const currentLanguage = () => language

export function word(key, value) {
  const text = words[key]?.[languages.indexOf(language)] ?? key
  return value === undefined ? text : text.replace('{}', String(value))
}

/** Chinese first: a kind without a name shows its id rather than nothing. */
export const said = (sentence) => sentence?.[language] ?? sentence?.zh ?? ''

export function switchLanguage() {
  language = language === 'zh' ? 'en' : 'zh'
  localStorage.setItem('language', language)
  nameAll()
}

/** Writes the words of everything that is always on the page. */
export function nameAll() {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  for (const element of document.querySelectorAll('[data-word]'))
    element.textContent = word(element.dataset.word)
  const button = document.querySelector('#language')
  button.textContent = language === 'zh' ? 'English (L)' : '中文 (L)'
  button.lang = language === 'zh' ? 'en' : 'zh-CN'
}

/** Formats are costly to make and few: five hundred rows are written in one go. */
const formats = new Map()
function formatOf(key, make) {
  if (!formats.has(key)) formats.set(key, make())
  return formats.get(key)
}

const clock = () =>
  formatOf(
    'clock',
    () =>
      new Intl.DateTimeFormat('sv-SE', {
        dateStyle: 'short',
        timeStyle: 'medium',
        timeZone: 'Asia/Shanghai',
      }),
  )

export const instant = (iso) =>
  iso === null || iso === undefined ? word('unknown') : clock().format(new Date(iso))

/** Whole minutes, or seconds below two. */
export function span(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000))
  const unit = seconds < 120 ? 'second' : seconds < 7200 ? 'minute' : seconds < 172_800 ? 'hour' : 'day'
  const size = { second: 1, minute: 60, hour: 3600, day: 86_400 }[unit]
  const make = () =>
    new Intl.NumberFormat(language === 'zh' ? 'zh-CN' : 'en', {
      ...{ style: 'unit', unit, unitDisplay: 'short' },
      maximumFractionDigits: unit === 'hour' ? 1 : 0,
    })
  return formatOf(`${language} ${unit}`, make).format(seconds / size)
}

/** Surname and stars: a full name is not for a screen in an open office. */
export function maskedDriver(driver) {
  if (driver === null || driver === '') return word('noDriver')
  return /^\p{Script=Han}/u.test(driver) ? `${[...driver][0]}**` : driver
}
