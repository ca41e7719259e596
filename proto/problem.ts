import type { z } from 'zod'
import { knownKeys } from './known-keys.ts'
import { asCodePoints } from './redact.ts'

/**
 * What is wrong with a document a person wrote, in one line: `file: path.in.file: remedy` (design 10).
 */
export type Problem = { readonly path: string; readonly remedy: string }

/**
 * The first problem of a failed parse. An unknown key is told before a missing one: it is usually the same key, misspelt.
 * With the schema at hand the keys that are known there are listed.
 */
export function problemOf(error: z.core.$ZodError, schema?: z.ZodType): Problem {
  const issues = error.issues.flatMap(flatten)
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]
  if (issue === undefined) return { path: '', remedy: 'not a valid document' }
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.keys ?? []
    return {
      path: pathText([...issue.path, keys[0] ?? '']),
      remedy: `unknown key; remove it or correct its spelling${knownText(schema, issue.path)}`,
    }
  }
  return { path: pathText(issue.path), remedy: remedyText(issue) }
}

function knownText(schema: z.ZodType | undefined, path: readonly PropertyKey[]): string {
  const keys = schema === undefined ? [] : knownKeys(schema, path)
  return keys.length === 0 ? '' : ` (known here: ${keys.join(', ')})`
}

type Issue = {
  code?: string
  path: PropertyKey[]
  message: string
  keys?: string[]
  errors?: Issue[][]
  input?: unknown
}

/** Every problem of a failed parse, each place once, in the order of the document. */
export function problemsOf(error: z.core.$ZodError, schema?: z.ZodType): readonly Problem[] {
  const found = new Map<string, Problem>()
  for (const issue of error.issues.flatMap(flatten)) {
    const all =
      issue.code === 'unrecognized_keys'
        ? (issue.keys ?? []).map((key) => ({ ...issue, keys: [key] }))
        : [issue]
    for (const one of all) {
      const problem = problemOf({ issues: [one] } as unknown as z.core.$ZodError, schema)
      if (!found.has(problem.path)) found.set(problem.path, problem)
    }
  }
  return [...found.values()]
}

/** A failed union tells of the branch that got furthest. */
function flatten(issue: unknown): Issue[] {
  const own = issue as Issue
  if (own.code !== 'invalid_union' || own.errors === undefined) return [own]
  const branches = own.errors.filter((branch) => branch.length > 0)
  const furthest = branches.toSorted((a, b) => depth(b) - depth(a))[0]
  if (furthest === undefined || depth(furthest) === 0) return [own]
  return furthest.flatMap((inner) => flatten({ ...inner, path: [...own.path, ...inner.path] }))
}

const depth = (issues: Issue[]): number => Math.max(...issues.map(({ path }) => path.length))

function remedyText(issue: Issue): string {
  const message = issue.message.replace(/^Invalid input: /, '').replace(/\s+/g, ' ')
  if (issue.code === 'invalid_type' && message.endsWith('received undefined'))
    return `missing; ${message.replace(/, received undefined$/, '')}`
  const received = /^expected object, received (\w+)$/.exec(message)?.[1]
  return received === undefined ? message : objectRemedy(received)
}

/** Whoever wrote a list meant one of several, or put brackets around the one there is. */
function objectRemedy(received: string): string {
  if (received === 'array')
    return 'a list [ ... ] where one object { ... } is needed; give one, without the brackets'
  return `an object { ... } is needed here, not ${received}`
}

/** A key may be anything that fits between quotes, and a problem is one line all the same. */
function pathText(path: readonly PropertyKey[]): string {
  let text = ''
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`
    else text += text === '' ? String(part) : `.${String(part)}`
  }
  return asCodePoints(text)
}

/** The line for a person. */
export function problemLine(file: string, problem: Problem): string {
  return problem.path === '' ? `${file}: ${problem.remedy}` : `${file}: ${problem.path}: ${problem.remedy}`
}

/** Bad input of a person: ends a command with one line and exit code 2. */
export class BadInput extends Error {
  override readonly name = 'BadInput'
}

/** Parses a document or throws BadInput with the one line. */
export function parseDocument<T>(schema: z.ZodType<T>, value: unknown, file: string): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw new BadInput(problemLine(file, problemOf(result.error, schema)))
}

/** Parses JSON text or throws BadInput with the one line. */
export function parseJsonText(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/\s+/g, ' ').slice(0, 120) : 'not JSON'
    throw new BadInput(`${file}: not JSON (${why}); correct the file`)
  }
}
