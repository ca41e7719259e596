/** Limits are judged on both sides (the gateway measures sections), so they live in `proto`. */
export { binds } from '../../proto/limits.ts'
