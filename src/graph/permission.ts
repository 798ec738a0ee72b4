/** Application permissions of Microsoft Graph that questions need, as its "Permissions reference" names them. */
export type Permission = 'OnlineMeetings.Read.All' | 'OnlineMeetings.ReadWrite.All' | 'Calendars.Read'

const WHERE = '(docs/meetings.md, "Microsoft Graph")'

/** What an administrator does where Graph answers 403 to a question that needs this permission. */
export function remedyFor(permission: Permission): string {
  const grant = `Give the application the permission ${permission} of the type Application, with admin consent`
  return permission === 'Calendars.Read'
    ? `${grant}; where Exchange Online lets it reach some mailboxes only, add this one ${WHERE}.`
    : `${grant}, and open the meetings of its users to it by New-CsApplicationAccessPolicy and Grant-CsApplicationAccessPolicy ${WHERE}.`
}
