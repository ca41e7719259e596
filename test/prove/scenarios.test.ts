import { describe, expect, it } from 'vitest'
import { planOf } from '../../sim/scenario.ts'
import { scenarioOfSeed } from '../../sim/scenarios/by-seed.ts'
import { causes } from '../../sim/scenarios/causes.ts'
import { compareScenario } from './scenarios.ts'

/** The short form of `npm run prove -- --only scenarios`: what is driven is what is replayed. */

describe('a scenario through terminal and gateway, and its tape through replay', () => {
  it('come to the same findings in every word: some by chance', async () => {
    let found = 0
    for (let seed = 1; seed <= 8; seed++) {
      const compared = await compareScenario(scenarioOfSeed(seed))
      expect(compared.complaints, `seed ${seed}`).toEqual([])
      found += compared.found
    }
    expect(found).toBeGreaterThan(50)
  })

  it('and one for each cause there is', async () => {
    const kinds = new Set<string>()
    for (const { scenario } of causes) {
      const compared = await compareScenario(scenario)
      expect(compared.complaints, scenario.name).toEqual([])
      for (const kind of compared.kinds) kinds.add(kind)
    }
    expect(kinds.size).toBeGreaterThan(25)
  })

  // Each of these once differed: the symptom is in the name.
  it.each([
    ['rules were shown Samples again that a clock set back had dated twice', 45],
    ['a curfew ended at another place after the receiver dated an hour back', 32],
    ['an alert found ahead of a hole was said anew when it closed', 214],
    ['an update dated before its own beginning counted as a later word', 582],
  ])('%s', async (_, seed) => {
    expect((await compareScenario(scenarioOfSeed(seed))).complaints).toEqual([])
  })
})

describe('a scenario by chance', () => {
  it('is the same for the same seed, and stays on its road', () => {
    expect(scenarioOfSeed(7)).toEqual(scenarioOfSeed(7))
    for (let seed = 1; seed <= 60; seed++) {
      const { profile, path } = planOf(scenarioOfSeed(seed))
      expect(path.lengthM, `seed ${seed}`).toBeGreaterThan(profile.lengthM)
    }
  })

  it('meets every fault, weather, manner and class in some hundred', () => {
    const met = new Set<string>()
    for (let seed = 1; seed <= 400; seed++) {
      const { faults, weather, manner, vehicle } = scenarioOfSeed(seed)
      for (const [line, list] of Object.entries(faults))
        for (const fault of list) met.add('how' in fault ? `${line} ${fault.how}` : line)
      for (const { is } of weather) met.add(is)
      met.add(manner).add(vehicle.class)
    }
    const skies = ['void', 'tunnel', 'frozen', 'multipath', 'jammer', 'spoof', 'unplug', 'clock']
    const buses = ['silent', 'unplug', 'scale']
    expect([...met].sort()).toEqual(
      [
        ...skies.map((how) => `gnss ${how}`),
        ...buses.map((how) => `can ${how}`),
        ...['power', 'emergency', 'antenna', 'cell', 'flash'],
        ...['fog', 'ice', 'alert', 'drowsy', 'hurried', 'coach', 'hazmat', 'truck'],
      ].sort(),
    )
  })
})
