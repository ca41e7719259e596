import { filesSubject } from './files.ts'
import { journalSubject } from './journal.ts'
import { outboxSubject } from './outbox.ts'
import { registerSubject } from './register.ts'
import type { Subject } from './subject.ts'

export const subjects: { readonly [name: string]: Subject<unknown> } = {
  outbox: outboxSubject as Subject<unknown>,
  journal: journalSubject as Subject<unknown>,
  register: registerSubject as Subject<unknown>,
  files: filesSubject as Subject<unknown>,
}
