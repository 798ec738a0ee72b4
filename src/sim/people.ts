/**
 * The people of the demo's company, in the format of `PEOPLE_FILE`. Two answer to "Bob", so that the first
 * try shows that an ambiguous name is asked about; names with accents and two surnames show that they may be
 * typed plainly. Numbers +34 910 000 00x and +34 600 000 00x are nobody's.
 */
export const PEOPLE = [
  {
    aadObjectId: 'd1a1bac0-0000-4000-8000-000000001001',
    name: 'Alice Serrano',
    email: 'alice.serrano@dialback.example',
    department: 'Management',
    extension: '1001',
    phones: { desk: '+34910000001', mobile: '+34600000001' },
    aliases: ['Ali', 'Alicia'],
    // By which Web Chat knows her: contrib/playground plays her by it.
    ids: { webchat: 'dl_alice', directline: 'dl_alice' },
    admin: true,
  },
  {
    aadObjectId: 'd1a1bac0-0000-4000-8000-000000001002',
    name: 'Bob Marín',
    email: 'bob.marin@dialback.example',
    department: 'Support',
    extension: '1002',
    phones: { desk: '+34910000002', mobile: '+34600000002' },
    aliases: [],
    admin: false,
  },
  {
    aadObjectId: 'd1a1bac0-0000-4000-8000-000000001003',
    name: 'Roberto Bob Díaz',
    email: 'roberto.diaz@dialback.example',
    department: 'Sales',
    extension: '1003',
    phones: { desk: '+34910000003' },
    aliases: [],
    admin: false,
  },
  {
    aadObjectId: 'd1a1bac0-0000-4000-8000-000000001004',
    name: 'Zoë Ørsted',
    email: 'zoe.orsted@dialback.example',
    department: 'Engineering',
    extension: '1004',
    phones: { desk: '+34910000004' },
    aliases: ['Zoe Orsted'],
    admin: false,
  },
  {
    aadObjectId: 'd1a1bac0-0000-4000-8000-000000001005',
    name: 'Carmen García López',
    email: 'carmen.garcia@dialback.example',
    department: 'Sales',
    extension: '1005',
    phones: { desk: '+34910000005', mobile: '+34600000005' },
    aliases: [],
    admin: false,
  },
  {
    aadObjectId: 'd1a1bac0-0000-4000-8000-000000001006',
    name: 'Kwame Mensah',
    email: 'kwame.mensah@dialback.example',
    department: 'Logistics',
    extension: '1006',
    phones: { desk: '+34910000006' },
    aliases: [],
    admin: false,
  },
] as const

/** What the simulated PBX needs to know of a person: a subset of an entry of `PEOPLE_FILE`. */
export type SimPerson = {
  readonly name: string
  readonly extension?: string
  readonly phones: { readonly desk?: string; readonly mobile?: string }
}
