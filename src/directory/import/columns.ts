/** Which column of a CSV file is what, by the names that exports give them, in English and Spanish. */
import { fold } from '../fold.ts'

export type Field =
  | 'name'
  | 'firstName'
  | 'lastName'
  | 'secondLastName'
  | 'aadObjectId'
  | 'email'
  | 'userPrincipalName'
  | 'department'
  | 'extension'
  /** An extension where it is short, else a desk phone. */
  | 'number'
  | 'desk'
  | 'mobile'
  | 'did'
  | 'aliases'
  /** Whether the account may sign in; the other way round where it says that it is blocked. */
  | 'enabled'
  | 'blocked'

/** Folded, without anything but letters and digits. Passwords, PINs and secrets of such exports are not read. */
const NAMES: Readonly<Record<Field, string>> = {
  name: 'name displayname fullname commonname cn nombre nombrecompleto nombreparamostrar nombreyapellidos nombreyapellido',
  firstName: 'firstname givenname forename fname nombredepila primernombre nombrepropio',
  lastName: 'lastname surname familyname sn lname apellido apellidos primerapellido',
  secondLastName: 'secondlastname secondsurname segundoapellido',
  aadObjectId:
    'objectid aadobjectid azureadobjectid azureobjectid entraobjectid entraid id iddeobjeto iddelobjeto identificadordeobjeto',
  email:
    'email emailaddress mail primarysmtpaddress voicemailemail correo correoelectronico direcciondecorreo direcciondecorreoelectronico',
  userPrincipalName:
    'userprincipalname upn username nombreprincipaldeusuario nombreprincipaldelusuario nombredeusuario usuario',
  department: 'department dept departmentname departamento area',
  extension: 'extension ext extensionnumber extno anexo interno numerodeextension numextension',
  number: 'number numero',
  desk: 'desk deskphone phone phonenumber telephone telephonenumber businessphone businessphones officephone workphone telefono telefonofijo fijo telefonodetrabajo telefonodeltrabajo telefonodeoficina telefonodelaoficina numerodetelefono',
  mobile:
    'mobile mobilephone mobilenumber cell cellphone cellular movil telefonomovil numerodemovil celular telefonocelular',
  did: 'did ddi directnumber directdial directline numerodirecto lineadirecta',
  aliases: 'alias aliases nickname nicknames apodo apodos',
  enabled: 'accountenabled enabled signinallowed cuentahabilitada habilitada',
  blocked: 'blockcredential blocksignin signinblocked bloquearcredencial bloquearcredenciales',
}

const FIELDS: ReadonlyMap<string, Field> = new Map(
  (Object.keys(NAMES) as Field[]).flatMap((field) => NAMES[field].split(' ').map((name) => [name, field])),
)

export type Columns = ReadonlyMap<Field, { readonly at: number; readonly title: string }>

/** What each column is, the first of two that are the same; those that are not known are left out. */
export function columnsOf(header: readonly string[]): Columns {
  const found = new Map<Field, { readonly at: number; readonly title: string }>()
  for (const [at, title] of header.entries()) {
    const field = FIELDS.get(fold(title).replaceAll(/[^a-z0-9]/g, ''))
    if (field !== undefined && !found.has(field)) found.set(field, { at, title })
  }
  // "Nombre" beside "Apellidos" is a first name.
  const name = found.get('name')
  if (name && found.has('lastName') && !found.has('firstName')) {
    found.delete('name')
    found.set('firstName', name)
  }
  return found
}

/** Whether people can be made of these columns: what they are called, and how they are known or reached. */
export function lacks(columns: Columns): string | undefined {
  const has = (...fields: Field[]) => fields.some((field) => columns.has(field))
  if (!has('name', 'firstName', 'lastName'))
    return 'no column of names (Display name, Name, FirstName, Nombre …)'
  if (!has('extension', 'number', 'desk', 'mobile', 'email', 'userPrincipalName', 'aadObjectId'))
    return 'no column of extensions, phones, e-mails or object ids'
  return undefined
}
