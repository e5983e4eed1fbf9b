import { Failure, type FailureCode } from '../../../services/core/failure.js'

/** Bytes that are not the DER they should be; `offset` counts from the start of the input that was read. */
export class DerError extends Failure {
  readonly offset: number
  constructor (message: string, offset: number, code: FailureCode = 'DER_INVALID') {
    super(code, `${message}, at byte ${offset}`)
    this.offset = offset
  }
}
