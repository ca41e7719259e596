import type { CatalogEntry } from './entry.ts'

export const routeKinds: { readonly [kind: string]: CatalogEntry } = {}
