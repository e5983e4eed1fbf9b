export { AccessRecords, subjectKeyFrom, type AccessRecord, type IndexedRecord } from './access-records.js'
export { auditRoutes } from './routes/records.js'
