import type { FindingCode } from '../../services/verification/report.js'
import { seal, type Draft, type Sealing } from './ofd-draft.js'
import { sealingOf, type Ground } from './ofd-ground.js'

/** One thing done to a genuine licence, and what must come of it. */
export interface Mutation {
  title: string
  /** The check that it is aimed at, and the code that this check gives. */
  check: string
  code: FindingCode
  /** `indeterminate` where it cannot be told from an honest document. */
  verdict: 'invalid' | 'indeterminate'
  /** Other checks that cannot but notice, with their codes. None but these and the one aimed at may fail. */
  also: Record<string, FindingCode>
  make: (ground: Ground) => Buffer
}

type More = Partial<Pick<Mutation, 'verdict' | 'also'>>

export function mutation (title: string, check: string, code: FindingCode, make: (ground: Ground) => Buffer, more: More = {}): Mutation {
  return { title, check, code, verdict: 'invalid', also: {}, make, ...more }
}

/** Changes the sealed licence; the seal stays as it was. */
export function afterwards (title: string, check: string, code: FindingCode, change: (draft: Draft, ground: Ground) => Draft, more: More = {}): Mutation {
  return mutation(title, check, code, ground => change(ground.sealed.copy(), ground).bytes(), more)
}

/** Changes the licence first; then the department itself seals it, in its own way. */
export function before (title: string, check: string, code: FindingCode, change: (draft: Draft, ground: Ground) => Draft, sealing: Partial<Sealing> = {}, more: More = {}): Mutation {
  return mutation(title, check, code, ground => seal(change(ground.unsealed.copy(), ground), { ...sealingOf(ground), ...sealing }).bytes(), more)
}

export const unchanged = (draft: Draft): Draft => draft
