import type { SimWorld } from './world.ts'

/** What goes wrong in a simulated world. Each begins at a moment of the seed and says itself when it is over. */
type Trouble = (world: SimWorld) => void

const anyVehicle = (world: SimWorld) => world.dice.pick('trouble/vehicle', world.vehicles)

function forAWhile(world: SimWorld, fromMs: number, toMs: number, over: () => void): void {
  world.scheduler.at(world.dice.between('trouble/length', fromMs, toMs), over, null)
}

const killTerminal: Trouble = (world) => anyVehicle(world).die(false)
const cutPowerOfTerminal: Trouble = (world) => anyVehicle(world).die(true)
const killGateway: Trouble = (world) => world.gateway.die(false)
const cutPowerOfGateway: Trouble = (world) => world.gateway.die(true)
const resetLinks: Trouble = (world) => world.network.resetAll('connection reset')
const blink: Trouble = (world) => world.network.cutFor(world.dice.between('trouble/blink', 500, 20_000))
const tunnel: Trouble = (world) => world.network.cutFor(world.dice.between('trouble/tunnel', 30_000, 150_000))
const replay: Trouble = (world) => world.network.replayOne()

const slowNetwork: Trouble = (world) => {
  const { weather } = world.network
  weather.maxDelayMs = world.dice.between('trouble/delay', 200, 10_000)
  forAWhile(world, 5000, 60_000, () => {
    weather.maxDelayMs = 40
  })
}

const terminalDiskRefuses: Trouble = (world) => {
  world.outboxFaults.refuses = world.dice.pick('trouble/refuses', [0.1, 0.5, 1])
  forAWhile(world, 1000, 45_000, () => {
    world.outboxFaults.refuses = 0
  })
}

/** The gateway ends at the first write that fails, so this is a chain of restarts. */
const gatewayDiskRefuses: Trouble = (world) => {
  world.journalFaults.refuses = world.dice.pick('trouble/refuses', [0.1, 0.5])
  forAWhile(world, 1000, 20_000, () => {
    world.journalFaults.refuses = 0
  })
}

/** By a little, a day or years, either way: what the machine of the vehicle believes at its next start. */
const terminalJumps = [-86_400_000, -7000, 4000, 25_000, 3_600_000, 86_400_000, 20 * 365 * 86_400_000]
const terminalClockJumps: Trouble = (world) => {
  anyVehicle(world).clockOffMs = world.dice.pick('trouble/jump', terminalJumps)
}

/** It starts with a wrong clock and no fix: everything of its first seconds is dated by the machine alone. */
const startWithWrongClock: Trouble = (world) => {
  const vehicle = anyVehicle(world)
  vehicle.clockOffMs = world.dice.pick('trouble/jump', terminalJumps)
  blindSky(world)
  vehicle.die(world.dice.happens('trouble/power', 0.5))
}

/** Behind, it takes for the future what is true; ahead, it believes what a wrong clock says. */
const gatewayJumps = [-86_400_000, -3_600_000, -25_000, 4000, 3_600_000, 86_400_000]
const gatewayClockJumps: Trouble = (world) => {
  world.gateway.clockOffMs = world.dice.pick('trouble/jump', gatewayJumps)
}

const officerAway: Trouble = (world) => {
  const officer = world.dice.pick('trouble/officer', world.officers)
  officer.leave()
  forAWhile(world, 1000, 60_000, () => officer.comeBack(world.gateway.journal))
}

const blindSky: Trouble = (world) => {
  world.skyBlindUntilMs = world.scheduler.nowMs + world.dice.between('trouble/blind', 3000, 60_000)
}

export const troubles: readonly Trouble[] = [
  killTerminal,
  cutPowerOfTerminal,
  killGateway,
  cutPowerOfGateway,
  resetLinks,
  blink,
  tunnel,
  replay,
  slowNetwork,
  terminalDiskRefuses,
  gatewayDiskRefuses,
  terminalClockJumps,
  startWithWrongClock,
  gatewayClockJumps,
  officerAway,
  blindSky,
]
