/** Exit statuses of the command line; 64 and 66 as in sysexits.h. */
export const EXIT = { ok: 0, valid: 0, invalid: 1, failed: 1, indeterminate: 2, usage: 64, noInput: 66 } as const
