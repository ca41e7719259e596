import type { CatalogEntry } from './entry.ts'

export const curfewKinds: { readonly [kind: string]: CatalogEntry } = {}
