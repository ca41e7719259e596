/** The checker lives with the simulator, which must not import tests; tests find it where they look for it. */
export * from '../sim/invariants.ts'
