import type { ZodError, ZodType } from 'zod'
import { BadInput, problemOf } from '../../proto/problem.ts'
import { inChinese, lineInChinese } from './chinese.ts'
import { type ApiAnswer, problem, type Said } from './route.ts'

/** What is wrong with a request, told by its field and its remedy in the officer's language. */

class BadField extends Error {
  override readonly name = 'BadField'
  readonly answer: ApiAnswer

  constructor(answer: ApiAnswer) {
    super('a field is not usable')
    this.answer = answer
  }
}

export function validated(schema: ZodType, data: unknown): { value: unknown } | { error: Error } {
  const result = schema.safeParse(data)
  if (result.success) return { value: result.data }
  return { error: new BadField(badField(result.error)) }
}

/** The first problem as the answer; all of them beside it. */
export function badField(error: ZodError): ApiAnswer {
  const { path, remedy } = problemOf(error)
  return problem(400, path, { zh: inChinese(remedy), en: remedy })
}

type Fault = { readonly statusCode?: number; readonly code?: string; readonly message?: string }

/** Whatever was thrown on the way. What is not the asker's fault says nothing of our insides. */
export function troubleOf(error: unknown): ApiAnswer {
  if (error instanceof BadField) return error.answer
  if (error instanceof BadInput)
    return problem(400, '', { zh: lineInChinese(error.message), en: error.message })
  const { statusCode = 500, code = '' } = error as Fault
  const [field, remedy] = byCode[code] ?? byStatus[statusCode] ?? byStatus[500]!
  return problem(statusCode, field, remedy)
}

const byStatus: { readonly [status: number]: readonly [string, Said] } = {
  400: ['body', { zh: '请求无法读懂', en: 'the request cannot be read' }],
  404: ['path', { zh: '没有此地址', en: 'there is nothing at this address; see /api/v1/openapi.json' }],
  413: ['body', { zh: '内容过大', en: 'too large; send less at once' }],
  415: ['content-type', { zh: '应为 application/json', en: 'application/json is needed' }],
  429: ['', { zh: '请求过于频繁，请一分钟后再试', en: 'too many requests; try again in a minute' }],
  500: ['', { zh: '网关内部错误，请稍后再试', en: 'the gateway could not do it; try again later' }],
}
const byCode: { readonly [code: string]: readonly [string, Said] } = {
  FST_ERR_CTP_INVALID_JSON_BODY: ['body', { zh: '不是有效的 JSON', en: 'not JSON' }],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['body', { zh: '缺少内容', en: 'missing; send a JSON document' }],
}
