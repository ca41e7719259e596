/** Whether a person asks what a command understands: it then prints its usage on stdout and has done its work. */
export const asksForHelp = (argv: readonly string[]): boolean =>
  argv.some((word) => word === '--help' || word === '-h')
