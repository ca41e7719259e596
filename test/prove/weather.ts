import { proxyModes } from '../help/proxy.ts'
import { type DrivesReport, proveDrive } from './kills.ts'
import { sleep, type Victims } from './victims.ts'

/**
 * What happens around two programs that are never killed: every weather of the network, clocks that jump on either
 * machine, a receiver's line that breaks off. Each mode so many times, in short spells; then the silent ones once more, each
 * for longer than a keep-alive of the terminal and the patience of the gateway with it.
 */
export type WeatherReport = DrivesReport & {
  readonly spells: number
  /** Spells longer than a keep-alive. */
  readonly outlasted: number
  readonly jumps: number
  readonly unplugged: number
}

/** Good weather is none. */
export const weathers = proxyModes.filter((mode) => mode !== 'pass')
/** Of these neither end hears anything: only its own clock tells it. */
const silences = ['blackhole', 'half-open', 'rebinding'] as const
/** The terminal asks every 30 s, and either end gives up after half as long again. */
const silentMs = 50_000
const dayMs = 86_400_000
const terminalJumps = [-dayMs, -7000, 4000, 25_000, 3_600_000, dayMs]
const gatewayJumps = [-3_600_000, -25_000, 4000, 3_600_000]

export async function proveWeather(timesEach: number, seed: number): Promise<WeatherReport> {
  const count = { spells: 0, outlasted: 0, jumps: 0, unplugged: 0 }
  const report = await proveDrive(
    seed,
    async (victims) => {
      const proxy = await victims.throughProxy(victims.dice.between('weather/delay', 2000, 10_000))
      for (let n = 0; n < timesEach * weathers.length; n++) {
        const mode = weathers[n % weathers.length]!
        proxy.turn(mode, victims.dice.happens('weather/cut', 0.5))
        count.spells++
        // Whoever was refused for a while comes back in minutes; started anew it meets this weather now.
        if (victims.dice.happens('weather/anew', 0.5)) await victims.restartTerminals()
        await sleep(victims.dice.between('weather/lasts', 300, 1500))
        await disturb(victims, count)
      }
      // Two of them at least, whatever the size: minutes that nothing can shorten.
      for (const mode of silences.slice(0, timesEach < 2 ? 0 : silences.length)) {
        proxy.turn('pass', true)
        await victims.restartTerminals()
        await sleep(3000)
        proxy.turn(mode, false)
        await sleep(silentMs)
        count.outlasted++
      }
      proxy.turn('pass', true)
      victims.setClock('gateway', 0)
      await victims.restartTerminals(() => victims.setClock('terminal', 0))
      return []
    },
    false,
  )
  return { ...report, ...count }
}

async function disturb(victims: Victims, count: { jumps: number; unplugged: number }): Promise<void> {
  const { dice } = victims
  if (dice.happens('weather/unplug', 0.3)) {
    victims.unplug()
    count.unplugged++
  }
  if (dice.happens('weather/jump', 0.3)) {
    const whose = dice.pick('weather/whose', ['gateway', 'terminal'] as const)
    const jump = (): void =>
      victims.setClock(whose, dice.pick('weather/by', whose === 'gateway' ? gatewayJumps : terminalJumps))
    count.jumps++
    // In a vehicle the wall clock is asked when a boot begins and never again; a simulated clock that is set while
    // a terminal runs would move dates that its receiver had proven, and the gateway would wait for that day.
    if (whose === 'terminal') await victims.restartTerminals(jump)
    else jump()
  }
}
