import { readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { Failure } from '../../services/core/failure.js'
import { told } from '../../services/core/words.js'

/** Where a secret stands: never in a configuration document itself, nor on a command line that others on the machine can read. */
export type SecretPlace = { file: string } | { env: string }

const SECRET_BYTES = 4096

/**
 * @param beside - the document that names the place; a file is relative to it
 * @throws {Failure} CONFIG_INVALID, which names the place and never what stands there
 */
export function readSecret (place: SecretPlace, beside: string, environment: NodeJS.ProcessEnv): string {
  const secret = 'env' in place ? environment[place.env] : readShort(resolve(dirname(beside), place.file))
  const name = 'env' in place ? place.env : place.file
  if (secret === undefined) throw new Failure('CONFIG_INVALID', `${name}: ${told('没有，或读不出来', 'is not there or cannot be read')}`)
  if (!/^[^\u0000-\u001f\u007f]+$/.test(secret)) throw new Failure('CONFIG_INVALID', `${name}: ${told('里面不是单独一行的口令', 'holds no secret of one line')}`) // eslint-disable-line no-control-regex -- it must hold none
  return secret
}

function readShort (path: string): string | undefined {
  try {
    return statSync(path).size > SECRET_BYTES ? '' : readFileSync(path, 'utf8').replace(/\r?\n$/, '')
  } catch { return undefined }
}
