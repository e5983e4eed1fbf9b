import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { loadDivisions } from '../../config/divisions.js'
import { loadMatters } from '../../config/matters.js'
import { loadCalendar, loadRuleSets } from '../../config/rules.js'
import type { Settings } from '../../config/settings.js'
import { assertNotDevelopment, KeyLayout, readSigningKey, refreshCrls, renewServiceKey, type ServiceKey } from '../../keys/index.js'
import { loadPublicKey, type SigningKey } from '../../platform/crypto/index.js'
import { loadSchemas, validators } from '../../platform/http/schemas.js'
import { createServer } from '../../platform/http/server.js'
import { AccessRecords, auditRoutes, subjectKeyFrom } from '../audit/index.js'
import { createMatters } from '../catalogue/matters.js'
import { matterRoutes } from '../catalogue/routes/matters.js'
import { createCatalogue, divisionRoutes, ledgerRoutes, listRoutes, organisationRoutes, resourceRoutes } from '../catalogue/index.js'
import type { Caller } from '../core/caller.js'
import type { Clock } from '../core/clock.js'
import { Failure } from '../core/failure.js'
import { parseLicenceId } from '../core/identifiers.js'
import { keyedDigest, secretFrom } from '../core/keyed-digest.js'
import { projectRoot } from '../core/project-root.js'
import { createSharing, queryRoutes, releaseSecretsFrom, subscriptionRoutes } from '../exchange/index.js'
import { createExemptions, exemptionRoutes, formRoutes } from '../exemptions/index.js'
import { createIdentity, identityRoutes } from '../identity/index.js'
import { createIntake, DEFAULT_LIMITS, intakeRoutes } from '../intake/index.js'
import { createLicences, licenceRoutes } from '../licences/index.js'
import { createVerification, verificationRoutes, type Verification } from '../verification/index.js'
import { Believed } from './believed.js'
import { openConsole } from './console.js'
import { OrganisationNames, organisationsOf } from './organisations.js'
import { exemptionSources } from './exemption-sources.js'
import { registerFromKeys } from './registered.js'
import { releasePorts } from './release-ports.js'
import { openStores, type Stores } from './stores.js'
import { registerLookup } from './register-lookup.js'

export interface ExchangeOptions {
  settings: Settings
  clock: Clock
  /** Where log lines go, one JSON object each; nothing is written where absent. */
  logLines?: { write: (line: string) => void }
  /** The production profile refuses development keys. */
  production: boolean
}

const COUNTED = 10_000_000

/** All services in one process. */
export interface Exchange {
  app: FastifyInstance
  /** Waits until every view knows what was said before. @returns the address that it listens on, without a slash at the end */
  listen: () => Promise<string>
  /** Resolves when all events taken in so far were judged and have reached the register. */
  settled: () => Promise<void>
  /** How many licences the register holds, counted no further than ten million. */
  licences: () => Promise<number>
  /** Reads lists, trust directory and keys again. @throws {Failure} and what was believed before stays */
  reload: () => Promise<void>
  /** Ends what is in hand, then everything else, in the order in which it depends on one another. */
  close: () => Promise<void>
}

/**
 * Joins the services to the platform and to one another. Keys have to stand in the data directory.
 * @throws {Failure} DEVELOPMENT_KEYS_REFUSED, DATA_DIR_IN_USE, KEY_EXPOSED, CONFIG_INVALID, TRUST_INVALID, …
 */
export async function openExchange (options: ExchangeOptions): Promise<Exchange> {
  const { settings, clock, production } = options
  const { directory } = settings.data
  const trustProxy = trustedProxies(settings)
  if (production) assertNotDevelopment(directory)
  const stores = await openStores({ directory, lockTimeoutMs: settings.data.lockTimeoutMs, recordBytes: settings.eventLog.recordBytes, clock })
  const undo: Array<() => Promise<void>> = [stores.close]
  try {
    return await joinServices({ ...options, trustProxy }, stores, undo)
  } catch (error) {
    for (const close of undo.reverse()) await close()
    throw error
  }
}

