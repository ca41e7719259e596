import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { loadScenario } from '../scenario-file.ts'

/** Every scenario that ships, by name: the JSON files of this folder. A new one is a file of plain data. */
const folder = import.meta.dirname
const files = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .sort()

export const scenarios: ReadonlyMap<string, Awaited<ReturnType<typeof loadScenario>>> = new Map(
  await Promise.all(
    files.map(async (file) => {
      const scenario = await loadScenario(join(folder, file), file)
      return [scenario.name, scenario] as const
    }),
  ),
)
