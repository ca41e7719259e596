import { writeSync } from 'node:fs'
import { Dice } from '../../../sim/swarm/dice.ts'
import { subjects } from './subjects.ts'

/** One life of a subject, for strace to watch: each promise is one line on standard output, written as it is made. */
const [name = '', folder = '', seed = '', life = '', steps = ''] = process.argv.slice(2)
const dice = new Dice(Number(seed) * 10 + Number(life))
const script = { life: Number(life), steps: Number(steps), dice }
await subjects[name]!.run(folder, script, (promise) => {
  writeSync(1, `${JSON.stringify(promise)}\n`)
})
