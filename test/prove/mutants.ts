import { parseSync, Visitor } from 'oxc-parser'

/** Small faults that a programmer makes, found in the syntax tree of a file: each is one replacement of text. */
export type Mutant = {
  readonly start: number
  readonly end: number
  readonly text: string
  /** What it was, for people. */
  readonly was: string
  /** The name of a property: what stands for it needs brackets. */
  readonly isKey?: true
}

type Node = {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [key: string]: unknown
}

/** The boundary and the opposite of each comparison, the other of each pair of operators. */
const others: { readonly [operator: string]: readonly string[] } = {
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '===': ['!=='],
  '!==': ['==='],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
  '&': ['|'],
  '|': ['&'],
  '<<': ['>>'],
  '>>': ['<<'],
  '>>>': ['<<'],
  '&&': ['||'],
  '||': ['&&'],
}

export function mutantsOf(path: string, source: string): Mutant[] {
  const found: Mutant[] = []
  walk(parseSync(path, source).program as unknown as Node, source, found)
  return found
}

/** Where statements begin that are expressions: without semicolons, a bracket there would call the line before. */
export function statementStarts(path: string, source: string): Set<number> {
  const starts = new Set<number>()
  new Visitor({ ExpressionStatement: ({ start }) => void starts.add(start) }).visit(
    parseSync(path, source).program,
  )
  return starts
}

function walk(value: unknown, source: string, found: Mutant[]): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, source, found)
    return
  }
  if (typeof value !== 'object' || value === null) return
  const node = value as Node
  // Types say nothing at run time; what is only called by a type is a value.
  if (typeof node.type === 'string' && node.type.startsWith('TS')) {
    if (wrappers.has(node.type)) walk(node['expression'], source, found)
    return
  }
  if (typeof node.type === 'string') mutate(node, source, found)
  const named = node.type === 'Property' && node['computed'] !== true
  if (named) key(node['key'] as Node, source, found)
  for (const [name, part] of Object.entries(node)) if (!named || name !== 'key') walk(part, source, found)
}

/** Expressions around an expression, which the stripping of types leaves. */
const wrappers: ReadonlySet<string> = new Set([
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
])

function mutate(node: Node, source: string, found: Mutant[]): void {
  if (node.type === 'BinaryExpression' || node.type === 'LogicalExpression') operator(node, source, found)
  if (node.type === 'UnaryExpression' && node['operator'] === '!')
    replace(node, textOf(node['argument'], source), source, found)
  if (node.type === 'Literal') literal(node, source, found)
  if (node.type === 'IfStatement' || node.type === 'ConditionalExpression')
    condition(node['test'] as Node, source, found)
}

/** What an operator decides is turned round there. */
function condition(test: Node, source: string, found: Mutant[]): void {
  if (test.type !== 'BinaryExpression' && test.type !== 'UnaryExpression')
    replace(test, `!(${textOf(test, source)})`, source, found)
}

function operator(node: Node, source: string, found: Mutant[]): void {
  const [left, right] = [node['left'], node['right']] as [Node, Node]
  const was = node['operator'] as string
  if (was === '??') replace(node, `(${textOf(left, source)})`, source, found)
  if (was === '+' && (isText(left) || isText(right))) return
  for (const other of others[was] ?? []) {
    const text = `${textOf(left, source)} ${other} ${textOf(right, source)}`
    // A chain of && and || may not be mixed with ?? without brackets.
    replace(node, node.type === 'LogicalExpression' ? `(${text})` : text, source, found)
  }
}

const isText = (node: Node): boolean =>
  node.type === 'TemplateLiteral' || (node.type === 'Literal' && typeof node['value'] === 'string')

function literal(node: Node, source: string, found: Mutant[]): void {
  const { value } = node as unknown as { value: unknown }
  if (typeof value === 'boolean') replace(node, String(!value), source, found)
  if (typeof value === 'number') replace(node, `(${value} + 1)`, source, found)
}

function key({ start, end, ...node }: Node, source: string, found: Mutant[]): void {
  const { value } = node as unknown as { value: unknown }
  if (typeof value !== 'number') return
  found.push({ start, end, text: `[${value} + 1]`, was: source.slice(start, end), isKey: true })
}

const textOf = (node: unknown, source: string): string => {
  const { start, end } = node as Node
  return source.slice(start, end)
}

function replace({ start, end }: Node, text: string, source: string, found: Mutant[]): void {
  found.push({ start, end, text, was: source.slice(start, end) })
}
