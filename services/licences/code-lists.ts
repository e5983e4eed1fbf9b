import type { LicenceState, MoveName } from './standing.js'

/** One code of a list of licence states: the issuing system's own word, and what it means here. */
export interface StateCode { code: string, name: string, state: LicenceState, kind?: 'revoked' | 'withdrawn' }

/**
 * Lists of licence states as ministries use them. No single national list exists: a licence type names its list in configuration, and
 * connectors and answers translate by it. What a list calls 其他 means no state of ours, so `unknown`.
 * @see reference/formats.md 7.3, lists (a) and (b)
 */
export const CODE_LISTS: Readonly<Record<string, readonly StateCode[]>> = {
  a: [
    { code: '01', name: '有效', state: 'valid' },
    { code: '02', name: '暂扣', state: 'suspended' },
    { code: '03', name: '吊销', state: 'revoked', kind: 'revoked' },
    { code: '04', name: '撤销', state: 'revoked', kind: 'withdrawn' },
    { code: '05', name: '注销', state: 'cancelled' },
    { code: '06', name: '失效', state: 'expired' },
    { code: '99', name: '其他', state: 'unknown' }
  ],
  b: [
    { code: '01', name: '有效', state: 'valid' },
    { code: '02', name: '暂扣', state: 'suspended' },
    { code: '03', name: '撤销', state: 'revoked', kind: 'withdrawn' },
    { code: '04', name: '注销', state: 'cancelled' },
    { code: '05', name: '失效', state: 'expired' },
    { code: '06', name: '办理转出', state: 'cancelled' },
    { code: '07', name: '吊销', state: 'revoked', kind: 'revoked' },
    { code: '99', name: '其他', state: 'unknown' }
  ]
}

/** What a list's code means here, or undefined where it has no such code. */
export function stateOfCode (list: string, code: string): StateCode | undefined {
  return CODE_LISTS[list]?.find(entry => entry.code === code)
}

/** The list's code for a state of ours; 其他 where it has none. */
export function codeOfState (list: string, state: LicenceState, kind?: 'revoked' | 'withdrawn'): StateCode | undefined {
  const codes = CODE_LISTS[list]
  // A replaced licence is no longer in force, for which both lists say 失效.
  const wanted = state === 'replaced' ? 'expired' : state
  return codes?.find(entry => entry.state === wanted && (entry.kind === undefined || entry.kind === (kind ?? 'revoked'))) ?? codes?.find(({ code }) => code === '99')
}

/** Operation types of list (a), as moves. @see reference/formats.md 7.3 */
export const OPERATIONS: Readonly<Record<string, { name: string, move: MoveName }>> = {
  '01': { name: '新发', move: 'issued' },
  '02': { name: '延续', move: 'changed' },
  '03': { name: '暂扣', move: 'suspended' },
  '04': { name: '过期失效', move: 'expired' },
  '05': { name: '注销', move: 'cancelled' },
  '06': { name: '暂扣发还', move: 'restored' }
}
