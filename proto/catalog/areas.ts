import type { CatalogEntry } from './entry.ts'

export const areaKinds: { readonly [kind: string]: CatalogEntry } = {}
