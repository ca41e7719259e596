/** Loaded into a process that is watched: SIGUSR2 makes it collect its garbage, so that what it holds can be weighed. */
process.on('SIGUSR2', () => globalThis.gc?.())
