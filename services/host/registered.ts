import { readClients, readDepartments, type PublicKeyEntry } from '../../keys/index.js'
import type { Registry } from '../identity/index.js'

/**
 * Makes known to identity who stands in DATA_DIR/keys: organisations, their systems, and the keys that sign events. Only public
 * halves are read. Runs at each start and reload: what is known already stays, a suspension too; a key whose file changed is replaced.
 * @throws {Failure} KEYS_INCONSISTENT a file cannot be read; IDENTITY_INVALID
 */
export async function registerFromKeys (registry: Registry, { directory }: { directory: string }): Promise<void> {
  const departments = readDepartments(directory)
  const clients = readClients(directory)
  const names = new Map(departments.map(({ uscc, name }) => [uscc, name]))
  for (const { organisation, name } of clients) if (!names.has(organisation)) names.set(organisation, name)
  for (const [uscc, name] of names) await registry.registerOrganisation({ uscc, name })
  for (const { uscc, eventKeys } of departments) {
    for (const key of eventKeys) await registry.registerEventKey({ organisation: uscc, ...known(key) })
  }
  for (const { id, organisation, name, roles, keys } of clients) {
    await registry.registerClient({ id, organisation, name, roles, keys: keys.map(known) })
  }
}

function known ({ jwk, from, to }: PublicKeyEntry): { jwk: object, from?: Date, to?: Date } {
  return { jwk, ...(from === undefined ? {} : { from: new Date(from) }), ...(to === undefined ? {} : { to: new Date(to) }) }
}
