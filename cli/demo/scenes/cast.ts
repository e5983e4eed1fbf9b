import type { RecordRow } from '../../../connectors/sample/index.js'
import { newCitizenNumber, newUscc } from '../register-file.js'

/** Who is in the second act. None of them stands in the registers until the story puts them there. */
export const SHOP = { code: newUscc('990101', 31), name: '云川市云东区晨光小馆有限公司', region: '990101', address: '云川市云东区朝晖路18号' }
export const OWNER = { code: newCitizenNumber('990101', '1988-06-12', 998), name: '陆晨曦' }
/** The owner's sister, whom the police know. */
export const SISTER = { code: newCitizenNumber('990101', '1991-03-05', 998), name: '陆晨晓' }
/** Somebody from another province, whom the police here do not know. */
export const STRANGER = { code: newCitizenNumber('990199', '1990-09-09', 997), name: '安远行' }
export const TRUCK = '示A90001'
export const HAULIER = { code: newUscc('990102', 32), name: '云川市云西区晨光运输有限公司' }
export const COUNTY = '990104'
export const COUNTY_SHOPS = [41, 42, 43].map(serial => ({ code: newUscc(COUNTY, serial), name: `云川市青泽县晨光${serial - 40}号百货有限公司` }))

export function shopRecord ({ code, name, region, address, trade }: { code: string, name: string, region: string, address: string, trade: '餐饮' | '零售' }): RecordRow {
  return {
    统一社会信用代码: code,
    名称: name,
    类型: '有限责任公司（自然人独资）',
    法定代表人: OWNER.name,
    法定代表人证件号码: OWNER.code,
    住所: address,
    区划: region,
    经营范围: trade === '餐饮' ? '餐饮服务' : '日用百货零售',
    注册资本: '10万元人民币',
    成立日期: '2025-05-20',
    登记状态: '存续',
    行业: `${trade}业`
  }
}

export function personRecord ({ code, name }: { code: string, name: string }): RecordRow {
  return {
    公民身份号码: code,
    姓名: name,
    性别: Number(code[16]) % 2 === 1 ? '男' : '女',
    出生日期: `${code.slice(6, 10)}-${code.slice(10, 12)}-${code.slice(12, 14)}`,
    住址: '云川市云东区朝晖路8号',
    区划: '990101',
    户主公民身份号码: OWNER.code,
    户别: '家庭户'
  }
}
