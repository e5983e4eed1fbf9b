import type { AccessSubject } from '../../platform/http/port.js'
import { isCitizenId, isUscc } from '../core/identifiers.js'
import type { SharedResource } from './ports.js'
import { codeIn, type HeldRecord } from './records.js'
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

/** Whose a record is: by what it says, or by its key; undefined where it is nobody's in particular. */
export function aboutRecord ({ key, values }: HeldRecord, { subjectItem }: Pick<SharedResource, 'subjectItem'>): AccessSubject | undefined {
  return aboutCode((subjectItem === undefined ? undefined : codeIn(values?.[subjectItem])) ?? key)
}
