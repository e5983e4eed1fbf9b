import type { AccessSubject } from '../../platform/http/port.js'
import { isCitizenId, isUscc } from '../core/identifiers.js'
import type { Question } from './types.js'

/** Whom or what a call is about, for its access record. */
export function aboutOf ({ resourceId, subject, key }: Pick<Question, 'resourceId' | 'subject' | 'key'>): AccessSubject {
  const code = subject ?? key ?? ''
  return aboutCode(code) ?? { kind: 'document', id: `${resourceId} ${code}` }
}

/** @returns undefined where it is the code of nobody */
export function aboutCode (code: string): AccessSubject | undefined {
  return isUscc(code) ? { kind: 'organisation', id: code } : isCitizenId(code) ? { kind: 'person', id: code } : undefined
}
