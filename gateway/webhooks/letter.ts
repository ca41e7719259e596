import { createHmac } from 'node:crypto'
import type { Alert } from '../../proto/model.ts'

/** One alert, or one call to somebody, as it is posted: the words of the receiver, and a signature by which it knows who sent them. Pure. */

export const formats = ['alert', 'wecom', 'dingtalk', 'feishu'] as const
export type Format = (typeof formats)[number]

export const events = ['alert', 'escalation'] as const

export type Letter = {
  readonly body: string
  readonly headers: { readonly [name: string]: string }
}

/** Nobody took a case up in time, or somebody called the next one of the roster. */
export type Escalation = {
  /** Its line in the register. */
  readonly line: number
  readonly at: string
  readonly by: string
  readonly to: string
  readonly words: string
  readonly alert: Alert
}
export type News =
  | { readonly is: 'alert'; readonly alert: Alert }
  | { readonly is: 'escalation'; readonly escalation: Escalation }
  /** An admin asks whether it arrives. */
  | { readonly is: 'test'; readonly at: string; readonly fleet: string; readonly by: string }

/** The receiver computes the same over `t.body`, and refuses a `t` that is long past: nothing can be sent twice by another. */
export function letterOf(news: News, format: Format, secret: string, atS: number): Letter {
  const body = JSON.stringify(format === 'alert' ? documentOf(news) : chatOf(sentenceOf(news), format))
  const signature = createHmac('sha256', secret).update(`${atS}.${body}`).digest('hex')
  return {
    body,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'roadwarden',
      'x-roadwarden-event': news.is,
      'x-roadwarden-delivery': deliveryOf(news),
      'x-roadwarden-signature': `t=${atS},v1=${signature}`,
    },
  }
}

/** The same for the same news, however often it is posted. */
function deliveryOf(news: News): string {
  switch (news.is) {
    case 'alert':
      return `${news.alert.id}.${news.alert.revision}`
    case 'escalation':
      return `${news.escalation.alert.id}.e${news.escalation.line}`
    case 'test':
      return `test.${news.at}`
  }
}

function documentOf(news: News): unknown {
  switch (news.is) {
    case 'alert':
      return news.alert
    case 'escalation':
      return { event: 'escalation', ...news.escalation }
    case 'test':
      return { event: 'test', at: news.at, fleet: news.fleet, by: news.by }
  }
}

function sentenceOf(news: News): string {
  switch (news.is) {
    case 'alert':
      return graded(news.alert)
    case 'escalation':
      return `【上报${news.escalation.to}】${graded(news.escalation.alert)}${news.escalation.words === '' ? '' : ` ${news.escalation.words}`}`
    case 'test':
      return `【测试】Roadwarden 回调可达，车队 ${news.fleet}`
  }
}

const graded = ({ explain, grade }: Alert): string =>
  `${explain.zh}（${grade === 'sufficient' ? '证据充分' : '待核实'}）`

function chatOf(content: string, format: Exclude<Format, 'alert'>): unknown {
  return format === 'feishu'
    ? { msg_type: 'text', content: { text: content } }
    : { msgtype: 'text', text: { content } }
}
