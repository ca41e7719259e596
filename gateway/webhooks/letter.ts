import { createHmac } from 'node:crypto'
import type { Alert } from '../../proto/model.ts'

/** One alert as it is posted: the words of the receiver, and a signature by which it knows who sent them. Pure. */

export const formats = ['alert', 'wecom', 'dingtalk', 'feishu'] as const
export type Format = (typeof formats)[number]

export type Letter = {
  readonly body: string
  readonly headers: { readonly [name: string]: string }
}

/** The receiver computes the same over `t.body`, and refuses a `t` that is long past: nothing can be sent twice by another. */
export function letterOf(alert: Alert, format: Format, secret: string, atS: number): Letter {
  const body = JSON.stringify(bodyOf(alert, format))
  const signature = createHmac('sha256', secret).update(`${atS}.${body}`).digest('hex')
  return {
    body,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'roadwarden',
      'x-roadwarden-event': 'alert',
      'x-roadwarden-delivery': `${alert.id}.${alert.revision}`,
      'x-roadwarden-signature': `t=${atS},v1=${signature}`,
    },
  }
}

function bodyOf(alert: Alert, format: Format): unknown {
  const { explain, grade } = alert
  const content = `${explain.zh}（${grade === 'sufficient' ? '证据充分' : '待核实'}）`
  switch (format) {
    case 'alert':
      return alert
    case 'wecom':
    case 'dingtalk':
      return { msgtype: 'text', text: { content } }
    case 'feishu':
      return { msg_type: 'text', content: { text: content } }
  }
}
