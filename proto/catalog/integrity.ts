import type { CatalogEntry } from './entry.ts'

export const integrityKinds: { readonly [kind: string]: CatalogEntry } = {}
