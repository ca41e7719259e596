import type { CatalogEntry } from './entry.ts'

export const drivingTimeKinds: { readonly [kind: string]: CatalogEntry } = {}
