import { parentPort } from 'node:worker_threads'
import { compareTrip, type Task } from './task.ts'

/** A thread that compares one trip after another. */
const port = parentPort
if (port === null) throw new Error('the worker of what-if runs in a thread')
port.on('message', (task: Task) => {
  void compareTrip(task).then((outcome) => port.postMessage(outcome))
})