async function joinServices ({ settings, clock, logLines, trustProxy, production }: ExchangeOptions & { trustProxy: string[] }, stores: Stores, undo: Array<() => Promise<void>>): Promise<Exchange> {
  const { directory } = settings.data
  const { eventLog, documents } = stores
  const layout = new KeyLayout(directory)
  const serviceKey = (name: ServiceKey): SigningKey => readSigningKey(layout.service(name).key)
  const server: { log?: FastifyBaseLogger } = {} // there is none yet while the services are made
  const onError = (error: unknown): void => { server.log?.error(error, 'an event could not be handled; it is tried again') }

  refreshCrls(directory, clock)
  const believed = await Believed.open({ directory, documents, listKey: loadPublicKey(readFileSync(layout.service('list').publicKey)) })
  const identity = await createIdentity({ documents, clock, settings: settings.identity, tokenKey: serviceKey('token').key })
  await registerFromKeys(identity.registry, { directory })
  const names = new OrganisationNames()
  await names.read(identity.registry)
  const renewTokenKey = async (): Promise<void> => {
    const age = clock.now().getTime() - (await identity.tokens.signingSince()).getTime()
    // The file first: if we are cut short, the next start goes on with the new key, and the old one still verifies what it signed.
    if (age >= settings.identity.tokenKeyDays * DAY_MS) await identity.tokens.rotate(renewServiceKey(directory, 'token'))
  }
  await renewTokenKey()

  const schemasDir = join(projectRoot(), 'schemas')
  const validator = validators(loadSchemas(schemasDir))
  const matters = loadMatters()
  const intake = await createIntake({
    eventLog,
    documents,
    clock,
    validate: validator,
    keyFor: async (source, kid, at) => await identity.registry.eventKey(source, kid, at),
    mayIssue: async question => believed.mayIssue(question),
    partitions: settings.eventLog.partitions,
    limits: { ...DEFAULT_LIMITS, ...intakeLimits(settings) },
    onError
  })
  const licences = await createLicences({ eventLog, documents, clock, onError })
  const divisions = loadDivisions()
  const knownMatters = new Set(matters.matters.map(({ id }) => id))
  const correctionKey = secretFrom(serviceKey('log').key, 'mianzheng correction subjects v1')
  const catalogue = await createCatalogue({
    eventLog,
    documents,
    clock,
    newId: randomUUID,
    settings: settings.catalogue,
    organisationName: async uscc => await identity.registry.organisationName(uscc),
    isDivision: (code, on) => divisions.isDivision(code, on),
    deadlines: { calendar: loadCalendar(), ruleSets: loadRuleSets() },
    hasMatter: id => knownMatters.has(id),
    subjectDigest: code => keyedDigest(correctionKey, code),
    authorities: () => believed.authorities,
    matters: () => matters,
    onError
  })
  const sharing = await createSharing({
    eventLog,
    documents,
    clock,
    newId: randomUUID,
    ports: releasePorts(catalogue, divisions),
    secrets: releaseSecretsFrom(serviceKey('log').key),
    limits: settings.exchange,
    onError
  })
  const verification = await createVerification({
    documents,
    clock,
    receiptKey: serviceKey('receipt'),
    trustDirectory: layout.trust,
    register: registerLookup(licences),
    newId: randomUUID,
    settings: settings.verification
  })
  undo.push(async () => { await verification.close() })
  const exemptions = await createExemptions({
    eventLog,
    documents,
    clock,
    newId: randomUUID,
    ports: exemptionSources({ matters, names, believed, licences, verification, sharing, catalogue, onError }),
    settings: settings.exemptions,
    partitions: settings.eventLog.partitions,
    onError
  })

  /** Tells the list of used types. A verdict does not wait for it, nor fail with it: the next one of the day tells it again. */
  const verified = ({ report: { licenceId } }: Verification, caller: Caller): void => {
    const type = licenceId === undefined ? undefined : parseLicenceId(licenceId)?.type
    if (type !== undefined) catalogue.licenceUsed({ licenceType: type, caller, way: 'verification' }).catch(onError)
  }
  const records = await AccessRecords.open(eventLog, subjectKeyFrom(serviceKey('log').key))
  const app = await createServer({
    schemasDir,
    asyncapiFile: join(schemasDir, 'asyncapi.json'),
    limits: settings.http,
    tokens: identity.tokens,
    access: records,
    clock,
    openapiInfo: { title: '免证 Mianzheng', version: versionOf(), description: '政务数据共享交换与电子证照核验 Data-sharing exchange and electronic-licence verification' },
    ...(logLines === undefined || settings.log.level === 'silent' ? {} : { logger: { level: settings.log.level, stream: logLines } }),
    readiness: { store: stores.check },
    trustProxy
  })
  undo.push(async () => { await app.close() })
  server.log = app.log
  const { allow } = app
  await app.register(async v1 => {
    await v1.register(identityRoutes, { ...identity, allow })
    await v1.register(auditRoutes, { records, allow })
    await v1.register(intakeRoutes, { intake, allow, batchBytes: settings.http.bodyBytes })
    await v1.register(licenceRoutes, { licences, clock, allow })
    await v1.register(queryRoutes, { sharing, allow })
    await v1.register(subscriptionRoutes, { sharing, allow })
    await v1.register(resourceRoutes, { resources: catalogue.resources, clock, allow })
    await v1.register(organisationRoutes, { organisations: organisationsOf(identity.registry), allow })
    await v1.register(divisionRoutes, { divisionName: (code, on) => divisions.fullName(code, on), clock, allow })
    await v1.register(listRoutes, { lists: catalogue.lists, allow })
    await v1.register(ledgerRoutes, { ...catalogue, clock, allow })
    await v1.register(verificationRoutes, { verification, allow, verified })
    await v1.register(exemptionRoutes, { exemptions, allow })
    await v1.register(formRoutes, { exemptions, allow })
    await v1.register(matterRoutes, { matters: createMatters(matters), allow })
  }, { prefix: '/v1' })
  await openConsole(app, { settings, documents, clock, development: !production && settings.province.sample })
  await app.ready()

  intake.start()
  undo.push(async () => { await intake.stop() })
  licences.start()
  undo.push(async () => { await licences.stop() })
  catalogue.start()
  undo.push(async () => { await catalogue.stop() })
  sharing.start()
  undo.push(async () => { await sharing.stop() })
  exemptions.start()
  undo.push(async () => { await exemptions.stop() })
  const reload = async (): Promise<void> => {
    refreshCrls(directory, clock)
    await believed.reload()
    verification.reloadTrust()
    await registerFromKeys(identity.registry, { directory })
    await names.read(identity.registry)
    await renewTokenKey()
  }
  const reloading = setInterval(() => {
    reload().catch((error: unknown) => { app.log.error(error, 'lists, trust or keys could not be read again; what was believed before stays') })
  }, settings.trust.reloadSeconds * 1000)
  undo.push(async () => { clearInterval(reloading) })
  const escalating = setInterval(() => {
    for (const late of [catalogue.demands, catalogue.grants]) late.escalate().catch((error: unknown) => { app.log.error(error, 'what is overdue could not be told to the authority; it is tried again') })
  }, settings.catalogue.escalateSeconds * 1000)
  undo.push(async () => { clearInterval(escalating) })

  // A view that is still being built tells of a past in which nothing was revoked or pulled yet.
  const caughtUp = async (): Promise<void> => { await Promise.all([licences, sharing, catalogue, exemptions, intake.quarantine].map(async view => { await view.idle() })) }
  let closed: Promise<void> | undefined
  return {
    app,
    listen: async () => {
      const { host, port } = settings.http
      await caughtUp()
      try { return await app.listen({ host, port }) } catch (cause) {
        throw new Failure('LISTEN_FAILED', `${host}:${port}: ${(cause as NodeJS.ErrnoException).code ?? String(cause)}`, { cause })
      }
    },
    settled: async () => {
      await intake.idle()
      await licences.idle()
      await sharing.idle()
      await catalogue.idle()
      await intake.idle() // what the register refused is in quarantine now
    },
    licences: async () => await licences.count(COUNTED),
    reload,
    close: async () => {
      // The server first, so that nothing new comes in; then those who read the log; the stores last.
      closed ??= (async () => {
        clearInterval(reloading)
        clearInterval(escalating)
        await app.close()
        await Promise.all([intake.stop(), licences.stop(), catalogue.stop(), sharing.stop(), exemptions.stop()])
        await verification.close()
        await stores.close()
      })()
      await closed
    }
  }
}

const DAY_MS = 86_400_000

function intakeLimits ({ intake }: Settings): Partial<typeof DEFAULT_LIMITS> {
  const { jsonDepth, ...limits } = intake
  return { ...limits, eventDepth: jsonDepth }
}

/** @throws {Failure} CONFIG_INVALID one of them is no address: better not to start than to believe another */
function trustedProxies ({ http }: Settings): string[] {
  const proxies = http.trustedProxies === '' ? [] : http.trustedProxies.split(',')
  for (const proxy of proxies) {
    const [address = '', bits] = proxy.split('/')
    const width = isIP(address) === 6 ? 128 : 32
    if (isIP(address) === 0 || (bits !== undefined && (Number(bits) < 1 || Number(bits) > width))) {
      throw new Failure('CONFIG_INVALID', `http.trustedProxies: ${proxy} is no address or network`)
    }
  }
  return proxies
}

function versionOf (): string { return (JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8')) as { version: string }).version }
