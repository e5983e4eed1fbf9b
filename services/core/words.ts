import type { FailureCode } from './failure.js'

/** What a person reads: Chinese first, English beside it; then what to do about it. Short sentences, no blame. */
export interface Words { zh: string, en: string, mend: { zh: string, en: string } }

/** What somebody who asks for a correction says is the matter with what was told. */
export const CORRECTION_KINDS = {
  wrong: { zh: '内容不对', en: 'It is wrong' },
  outdated: { zh: '已过时', en: 'It is outdated' },
  missing: { zh: '缺少', en: 'It is missing' },
  'not-this-subject': { zh: '不是这个人或单位', en: 'It is about somebody else' }
}

/** Both languages in one line. */
export type Bilingual = `${string} / ${string}`
/** Both languages in one line, Chinese first: the only place that writes it so. */
export function told (zh: string, en: string): Bilingual { return `${zh} / ${en}` }

/** One entry for each failure; docs/failures.md is made from these by `npm run generate`. */
export const FAILURE_WORDS: Record<FailureCode, Words> = {
  // Shape and limits of what comes in
  INPUT_INVALID: { zh: '提交的内容不符合格式要求', en: 'The input does not have the required shape', mend: { zh: '请按 violations 逐条改正后重新提交', en: 'Mend each of the listed violations and send it again' } },
  JSON_INVALID: { zh: 'JSON 无法按唯一方式读取', en: 'The JSON cannot be read in one way only', mend: { zh: '请用 UTF-8 编码，去掉重名的键和超出精度的数', en: 'Send UTF-8 without doubled names or numbers beyond 2^53' } },
  BODY_TOO_LARGE: { zh: '内容超过大小上限', en: 'The content is larger than the limit', mend: { zh: '请拆分后提交，或请运维核对上限设置', en: 'Send less at a time, or ask the operator about the limit' } },
  JSON_TOO_DEEP: { zh: 'JSON 嵌套层数超过上限', en: 'The JSON is nested deeper than the limit', mend: { zh: '请减少嵌套层数', en: 'Nest less deeply' } },
  NOT_FOUND: { zh: '没有找到所要的内容', en: 'There is nothing here by that name', mend: { zh: '请核对地址或标识', en: 'Check the address or the identifier' } },
  METHOD_NOT_ALLOWED: { zh: '这个地址不支持这种操作', en: 'This address does not answer that method', mend: { zh: '请查看 /openapi.json', en: 'See /openapi.json' } },
  MEDIA_TYPE_UNSUPPORTED: { zh: '不支持这种内容类型', en: 'This content type is not read here', mend: { zh: '请按 /openapi.json 说明的类型提交', en: 'Send one of the types that /openapi.json names' } },
  RATE_LIMITED: { zh: '请求过于频繁', en: 'Too many requests', mend: { zh: '请按 Retry-After 稍后重试', en: 'Try again after the time in Retry-After' } },
  // Storage
  VERSION_CONFLICT: { zh: '内容已被他人更新', en: 'The document was changed meanwhile', mend: { zh: '请重新读取后再决定', en: 'Read it again, then decide again' } },
  STORE_UNAVAILABLE: { zh: '存储暂时不可用', en: 'The store cannot be reached or is locked', mend: { zh: '请稍后重试；持续出现请运维检查', en: 'Try again; if it lasts, the operator should look' } },
  STORE_FULL: { zh: '磁盘空间不足，未保存', en: 'The disk is full and nothing was saved', mend: { zh: '请运维腾出空间后重试', en: 'Free some space, then try again' } },
  STORE_CORRUPT: { zh: '存储内容与其摘要不符', en: 'Stored bytes do not agree with their digest', mend: { zh: '请运维从备份恢复', en: 'Restore from a backup' } },
  RECORD_TOO_LARGE: { zh: '单条记录超过大小上限', en: 'One record is larger than the limit', mend: { zh: '请减小记录', en: 'Send a smaller record' } },
  TOPIC_UNKNOWN: { zh: '没有这个主题', en: 'There is no such topic', mend: { zh: '请先创建主题', en: 'Create the topic first' } },
  TOPIC_MISMATCH: { zh: '主题的分区数与要求不同', en: 'The topic has another number of partitions', mend: { zh: '请核对分区设置', en: 'Check the number of partitions' } },
  OFFSET_OUT_OF_RANGE: { zh: '位置超出主题范围', en: 'That offset is outside the topic', mend: { zh: '请从有效位置读取', en: 'Read from an offset that exists' } },
  INDEX_UNKNOWN: { zh: '没有声明这个索引', en: 'That index was not declared', mend: { zh: '请使用已声明的索引', en: 'Use a declared index' } },
  GROUP_IN_USE: { zh: '同名消费组正在运行', en: 'A consumer of that group is running', mend: { zh: '请先停止它再操作', en: 'Stop it first' } },
  DATA_DIR_IN_USE: { zh: '数据目录正被另一个进程使用', en: 'Another process is using the data directory', mend: { zh: '请停止那个进程，或换一个 DATA_DIR', en: 'Stop that process, or choose another DATA_DIR' } },
  // Who is calling
  TOKEN_MISSING: { zh: '没有提供访问令牌', en: 'No access token was sent', mend: { zh: '请先用客户端断言换取令牌', en: 'Get a token with a client assertion first' } },
  TOKEN_INVALID: { zh: '访问令牌无效或已过期', en: 'The access token is not valid or has expired', mend: { zh: '请重新换取令牌', en: 'Get a new token' } },
  SCOPE_MISSING: { zh: '您的角色不能做这件事，已留痕', en: 'Your role may not do this; the attempt was recorded', mend: { zh: '如确需办理，请联系管理员', en: 'Ask the administrator if you need it' } },
  // platform/crypto: bytes that are signed, and what they are signed with
  DER_INVALID: { zh: '二进制结构不是规范的 DER 编码', en: 'The bytes are not the DER structure that they should be', mend: { zh: '请向出具方索取未经改动的原件', en: 'Ask whoever made it for the unchanged original' } },
  DER_TOO_LARGE: { zh: 'DER 结构超过大小上限', en: 'The DER structure is larger than the limit', mend: { zh: '请核对文件，或请运维核对上限设置', en: 'Check the file, or ask the operator about the limit' } },
  DER_TOO_DEEP: { zh: 'DER 结构嵌套层数超过上限', en: 'The DER structure is nested deeper than the limit', mend: { zh: '请核对文件', en: 'Check the file' } },
  DER_TOO_MANY_ELEMENTS: { zh: 'DER 结构的元素数量超过上限', en: 'The DER structure holds more elements than the limit', mend: { zh: '请核对文件，或请运维核对上限设置', en: 'Check the file, or ask the operator about the limit' } },
  PEM_INVALID: { zh: 'PEM 文件格式有误', en: 'The PEM file is malformed', mend: { zh: '请重新导出该文件', en: 'Export the file again' } },
  CERTIFICATE_INVALID: { zh: '数字证书无法按规范读取', en: 'The certificate cannot be read by the rules', mend: { zh: '请核对证书文件，或向签发机构重新索取', en: 'Check the file, or get the certificate again from its issuer' } },
  CRL_INVALID: { zh: '证书吊销列表无法按规范读取', en: 'The revocation list cannot be read by the rules', mend: { zh: '请重新下载吊销列表', en: 'Download the list again' } },
  OCSP_INVALID: { zh: '在线证书状态应答无法按规范读取', en: 'The OCSP answer cannot be read by the rules', mend: { zh: '请重新向应答者查询', en: 'Ask the responder again' } },
  KEY_INVALID: { zh: '密钥无法读取或不属于支持的种类', en: 'The key cannot be read or is not of a kind in use here', mend: { zh: '请提供 PEM（PKCS#8）或 PKCS#12（RSA）密钥文件', en: 'Bring a PEM (PKCS#8) or PKCS#12 (RSA) file' } },
  KEY_PASSPHRASE_WRONG: { zh: '密钥口令不正确或缺少口令', en: 'The passphrase of the key is wrong or missing', mend: { zh: '请核对口令设置', en: 'Check the passphrase setting' } },
  JWS_INVALID: { zh: '签名串（JWS）格式有误', en: 'The signature (JWS) is malformed', mend: { zh: '请按接口说明重新签名', en: 'Sign again as the interface describes' } },
  JWS_TOO_LARGE: { zh: '签名串（JWS）超过大小上限', en: 'The signature (JWS) is larger than the limit', mend: { zh: '请缩短签名内容', en: 'Sign something shorter' } },
  JWS_KEY_UNKNOWN: { zh: '签名所用的密钥没有登记', en: 'The key that signed is not registered', mend: { zh: '请先登记公钥，或核对 kid', en: 'Register the public key first, or check the kid' } },
  JWS_SIGNATURE_INVALID: { zh: '签名与内容不符', en: 'The signature does not fit the content', mend: { zh: '请确认内容未被改动并重新签名', en: 'Make sure that nothing was changed, and sign again' } },
  // connectors/issuing: seals and sealed licences
  GLYPH_MISSING: { zh: '印章名称中有字库没有的字', en: 'The name on the seal holds a character without an outline', mend: { zh: '请提供含有该字的字体文件（TTF、OTF 或 WOFF）', en: 'Give a font file (TTF, OTF or WOFF) that has the character' } },
  FONT_INVALID: { zh: '字体文件无法读取', en: 'The font file cannot be read', mend: { zh: '请提供 TTF、OTF 或 WOFF 字体，不支持 WOFF2 和 TTC', en: 'Give a TTF, OTF or WOFF file; WOFF2 and TTC are not read' } },
  // keys
  KEY_EXPOSED: { zh: '私钥文件的权限过宽，他人可以读取', en: 'A private key can be read by others than its owner', mend: { zh: '请将文件权限改为 0600，并视情更换密钥', en: 'chmod 600 the file, and replace the key if others may have read it' } },
  KEY_EXISTS: { zh: '这里已经有密钥，没有覆盖', en: 'A key stands there already and was not overwritten', mend: { zh: '如确需更换，请用 --replace，旧密钥会保留', en: 'Say --replace to put another in its place; the old one is kept' } },
  KEY_COST_TOO_HIGH: { zh: '密钥文件的口令迭代次数超过上限', en: 'Opening the key file asks for more work than is allowed', mend: { zh: '请用较少的迭代次数重新导出密钥文件', en: 'Export the key file again with fewer iterations' } },
  KEYS_INCONSISTENT: { zh: '密钥目录中的文件互不相符', en: 'Files in the key folder do not belong together', mend: { zh: '请从备份恢复密钥目录', en: 'Restore the key folder from a backup' } },
  DEVELOPMENT_KEYS_REFUSED: { zh: '生产环境拒绝使用开发密钥', en: 'Development keys are refused in production', mend: { zh: '请换用正式签发的密钥和信任清单', en: 'Bring keys and trust lists that a real authority issued' } },
  TRUST_LIST_ROLLBACK: { zh: '信任清单的版本比已见过的旧，已拒绝', en: 'The trust list is older than one seen before and was refused', mend: { zh: '请取得最新的信任清单', en: 'Get the newest trust list' } },
  AUTHORITY_LIST_ROLLBACK: { zh: '发证清单的版本比已见过的旧，已拒绝', en: 'The authority list is older than one seen before and was refused', mend: { zh: '请取得最新的发证清单', en: 'Get the newest authority list' } },
  LIST_FORKED: { zh: '两份清单版本相同而内容不同，已拒绝', en: 'Two lists of one version differ; the second was refused', mend: { zh: '请联系清单签发方查明原因', en: 'Ask whoever signs the lists; one of the two should not exist' } },
  SEAL_UNFIT: { zh: '印章、证书与私钥不配套，或签章时不在有效期内', en: 'Seal, certificate and key do not belong together, or do not hold at that time', mend: { zh: '请核对印章文件、证书和私钥，必要时换发印章', en: 'Check the seal file, its certificate and key; have a new seal made where they have ended' } },
  // platform/http, services/audit
  HEADER_TOO_LARGE: { zh: '请求头超过大小上限', en: 'The request headers are larger than the limit', mend: { zh: '请减少请求头', en: 'Send fewer or shorter headers' } },
  ACCESS_RECORD_UNAVAILABLE: { zh: '无法留存访问记录，因此没有作答', en: 'The access record could not be kept, so nothing was answered', mend: { zh: '请稍后重试；持续出现请运维检查存储', en: 'Try again; if it lasts, the operator should look at the store' } },
  ROUTE_WITHOUT_SCOPE: { zh: '有接口没有声明所需权限，服务没有启动', en: 'A route names no scope and the service did not start', mend: { zh: '请为该接口声明权限或声明公开', en: 'Name a scope for the route, or say that it is public' } },
  // services/identity
  ASSERTION_INVALID: { zh: '客户端断言无效', en: 'The client assertion is not valid', mend: { zh: '请核对客户端编号、密钥编号、算法、aud 和时间', en: 'Check client, key id, algorithm, aud and times' } },
  ASSERTION_EXPIRED: { zh: '客户端断言已过期', en: 'The client assertion has expired', mend: { zh: '请核对时钟后重新签发断言', en: 'Check the clock and sign a new assertion' } },
  ASSERTION_REPLAYED: { zh: '客户端断言已被使用过', en: 'The client assertion was used before', mend: { zh: '每次请用新的 jti 签发断言；如非本人操作请立即更换密钥', en: 'Sign each assertion with a new jti; if that was not you, change the key at once' } },
  CLIENT_SUSPENDED: { zh: '该系统或其单位已被停用', en: 'This system or its organisation is suspended', mend: { zh: '请联系运维', en: 'Ask the operator' } },
  TICKET_INVALID: { zh: '登录链接无效', en: 'The sign-in link is not valid', mend: { zh: '请从本单位系统重新取得登录链接', en: 'Get another sign-in link from your own system' } },
  TICKET_EXPIRED: { zh: '登录链接已过期', en: 'The sign-in link has expired', mend: { zh: '请重新取得登录链接，并在 5 分钟内打开', en: 'Get another sign-in link and open it within five minutes' } },
  TICKET_USED: { zh: '登录链接已被使用过', en: 'The sign-in link was used before', mend: { zh: '每个链接只能用一次；如非本人操作请立即报告', en: 'Each link works once; if that was not you, report it at once' } },
  SIGN_IN_ENDED: { zh: '登录已过期', en: 'The sign-in is over', mend: { zh: '请重新登录', en: 'Sign in again' } },
  // console
  SESSION_ENDED: { zh: '还没有登录，或登录已过期', en: 'Nobody is signed in here, or no longer', mend: { zh: '请重新登录', en: 'Sign in again' } },
  FORM_NOT_OURS: { zh: '这个请求不是从本网站的页面发出的，没有办理', en: 'This was not sent by a page of ours; nothing was done', mend: { zh: '请从本网站的页面重新操作', en: 'Go back to the page and do it again' } },
  CONNECTION_NOT_SECURE: { zh: '连接没有加密，不能登录', en: 'The connection is not encrypted, so nobody can sign in', mend: { zh: '请用 https 地址打开，或在本机打开', en: 'Open it by its https address, or on the machine itself' } },
  GRANT_TYPE_UNSUPPORTED: { zh: '不支持这种换取令牌的方式', en: 'This way of getting a token is not supported', mend: { zh: '请使用 client_credentials 和 JWT 客户端断言', en: 'Use client_credentials with a JWT client assertion' } },
  SCOPE_NOT_GRANTED: { zh: '所申请的权限不在您的角色之内', en: 'A scope that was asked for is not among those of your roles', mend: { zh: '请去掉该权限，或联系管理员', en: 'Leave it out, or ask the administrator' } },
  TOKEN_EXPIRED: { zh: '访问令牌已过期', en: 'The access token has expired', mend: { zh: '请重新换取令牌', en: 'Get a new token' } },
  SENDER_PROOF_REQUIRED: { zh: '令牌须与持有者密钥的证明一同使用', en: 'The token works only with a proof of its holder\'s key', mend: { zh: '请随请求附上 DPoP 证明', en: 'Send a DPoP proof with the request' } },
  SENDER_PROOF_INVALID: { zh: '持有者证明无效', en: 'The proof of the holder\'s key is not valid', mend: { zh: '请核对密钥、方法、地址、时间和令牌摘要', en: 'Check key, method, address, time and token digest' } },
  SENDER_PROOF_REPLAYED: { zh: '持有者证明已被使用过', en: 'The proof of the holder\'s key was used before', mend: { zh: '每次请求请签发新的证明', en: 'Sign a new proof for each request' } },
  IDENTITY_INVALID: { zh: '单位、系统或密钥不能这样登记', en: 'The organisation, system or key cannot be registered so', mend: { zh: '请按提示核对', en: 'Mend what the detail names' } },
  // services/verification
  TRUST_POLICY_INVALID: { zh: '信任目录的 policy.json 有误', en: 'policy.json of the trust directory is wrong', mend: { zh: '请改正所列的键', en: 'Mend the keys that are named' } },
  TRUST_INVALID: { zh: '信任目录中有文件无法读取', en: 'A file of the trust directory cannot be read', mend: { zh: '请核对所列的文件', en: 'Check the file that is named' } },
  QUEUE_FULL: { zh: '等待核验的文件过多', en: 'Too many documents wait for a verdict', mend: { zh: '请稍后重试', en: 'Try again shortly' } },
  UPLOADS_TOO_MANY: { zh: '同一系统同时上传核验的文件过多', en: 'One system sends too many files to verify at a time', mend: { zh: '请等前面的文件有了结果再发送；其他系统不受影响', en: 'Wait until earlier ones have their verdicts, then send again; others are not affected' } },
  RECEIPT_INVALID: { zh: '这不是核验回执', en: 'This is not a verdict receipt', mend: { zh: '请提供核验时得到的回执', en: 'Give the receipt that came with the verdict' } },
  RECEIPT_SIGNATURE_INVALID: { zh: '核验回执的签名不符', en: 'The signature of the receipt does not fit', mend: { zh: '不要采信这份回执；请重新核验', en: 'Do not rely on this receipt; verify again' } },
  RECEIPT_VERDICT_DIFFERS: { zh: '按回执所记的事实得不出回执所写的结论', en: 'The facts in the receipt do not lead to its verdict', mend: { zh: '不要采信这份回执；请重新核验', en: 'Do not rely on this receipt; verify again' } },
  // Connectors: the department side
  SOURCE_INVALID: { zh: '数据来源无法按唯一方式读取，整份未采用', en: 'The source cannot be read in one way only; none of it was taken', mend: { zh: '请按所列位置修正文件、表结构或配置后重试', en: 'Mend the file, table or configuration at the place that is named and try again' } },
  SOURCE_UNAVAILABLE: { zh: '数据来源没有应答或中途断开；已上报的不受影响', en: 'The source does not answer, or broke off; what was published stays', mend: { zh: '请确认它在运行、地址正确；连接器再次运行时接着读', en: 'See that it runs at this address; the connector goes on at its next run' } },
  SOURCE_REFUSED: { zh: '数据来源拒绝了连接器，或其证书不可信', en: 'The source does not let the connector in, or its certificate is not believed', mend: { zh: '请检查账号、口令、只读权限和 CA 证书', en: 'Check user, password, the right to read, and the CA certificate' } },
  DELETIONS_HELD: { zh: '这一次会删除已上报数据中的很大一部分，已暂停，什么都没有上报', en: 'This pass would delete a large part of what is published; it was held, and nothing of it was published', mend: { zh: '请先查来源：是否导出为空、换了表或目录、改了主键；恢复后自动继续。确属删除的，按提示加上 --confirm-deletions 再运行', en: 'Look at the source first: an empty export, another table or folder, a changed key; once mended it goes on by itself. If they are to be deleted, run it again with --confirm-deletions as told' } },
  REVOCATIONS_HELD: { zh: '登记簿一次会让很大一部分证照失效，这些变更已暂停，其余照常上报', en: 'The register would end a large part of the licences at once; these changes were held, all others were published', mend: { zh: '请先查登记簿的状态列；改正后自动继续。确属吊销、注销、暂扣的，按提示加上 --confirm-revocations 再运行', en: 'Look at the column of states in the register first; once mended it goes on by itself. If they are to end, run it again with --confirm-revocations as told' } },
  OUTBOX_IN_USE: { zh: '发件目录正被另一个进程使用', en: 'Another process is using the outbox folder', mend: { zh: '请等它结束再试（npm start 之后示例部门也要用一会儿）；每个部门同时只运行一个连接器', en: 'Wait until it ends, as the sample departments do a while after npm start; one connector of a department runs at a time' } },
  OUTBOX_FULL: { zh: '待发送的事件过多', en: 'Too many events wait to be sent', mend: { zh: '请先恢复与交换平台的连接', en: 'Restore the connection to the exchange first' } },
  EXCHANGE_UNAVAILABLE: { zh: '暂时联系不上交换平台', en: 'The exchange cannot be reached for now', mend: { zh: '请确认它已启动、地址正确（--url）、网络通畅；连接器待送的事件都已保存，再次运行时接着送', en: 'See that it runs, at this address (--url), and that the network is up; what a connector has to send is kept, and sent at its next run' } },
  EXCHANGE_REFUSED: { zh: '交换平台拒绝了请求；连接器待送的事件都已保存', en: 'The exchange refused; what a connector has to send is kept', mend: { zh: '请按返回的代码检查客户端登记、密钥和时钟', en: 'Check the registration, the key and the clock of the client by the code that came back' } },
  // services/intake
  SOURCE_NOT_YOURS: { zh: '事件来源不是您的单位，未接收，已留痕', en: 'The event names another organisation as its source; it was not taken, and the attempt was recorded', mend: { zh: '请只发送本单位的事件', en: 'Send the events of your own organisation alone' } },
  BATCH_TOO_LARGE: { zh: '一次提交的事件过多', en: 'There are more events in the batch than the limit', mend: { zh: '请分批提交', en: 'Send smaller batches' } },
  REPLAY_NOT_POSSIBLE: { zh: '该变更已被证照登记簿拒绝，不能重放', en: 'The register of licences refused this move, so it cannot be replayed', mend: { zh: '请来源单位更正后发送新的事件', en: 'The source mends it and sends another event' } },
  ENTRY_SETTLED: { zh: '该事件已放行或已作废', en: 'This event was released or discarded already', mend: { zh: '请刷新隔离区列表', en: 'List the quarantine again' } },
  // services/catalogue
  RESOURCE_NOT_YOURS: { zh: '该数据资源不属于您的单位，未变更，已留痕', en: 'The resource belongs to another organisation; nothing was changed, and the attempt was recorded', mend: { zh: '请由数据提供方办理', en: 'Its provider does this' } },
  REVIEW_OWN: { zh: '不能审核本单位编制的目录', en: 'Nobody reviews what their own organisation described', mend: { zh: '请由其他单位的目录管理员审核', en: 'A reviewer of another organisation does this' } },
  RESOURCE_STATE: { zh: '该数据资源当前的状态不能这样办理', en: 'The resource does not stand so that this could be done', mend: { zh: '请先查看其现状：有待审核的内容才能审核，已发布才能撤下', en: 'See how it stands: what waits can be reviewed, what is published can be withdrawn' } },
  TITLE_TAKEN: { zh: '已有同名的数据资源发布', en: 'Another published resource has this title', mend: { zh: '请改用能区分的名称，或与对方协商', en: 'Choose a title that tells them apart, or settle it with the other provider' } },
  ITEM_TWICE: { zh: '信息项重名', en: 'An information item stands twice', mend: { zh: '请每个名称只写一次', en: 'Name each item once' } },
  CLASSIFICATION_INVALID: { zh: '分类代码格式不符', en: 'The classification code does not have the form that is set', mend: { zh: '请按类、项、目、细目编码，格式见设置 catalogue.classificationPattern', en: 'Code it by the form that catalogue.classificationPattern sets' } },
  SHARING_INCONSISTENT: { zh: '共享属性前后不一致', en: 'What is said of sharing does not fit its class', mend: { zh: '请按 violations 改正：有条件共享写明条件，不予共享写明依据，其余不得自设条件', en: 'Mend each of the listed violations: conditions stand only with conditional sharing, a refusal only where it is not shared' } },
  REFUSAL_INCOMPLETE: { zh: '不予共享须写明依据条款和复核日期', en: 'Who does not share says by which article, and when that is looked at again', mend: { zh: '请填写法律、行政法规或国务院决定的条款，以及一个将来的复核日期', en: 'Give the article of the law, regulation or decision, and a day to come' } },
  CATALOGUE_FULL: { zh: '目录的资源数量已达上限', en: 'The catalogue holds as many resources as the settings allow', mend: { zh: '请运维核对设置 catalogue.resources', en: 'The operator raises catalogue.resources' } },
  // services/exchange: release of data under grants
  RESOURCE_UNKNOWN: { zh: '没有这个已发布的数据资源', en: 'No resource by that identifier is published', mend: { zh: '请在资源目录中核对资源标识', en: 'Look its identifier up in the catalogue' } },
  NOT_SHARED: { zh: '目录载明该资源不予共享', en: 'The catalogue says that this resource is not shared', mend: { zh: '请看目录所载不予共享的依据；如有异议，请向数据提供方提出', en: 'See the article that the catalogue cites, and take it up with the provider' } },
  FIELD_UNKNOWN: { zh: '该资源没有这个信息项', en: 'The resource has no such information item', mend: { zh: '请按目录中的信息项名称填写', en: 'Use the names of information items that the catalogue lists' } },
  REGION_UNKNOWN: { zh: '区划代码无效，或该资源不分区划', en: 'That is no division code, or the resource does not say where a record belongs', mend: { zh: '请填 GB/T 2260 区划代码，并核对目录中的区划信息项', en: 'Use a code of GB/T 2260, and check that the catalogue names the region item' } },
  SUBJECT_INVALID: { zh: '主体代码有误，或该资源不能按主体查询', en: 'That is no code of a person or organisation, or the resource does not say whom a record is about', mend: { zh: '请核对统一社会信用代码或公民身份号码的校验位；不能按主体查询的请用 key', en: 'Check the code and its check character; where the catalogue names no subject item ask by key' } },
  GRANT_MISSING: { zh: '您的单位没有获得该资源的授权，已留痕', en: 'Your organisation has no grant on this resource; the attempt was recorded', mend: { zh: '请先提出数据需求，由数据提供方审核后授权', en: 'Make a demand; its provider decides on it' } },
  GRANT_NOT_YET: { zh: '授权尚未生效，已留痕', en: 'The grant has not begun; the attempt was recorded', mend: { zh: '请在授权起始日之后再用', en: 'Ask again from its first day on' } },
  GRANT_ENDED: { zh: '授权已到期，已留痕', en: 'The grant has ended; the attempt was recorded', mend: { zh: '如仍需使用，请重新提出数据需求', en: 'Make a new demand if you still need it' } },
  GRANT_PULLED: { zh: '授权已被撤回，已留痕', en: 'The grant was pulled; the attempt was recorded', mend: { zh: '请向数据提供方了解原因', en: 'Ask the provider why' } },
  PURPOSE_NOT_GRANTED: { zh: '授权不包括这个用途，已留痕', en: 'The grant is for another purpose; the attempt was recorded', mend: { zh: '请照授权所载填写用途；另有用途的请另提数据需求', en: 'Name the purpose as the grant does; for another one make another demand' } },
  MATTER_NOT_GRANTED: { zh: '授权不包括这个事项，已留痕', en: 'The grant is for other matters; the attempt was recorded', mend: { zh: '请核对事项；确需用于该事项的请另提数据需求', en: 'Check the matter; to use it for this one make another demand' } },
  FORM_NOT_GRANTED: { zh: '授权不包括这种使用方式，已留痕', en: 'The grant does not cover this way of using it; the attempt was recorded', mend: { zh: '请改用授权所载的方式（查询、核验或订阅）', en: 'Use a way that is granted: query, assertion or subscription' } },
  FIELD_NOT_GRANTED: { zh: '授权不包括所要的信息项，已留痕', en: 'The grant does not cover an item that was asked for; the attempt was recorded', mend: { zh: '请只要授权所载的信息项', en: 'Ask for granted items alone' } },
  REGION_NOT_GRANTED: { zh: '授权不包括这个区划，已留痕', en: 'The grant does not cover this region; the attempt was recorded', mend: { zh: '请填授权所载区划之内的代码', en: 'Name a region within those that are granted' } },
  ROWS_TOO_MANY: { zh: '符合条件的记录多于一次应答的上限', en: 'More records fit than one answer may hold', mend: { zh: '请按 key 逐条查询，或申请订阅', en: 'Ask by key, or for a subscription' } },
  SUBSCRIPTION_UNKNOWN: { zh: '没有这个订阅', en: 'You have no such subscription', mend: { zh: '请核对订阅编号，或重新订阅', en: 'Check its identifier, or subscribe again' } },
  SUBSCRIPTION_ENDED: { zh: '订阅已停止', en: 'The subscription was ended', mend: { zh: '如需继续，请重新订阅', en: 'Subscribe again to go on' } },
  SUBSCRIPTIONS_TOO_MANY: { zh: '本单位的订阅数已达上限', en: 'As many subscriptions run for you as may', mend: { zh: '请先停止不再需要的订阅，或请运维核对上限设置', en: 'End those that are no longer needed, or ask the operator about the limit' } },
  DAY_TOO_LARGE: { zh: '当日记录数超过对账上限', en: 'The day has more records than are counted at once', mend: { zh: '请按更小的区划订阅，或请运维核对上限设置', en: 'Subscribe to smaller regions, or ask the operator about the limit' } },
  // services/exemptions
  REQUIREMENTS_TOO_COMPLEX: { zh: '这个事项的材料组合过于复杂，没有算出最少的一组', en: 'The requirements of this matter combine in too many ways; the least set was not found', mend: { zh: '请按办事指南收件，并请事项管理部门简化材料要求', en: 'Take in what the guide lists, and ask whoever keeps the matter to simplify its requirements' } },
  // config/matters: matters as data; the service does not start on what is wrong
  MATTERS_INVALID: { zh: '事项配置有多种错误，服务没有启动', en: 'The files of matters hold faults of several kinds and the service did not start', mend: { zh: '请逐条改正；每条以自己的代码开头', en: 'Mend each violation; each begins with its own code' } },
  MATTER_INVALID: { zh: '事项或表单文件的形状不对', en: 'A file has not the shape of a matter or of a form', mend: { zh: '请对照 docs/matters.md 改正所指之处', en: 'Mend what the pointer names; docs/matters.md describes the shape' } },
  MATTER_REFERENCE_UNKNOWN: { zh: '事项引用了没有声明的问题、选项、材料、子事项、承诺或当事人', en: 'A matter speaks of a question, answer, material, sub-matter, commitment or party that it does not declare', mend: { zh: '请核对拼写，或补上声明', en: 'Check the spelling, or declare it' } },
  MATTER_ID_TWICE: { zh: '同一个标识用了两次', en: 'One identifier stands for two things', mend: { zh: '请改用不同的标识', en: 'Give one of them another identifier' } },
  MATTER_PART_UNUSED: { zh: '声明了却没有用到', en: 'Something is declared that nothing uses', mend: { zh: '请删去，或在需要处引用', en: 'Take it out, or use it where it is needed' } },
  REQUIREMENT_CYCLE: { zh: '子事项或问题互相等待，形成循环', en: 'Sub-matters or questions wait for one another in a circle', mend: { zh: '请去掉循环中的一处先后或条件', en: 'Take away one of the links in the circle that is named' } },
  CONDITION_CONTRADICTORY: { zh: '条件自相矛盾，永远不会成立', en: 'A condition contradicts itself, or what leads to it, and can never hold', mend: { zh: '请核对所指条件及其上层条件', en: 'Check the condition and those around it' } },
  FORM_SCHEMA_INVALID: { zh: '表单的 JSON Schema 不能使用', en: 'The JSON Schema of a form cannot be used', mend: { zh: '请按 2020-12 版严格改正', en: 'Mend it by the 2020-12 draft; misspelt keywords count' } },
  FORM_FIELD_UNKNOWN: { zh: '预填或预审引用了表单没有的字段', en: 'Prefill or a check names a field that the form does not have', mend: { zh: '请核对字段路径', en: 'Check the pointer to the field' } },
  // services/catalogue: matters
  MATTER_UNKNOWN: { zh: '没有这个事项', en: 'There is no such matter', mend: { zh: '请先查询 /v1/catalogue/matters', en: 'See the list at /v1/catalogue/matters' } },
  // services/catalogue: duties, demands, grants, corrections
  CALENDAR_YEAR_UNKNOWN: { zh: '缺少该年份的工作日数据，无法计算期限', en: 'The working days of that year are not known, so no deadline can be worked out', mend: { zh: '请补充该年国务院办公厅放假通知的数据（config/calendar），或改用已有年份', en: 'Add the data of that year\'s notice (config/calendar), or ask about a year that is there' } },
  RULE_SET_UNKNOWN: { zh: '没有这个时限规则集', en: 'There is no such set of deadlines', mend: { zh: '请从 /v1/catalogue/rule-sets 列出的规则集中选择', en: 'Choose one of those that /v1/catalogue/rule-sets lists' } },
  SELF_APPROVAL: { zh: '不能审批自己提出的申请', en: 'Nobody approves a demand of their own', mend: { zh: '请由资源提供单位的其他人员办理；本单位的数据无须申请', en: 'Another person at the provider has to decide; one\'s own data need no demand' } },
  DEMAND_SETTLED: { zh: '该申请已办结', en: 'This demand was decided or withdrawn', mend: { zh: '请查看已作出的决定；如仍需要，请另行申请', en: 'See what was decided; make another demand where it is still needed' } },
  DEMAND_PAUSED: { zh: '该申请正在等待补充材料', en: 'This demand waits for papers that were asked for', mend: { zh: '请待申请单位补齐材料后办理', en: 'Go on once they are handed in' } },
  PAPERS_TOLD_ALREADY: { zh: '需补充的材料只能一次性告知，已经告知过', en: 'All missing papers are told at once, and that was done', mend: { zh: '请按已提交的材料作出决定', en: 'Decide on what was handed in' } },
  PAPERS_NOT_ASKED: { zh: '没有要求补充材料', en: 'No papers were asked for', mend: { zh: '请等待答复', en: 'Wait for the answer' } },
  EXTENSION_REFUSED: { zh: '不能这样延长答复期限', en: 'The clock cannot be made longer in this way', mend: { zh: '每项申请最多延长一次，不超过规则集的上限，并须经主管部门同意', en: 'Once for each demand, within the rule set\'s bound, and with the authority\'s consent' } },
  GRANT_WITHOUT_END: { zh: '授权必须有截止日期', en: 'A grant must have a last day', mend: { zh: '请填写 until（截止日期），不得早于今天', en: 'Give until, the last day; today or later' } },
  GRANT_BEYOND_DEMAND: { zh: '授权超出申请范围', en: 'More would be granted than was asked for', mend: { zh: '请在申请的信息项、形式、事项、地区和期限之内授权', en: 'Grant within the fields, forms, matters, regions and days that were asked for' } },
  GRANT_CONTRADICTORY: { zh: '授权条件互相矛盾', en: 'The conditions of the grant cannot hold together', mend: { zh: '请按 violations 逐条改正', en: 'Mend each of the listed violations' } },
  GRANT_OVER: { zh: '该授权已结束或已收回', en: 'This grant has ended or was pulled', mend: { zh: '如仍需要，请另行申请', en: 'Make another demand where it is still needed' } },
  CORRECTION_ANSWERED: { zh: '该校核申请已答复或撤回', en: 'This request to verify was answered or withdrawn already', mend: { zh: '如仍不一致，请另行提出', en: 'Ask again where it still differs' } },
  CORRECTION_NOT_OVERDUE: { zh: '来源部门的答复期限未到，主管部门还不能代为答复', en: 'Its provider still has time to answer; the authority cannot answer in its place yet', mend: { zh: '请等来源部门答复，期限见 clock', en: 'Wait for the provider; clock says until when' } },
  APPLICANT_KIND_NOT_SERVED: { zh: '这个事项不办理这类申请人', en: 'This matter does not serve this kind of applicant', mend: { zh: '请核对申请人类型或事项', en: 'Check the kind of the applicant, or the matter' } },
  APPLICANT_CODE_INVALID: { zh: '申请人、代理人或当事人的号码有误', en: 'The identifier of the applicant, the agent or a party is wrong', mend: { zh: '请对照证件核对号码后重新提交', en: 'Compare it with the document and send it again' } },
  QUESTION_UNKNOWN: { zh: '事项没有这个情形问题', en: 'The matter asks no such question', mend: { zh: '请按事项的问题清单作答', en: 'Answer the questions that the matter lists' } },
  ANSWER_INVALID: { zh: '所答不在这个问题的选项之内', en: 'The answer is none that the question allows', mend: { zh: '请按所列选项作答', en: 'Choose one of the answers listed' } },
  ANSWERS_CONTRADICT: { zh: '情形回答前后矛盾', en: 'The answers contradict one another', mend: { zh: '请核对所列问题，去掉不适用的回答', en: 'Check the questions listed, and leave out what does not arise' } },
  PARTY_UNKNOWN: { zh: '事项没有这个当事人', en: 'The matter has no such party', mend: { zh: '请按事项的当事人清单填写', en: 'Give the parties that the matter lists' } },
  PARTY_MISSING: { zh: '缺少当事人的姓名和号码', en: 'A party is missing', mend: { zh: '请补填所列当事人', en: 'Give name and number of the parties listed' } },
  SUB_MATTER_UNKNOWN: { zh: '事项没有这个子事项', en: 'The matter has no such sub-matter', mend: { zh: '请按事项的清单选择', en: 'Choose from those that the matter lists' } },
  MATERIAL_UNKNOWN: { zh: '这次办理没有这份材料', en: 'This case has no such material', mend: { zh: '请核对材料编号', en: 'Check the id of the material' } },
  FLAGS_TOO_MANY: { zh: '这次办理中等待答复的校核已达上限', en: 'As many flags of this case wait for an answer as may', mend: { zh: '请等提供方答复后重查，再提出新的校核', en: 'Wait for the providers\' answers and check again before you flag more' } },
  MATERIAL_NOT_SPARED: { zh: '这份材料本来就要提交，或没有为它取得过数据', en: 'This material is handed in anyway, or nothing was fetched for it', mend: { zh: '无需操作；请按清单提交', en: 'Nothing to do; hand it in as listed' } },
  COMMITMENT_NOT_OFFERED: { zh: '这份材料现在不能用这份承诺代替', en: 'This commitment does not stand for this material now', mend: { zh: '请按清单提交，或重新查询', en: 'Hand in what is listed, or ask again' } },
  COMMITMENT_TEXT_DIFFERS: { zh: '签署的承诺文本与现行文本不一致', en: 'The text that was signed is not the present one', mend: { zh: '请向申请人出示现行文本后重新签署', en: 'Show the present text and have it signed anew' } },
  SIGNER_NOT_AUTHORISED: { zh: '代理人没有有效的授权，不能签署承诺', en: 'The agent has no authorisation to commit', mend: { zh: '请登记授权委托书，或由申请人本人签署', en: 'Register the authorisation, or let the applicant sign' } },
  RECHECK_NOT_POSSIBLE: { zh: '这份材料现在不能重查', en: 'This material cannot be checked again now', mend: { zh: '请先回答所列问题后重新查询；已改交原件或已承诺的不再重查', en: 'Answer the questions in a new request; what the applicant hands in or committed to is settled' } },
  MATTER_CHANGED: { zh: '事项在此期间已更新', en: 'The matter was changed meanwhile', mend: { zh: '请重新发起免于提交查询', en: 'Ask anew which materials may be skipped' } },
  // The service itself
  CONFIG_INVALID: { zh: '设置或配置文件有误，没有开始运行', en: 'A setting or a configuration document is wrong; nothing was started', mend: { zh: '请改正所列之处', en: 'Mend what is named' } },
  LISTEN_FAILED: { zh: '无法在所设的地址和端口上提供服务，没有启动', en: 'The service cannot listen at the address and port that are set, and did not start', mend: { zh: '端口被占用时请换一个，例如 PORT=8081 npm start；HOST 须是本机地址', en: 'Where the port is taken choose another, as in PORT=8081 npm start; HOST has to be an address of this machine' } },
  SHUTTING_DOWN: { zh: '服务正在停止', en: 'The service is shutting down', mend: { zh: '请稍后重试', en: 'Try again shortly' } },
  TIMED_OUT: { zh: '没有在时限内完成', en: 'It did not end within its time limit', mend: { zh: '请稍后重试', en: 'Try again' } },
  INTERNAL: { zh: '服务内部出现意外错误', en: 'The service met an error that it did not expect', mend: { zh: '请凭请求编号联系运维', en: 'Tell the operator the request number' } }
}

/** What a failure is called. */
export function toldFailure (code: FailureCode): Bilingual { return told(FAILURE_WORDS[code].zh, FAILURE_WORDS[code].en) }
