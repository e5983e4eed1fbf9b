/* Made from settings.v1.json by npm run generate. */

/**
 * Every setting of the exchange, its unit in its name. Values come from config/, see config/settings.ts.
 */
export interface Settings {
  /**
   * The HTTP server
   */
  http: {
    /**
     * Address to listen on; loopback unless said otherwise
     */
    host: string
    /**
     * Port; 0 takes any free one
     */
    port: number
    /**
     * Largest request body that is not a file, bytes
     */
    bodyBytes: number
    /**
     * Deepest nesting of JSON that is read, levels
     */
    jsonDepth: number
    /**
     * Largest request head, bytes
     */
    headerBytes: number
    /**
     * Longest that a client may take to send a request, milliseconds
     */
    requestTimeoutMs: number
    /**
     * Requests that one client may make in a minute
     */
    requestsPerMinute: number
    /**
     * Addresses or networks of proxies whose X-Forwarded-* headers are believed, separated by commas; empty believes none
     */
    trustedProxies: string
    /**
     * Longest that requests in hand may take once the service is told to stop, milliseconds
     */
    closeTimeoutMs: number
    /**
     * Longest that one request may be worked on before the answer is TIMED_OUT, milliseconds
     */
    handlerTimeoutMs: number
    /**
     * Requests from one network address in a minute, with or without a token; departments behind one gateway share it
     */
    addressRequestsPerMinute: number
  }
  /**
   * Where things last
   */
  data: {
    /**
     * Folder of the database, files, keys and trust
     */
    directory: string
    /**
     * Longest wait for a locked database before the answer is an error, milliseconds
     */
    lockTimeoutMs: number
  }
  /**
   * The event log
   */
  eventLog: {
    /**
     * Partitions of the topics inbound, trusted and quarantine; fixed when they are first made
     */
    partitions: number
    /**
     * Largest record, bytes
     */
    recordBytes: number
  }
  /**
   * What events must satisfy
   */
  intake: {
    /**
     * Largest event, bytes
     */
    eventBytes: number
    /**
     * Deepest nesting of an event, levels
     */
    jsonDepth: number
    /**
     * Most events that one request may carry
     */
    batchEvents: number
    /**
     * Most events that are judged together
     */
    judgedTogether: number
    /**
     * How far ahead a decision may take effect, days
     */
    effectiveAheadDays: number
    /**
     * How far ahead of our clock an event may be dated, milliseconds
     */
    clockSkewMs: number
  }
  /**
   * Who is calling
   */
  identity: {
    /**
     * What the exchange calls itself in tokens; audience of client assertions
     */
    issuer: string
    /**
     * Life of an access token, seconds
     */
    tokenSeconds: number
    /**
     * Longest life of a client assertion, seconds
     */
    assertionSeconds: number
    /**
     * How far clocks of clients may differ from ours, seconds
     */
    clockSkewSeconds: number
    /**
     * After how many days the key that signs access tokens is replaced
     */
    tokenKeyDays: number
    /**
     * How long a person who signed in at the console may work before signing in again, seconds
     */
    signInSeconds: number
    /**
     * Must each token be bound to its holder's key (DPoP)?
     */
    senderConstrained: 'optional' | 'required'
  }
  /**
   * Judging documents
   */
  verification: {
    /**
     * Worker threads that read documents
     */
    workers: number
    /**
     * Most documents that wait for a worker; clients have turns, and of a full queue whoever has most waiting gives way
     */
    queueDocuments: number
    /**
     * Longest that one document may take, milliseconds
     */
    timeoutMs: number
    /**
     * Heap of a worker, MiB
     */
    workerMemoryMiB: number
    /**
     * Largest document, bytes
     */
    fileBytes: number
    /**
     * Most bytes of requests to verify that are in memory at a time, those that wait for a verdict among them; one alone is let in however large
     */
    uploadBytes: number
    /**
     * How much of uploadBytes the requests of one client may take up at a time, percent; one request alone is let in however large
     */
    uploadSharePercent: number
    /**
     * Most entries of a package
     */
    zipEntries: number
    /**
     * Largest entry once inflated, bytes
     */
    zipEntryBytes: number
    /**
     * All entries once inflated, bytes
     */
    zipTotalBytes: number
    /**
     * Largest ratio of inflated to packed bytes of an entry
     */
    zipRatio: number
    /**
     * Largest XML file, bytes
     */
    xmlBytes: number
    /**
     * Deepest nesting of XML, levels
     */
    xmlDepth: number
    /**
     * Most elements of one XML file
     */
    xmlNodes: number
    /**
     * Largest seal or seal signature, bytes
     */
    sealBytes: number
    /**
     * Deepest nesting of the ASN.1 of a seal or seal signature, levels
     */
    asn1Depth: number
    /**
     * Most signatures of one document
     */
    signatures: number
  }
  /**
   * Release of data under grants
   */
  exchange: {
    /**
     * Most records in one answer to a query
     */
    answerRows: number
    /**
     * Most records in one page of a subscription, and most keys in one page of a comparison
     */
    pageRows: number
    /**
     * Most records of one day and subscription that are counted and compared; each takes some 200 bytes of memory meanwhile
     */
    dayRows: number
    /**
     * Most subscriptions that run at a time for one consumer
     */
    consumerSubscriptions: number
  }
  /**
   * Which materials an applicant may skip
   */
  exemptions: {
    /**
     * How long one source may take to answer; then it counts as silent, for this request
     */
    sourceTimeoutMs: number
    /**
     * How long all sources of one request may take together; what has not answered by then counts as silent
     */
    answerTimeoutMs: number
    /**
     * Questions that one request puts to sources at a time
     */
    concurrentCalls: number
    /**
     * Most choices that are tried to find the least set of materials; beyond it the request is refused, never guessed
     */
    resolverSteps: number
    /**
     * Most licences of one type that are looked at for one holder
     */
    heldLicences: number
  }
  /**
   * Whom to believe
   */
  trust: {
    /**
     * How often signed lists and lists of revoked certificates are looked at again, seconds
     */
    reloadSeconds: number
  }
  /**
   * The web pages
   */
  console: {
    /**
     * After how long without a click a person is signed out, seconds
     */
    idleSeconds: number
    /**
     * Most files that are verified together
     */
    filesAtOnce: number
  }
  /**
   * What is written about the running service, as JSON lines on standard error
   */
  log: {
    /**
     * Least weight of what is written
     */
    level: 'silent' | 'error' | 'warn' | 'info' | 'debug'
  }
  /**
   * The department side
   */
  connectors: {
    /**
     * Largest row of a source, bytes
     */
    rowBytes: number
    /**
     * Largest CSV file, bytes
     */
    fileBytes: number
    /**
     * Most columns of a CSV file
     */
    columns: number
    /**
     * Events that a connector sends in one request
     */
    batchEvents: number
    /**
     * Percent of the published rows, or of the licences in force, that one pass may take away without asking; both limits have to be exceeded. At 100 nobody is asked; a source's document may say its own
     */
    holdAbovePercent: number
    /**
     * The same, in rows or licences
     */
    holdAboveRows: number
  }
  /**
   * The sample province that `npm start` brings up
   */
  province: {
    /**
     * Make the sample province where the data directory is empty
     */
    sample: boolean
    /**
     * Seed of its people, shops and registers
     */
    seed: number
    /**
     * People
     */
    people: number
    /**
     * Shops
     */
    shops: number
    /**
     * Licences
     */
    licences: number
  }
  /**
   * The catalogue of what is held and owed
   */
  catalogue: {
    /**
     * Most resources that the catalogue holds; each takes some 5 KiB of memory for searching
     */
    resources: number
    /**
     * Largest description of a resource, bytes of JSON
     */
    resourceBytes: number
    /**
     * How often replies and shared data whose time has run out are looked for, to tell the authority
     */
    escalateSeconds: number
    /**
     * Form of classification codes (类, 项, 目, 细目 and a sequence), a regular expression for the whole code: provinces have variants
     */
    classificationPattern: string
  }
}
