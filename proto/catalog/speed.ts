import type { CatalogEntry } from './entry.ts'

export const speedKinds: { readonly [kind: string]: CatalogEntry } = {}
