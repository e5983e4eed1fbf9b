import type { FailureCode } from './failure.js'

/** What a person reads: Chinese first, English beside it; then what to do about it. Short sentences, no blame. */
export interface Words { zh: string, en: string, mend: { zh: string, en: string } }

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
  RECEIPT_INVALID: { zh: '这不是核验回执', en: 'This is not a verdict receipt', mend: { zh: '请提供核验时得到的回执', en: 'Give the receipt that came with the verdict' } },
  RECEIPT_SIGNATURE_INVALID: { zh: '核验回执的签名不符', en: 'The signature of the receipt does not fit', mend: { zh: '不要采信这份回执；请重新核验', en: 'Do not rely on this receipt; verify again' } },
  RECEIPT_VERDICT_DIFFERS: { zh: '按回执所记的事实得不出回执所写的结论', en: 'The facts in the receipt do not lead to its verdict', mend: { zh: '不要采信这份回执；请重新核验', en: 'Do not rely on this receipt; verify again' } },
  // Connectors: the department side
  SOURCE_INVALID: { zh: '数据来源无法按唯一方式读取，整份未采用', en: 'The source cannot be read in one way only; none of it was taken', mend: { zh: '请按所列行号修正文件后重试', en: 'Mend the file at the line that is named and try again' } },
  OUTBOX_IN_USE: { zh: '发件目录正被另一个进程使用', en: 'Another process is using the outbox folder', mend: { zh: '请停止那个进程，每个来源只运行一个连接器', en: 'Stop that process: one connector runs for each source' } },
  OUTBOX_FULL: { zh: '待发送的事件过多', en: 'Too many events wait to be sent', mend: { zh: '请先恢复与交换平台的连接', en: 'Restore the connection to the exchange first' } },
  EXCHANGE_UNAVAILABLE: { zh: '暂时联系不上交换平台；待送的事件都已保存', en: 'The exchange cannot be reached for now; events that wait for it are kept', mend: { zh: '请确认它已启动、地址正确、网络通畅；连接器再次运行时接着送', en: 'See that it runs at this address and that the network is up; a connector goes on where it stopped' } },
  EXCHANGE_REFUSED: { zh: '交换平台拒收，事件已保存', en: 'The exchange refused; the events are kept', mend: { zh: '请按返回的代码检查客户端登记、密钥和时钟', en: 'Check the registration, the key and the clock of the client by the code that came back' } },
  // services/intake
  SOURCE_NOT_YOURS: { zh: '事件来源不是您的单位，未接收，已留痕', en: 'The event names another organisation as its source; it was not taken, and the attempt was recorded', mend: { zh: '请只发送本单位的事件', en: 'Send the events of your own organisation alone' } },
  BATCH_TOO_LARGE: { zh: '一次提交的事件过多', en: 'There are more events in the batch than the limit', mend: { zh: '请分批提交', en: 'Send smaller batches' } },
  REPLAY_NOT_POSSIBLE: { zh: '该变更已被证照登记簿拒绝，不能重放', en: 'The register of licences refused this move, so it cannot be replayed', mend: { zh: '请来源单位更正后发送新的事件', en: 'The source mends it and sends another event' } },
  ENTRY_SETTLED: { zh: '该事件已放行或已作废', en: 'This event was released or discarded already', mend: { zh: '请刷新隔离区列表', en: 'List the quarantine again' } },
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
  // services/exemptions
  REQUIREMENTS_TOO_COMPLEX: { zh: '这个事项的材料组合过于复杂，没有算出最少的一组', en: 'The requirements of this matter combine in too many ways; the least set was not found', mend: { zh: '请按办事指南收件，并请事项管理部门简化材料要求', en: 'Take in what the guide lists, and ask whoever keeps the matter to simplify its requirements' } },
  // The service itself
  CONFIG_INVALID: { zh: '设置有误，服务没有启动', en: 'A setting is wrong and the service did not start', mend: { zh: '请改正所列的设置', en: 'Mend the settings that are named' } },
  LISTEN_FAILED: { zh: '无法在所设的地址和端口上提供服务，没有启动', en: 'The service cannot listen at the address and port that are set, and did not start', mend: { zh: '端口被占用时请换一个，例如 PORT=8081 npm start；HOST 须是本机地址', en: 'Where the port is taken choose another, as in PORT=8081 npm start; HOST has to be an address of this machine' } },
  SHUTTING_DOWN: { zh: '服务正在停止', en: 'The service is shutting down', mend: { zh: '请稍后重试', en: 'Try again shortly' } },
  TIMED_OUT: { zh: '没有在时限内完成', en: 'It did not end within its time limit', mend: { zh: '请稍后重试', en: 'Try again' } },
  INTERNAL: { zh: '服务内部出现意外错误', en: 'The service met an error that it did not expect', mend: { zh: '请凭请求编号联系运维', en: 'Tell the operator the request number' } }
}
