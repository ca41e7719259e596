import type { z } from 'zod'

/** The keys an object at this place of a document may have, as the schema knows them; none where it holds no object. */
export function knownKeys(schema: z.core.$ZodType, path: readonly PropertyKey[]): readonly string[] {
  const [key, ...rest] = path
  return [...new Set(objectsIn(schema).flatMap((inner) => keysBelow(inner, key, rest)))]
}

function keysBelow(
  schema: z.core.$ZodType,
  key: PropertyKey | undefined,
  rest: readonly PropertyKey[],
): readonly string[] {
  const { def } = (schema as z.core.$ZodTypes)._zod
  if (def.type === 'array') return key === undefined ? [] : knownKeys(def.element, rest)
  if (def.type === 'record') return key === undefined ? [] : knownKeys(def.valueType, rest)
  if (def.type !== 'object') return []
  if (key === undefined) return Object.keys(def.shape)
  const next = def.shape[String(key)]
  return next === undefined ? [] : knownKeys(next, rest)
}

/** What a schema is about when what may be absent, null, one of several or changed afterwards is taken off. */
function objectsIn(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  const { def } = (schema as z.core.$ZodTypes)._zod
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'readonly':
    case 'catch':
    case 'nonoptional':
      return objectsIn(def.innerType)
    case 'pipe':
      return objectsIn(def.in)
    case 'lazy':
      return objectsIn(def.getter())
    case 'union':
      return def.options.flatMap(objectsIn)
    case 'intersection':
      return [...objectsIn(def.left), ...objectsIn(def.right)]
    default:
      return [schema]
  }
}
