import { openEvidenceKey } from '../../../gateway/evidence-key.ts'
import { openSqliteJournal } from '../../../gateway/journal/sqlite.ts'

/** Lets go every day but the newest, and is killed on the way. */
const [dataDir, nowMs] = process.argv.slice(2)
const journal = openSqliteJournal({ dataDir: dataDir!, zone: 'Asia/Shanghai', nowMs: () => Number(nowMs) })
journal.removePast('9999-12-31', () => true, openEvidenceKey(dataDir!))
