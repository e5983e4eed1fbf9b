import type { Uscc } from '../../services/core/identifiers.js'
import type { RegisterRow } from '../register-row.js'
import { heldTail, isBeyond, namesOfSet, type DeletionLimits, type Held } from '../sdk/guard.js'
import { isMark, readMark } from './marks.js'
import { rowKey, type Decision, type Issued } from './register-changes.js'

/** A row that takes a licence out of force which the connector has issued. It waits until it is known how many do. */
export interface Ending { at: string, row: RegisterRow }

/** Marks of the outbox: the set that a person confirmed, as far as it is not told yet, and for how long endings have been held. */
export const CONFIRMED_MARK = 'endings/confirmed'
export const HELD_MARK = 'endings/held'

export function isEnding (previous: Issued | undefined, decision: Decision): boolean {
  return previous !== undefined && decision.kind === 'changed' && decision.next.state !== 'issued' && decision.next.state !== previous.state
}

/** The licences among these marks that have not ended. */
export function standing (marks: ReadonlyMap<string, string>): number {
  let count = 0
  for (const [name, mark] of marks) if (isMark(name) && ['issued', 'suspended'].includes(readMark(mark).state)) count++
  return count
}

/** In the order in which they are told and named: what is left of a set is known by the name of its rest. */
export function inOrder (endings: readonly Ending[]): Ending[] {
  return endings.map(ending => ({ ending, said: saidOf(ending) })).sort((a, b) => a.said < b.said ? -1 : 1).map(({ ending }) => ending)
}

/** @param endings - in their order */
export function namesOfEndings (issuer: Uscc, endings: readonly Ending[]): string[] { return namesOfSet(`endings of ${issuer}`, endings.map(saidOf)) }

export function mustAsk (endings: number, standing: number, limits: DeletionLimits): boolean { return isBeyond(endings, standing, limits.holdAboveRows, limits) }

export function endingsHeldMessage ({ endings, standing, name, held, list }: { endings: readonly Ending[], standing: number, name: string, held: Held, list: string }): string {
  const percent = Math.floor(endings.length * 100 / standing)
  return `登记簿会让 ${standing} 件证照中的 ${endings.length} 件（${percent}%）被吊销、注销或暂扣。\n` +
    `  The register would revoke, cancel or suspend ${endings.length} of ${standing} licences (${percent}%).` +
    heldTail({ keys: endings.map(({ row }) => row.serial), held, list, option: '--confirm-revocations', name })
}

export function endingLine (ending: Ending): string { return `${saidOf(ending)}\n` }

/** What is confirmed is the licence, its state and the day. */
function saidOf ({ row }: Ending): string { return `${rowKey(row)} ${row.changed?.to ?? ''} ${row.changed?.on ?? ''}` }
