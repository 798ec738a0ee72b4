import type { RegistrationState, TrunkState } from '../app/ports.ts'
import type { PartState } from './health.ts'

/** What `/readyz` shows of the trunks, each by its name. */
export function trunkHealth(trunks: readonly TrunkState[]): Readonly<Record<string, PartState>> {
  return Object.fromEntries(trunks.map((trunk) => [trunk.name, healthOf(trunk)]))
}

function healthOf({ state, detail, registration }: TrunkState): PartState {
  const words = { up: 'ok', down: 'down', unknown: 'degraded' } as const
  const registered = registration === undefined || registration.state === 'registered'
  return {
    state: state === 'up' && !registered ? 'degraded' : words[state],
    ...(detail === undefined ? {} : { detail }),
    ...(registration === undefined ? {} : { registration: registrationHealth(registration) }),
  }
}

function registrationHealth(registration: RegistrationState): NonNullable<PartState['registration']> {
  switch (registration.state) {
    case 'registered':
      return { state: 'registered', expires: new Date(registration.until).toISOString() }
    case 'trying':
      return { state: 'not registered yet' }
    case 'refused':
      return { state: 'refused', status: registration.status, detail: registration.reason }
    case 'unreachable':
      return { state: 'not reachable', detail: registration.detail }
  }
}
