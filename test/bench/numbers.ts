/** The n-th call of a bench: who calls, who is called. Numbers tell everything, so that nothing has to be remembered. */

/** Those who are called have numbers that begin so, those who call `USERS`. */
export const CALLEES = '+34911'
const USERS = '+34910'

export const userNumber = (n: number) => `${USERS}${String(n).padStart(6, '0')}`
export const calleeNumber = (n: number) => `${CALLEES}${String(n).padStart(6, '0')}`
export const nth = (number: string) => Number(number.slice(-6))

/** A name without digits, so that each is a name of its own: a number in it would be searched as a number. */
export const calleeName = (n: number) => `Callee${letters(n)} Called`

export function people(calls: number): readonly object[] {
  return Array.from({ length: calls }, (_, n) => [
    { aadObjectId: `user-${n}`, name: `User${letters(n)} Caller`, phones: { desk: userNumber(n) } },
    { aadObjectId: `callee-${n}`, name: calleeName(n), phones: { desk: calleeNumber(n) } },
  ]).flat()
}

function letters(n: number): string {
  return String(n).replace(/\d/g, (digit) => 'abcdefghij'[Number(digit)] ?? '')
}
