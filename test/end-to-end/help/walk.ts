import type { Browser } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { curfew, launch, missing, openScene, type Scene } from './desk.ts'

/** A desk with something of each sort to look at, and where there is to go: for tests that walk over all of it. */

export type Walk = { readonly browser: Browser; readonly scene: Scene }

/** Opened before the tests of a file, closed after them. An episode of two alerts, and a fault of a device. */
export function deskToWalk(): () => Walk {
  let walk: Walk | null = null
  beforeAll(async () => {
    if (missing) return
    const [browser, scene] = await Promise.all([launch(), openScene()])
    walk = { browser, scene }
    await scene.fire('v1', curfew)
    await scene.fire('v1', { place: { lat: 30.1, lon: 120.2 } })
    await scene.fire('v2', {
      ...{ kind: 'gnss-lost', severity: 'minor', rule: { id: 'gnss-lost', version: 1 } },
      evidence: {},
    })
  })
  afterAll(async () => {
    await walk?.browser.close()
    await walk?.scene.close()
  })
  return () => walk!
}

/** Every page but the first, each with what is there when it can be looked at. */
export const pagesToWalk: readonly (readonly [hash: string, ready: string])[] = [
  ['#/tonight', '#page table, #page .empty'],
  ['#/map', '.vehiclelist button'],
  ['#/map/f1/v1', '.aboutone h3'],
  ['#/register/cases', '#page table'],
  ['#/register/complaints', '#page [data-key=Q]'],
  ['#/register/notes', '#page [data-key=N]'],
  ['#/register/roster', '#page .card'],
  ['#/vehicles', '#page table'],
  ['#/vehicles/f1/v1', '.replay'],
  ['#/drivers', '#page table'],
  [`#/drivers/f1/${encodeURIComponent('张建国')}`, '#page .card'],
  ['#/trips', '#page table'],
  ['#/rules/f1', '.vehiclelist button'],
]
