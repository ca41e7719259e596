/** The version of this program, as package.json has it (a test compares): it stands in every tape. */
export const programVersion = '0.1.0'
