import fc from 'fast-check'

/**
 * One seed for all property tests, so that a red run speaks of the change and not of the dice; a hunt throws
 * them anew: `ROADWARDEN_SEED=$RANDOM npm test`. What a hunt finds becomes a test with its own name.
 */
fc.configureGlobal({
  ...fc.readConfigureGlobal(),
  seed: Number(process.env['ROADWARDEN_SEED'] ?? 20_261_101),
})
