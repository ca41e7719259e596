import { createMemoryOutbox, memoryDisk } from '../../../device/outbox/memory.ts'
import { coach, outboxContract } from '../../contract/outbox.ts'

outboxContract(
  'memory outbox',
  () => {
    const disk = memoryDisk()
    return {
      open: (options = {}) => createMemoryOutbox({ ...coach, ...options }, disk),
      dispose: () => {},
    }
  },
  40,
)
