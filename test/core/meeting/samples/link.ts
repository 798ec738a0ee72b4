/** A meeting of Teams, as its invitations carry it. */
export const LONG_TEAMS =
  'https://teams.microsoft.com/l/meetup-join/19%3ameeting_NjVhZDk1ZjYtMWYxNC00ZjQ0%40thread.v2/0?context=%7b%22Tid%22%3a%229f3a%22%2c%22Oid%22%3a%2277b1%22%7d'
export const THREAD = 'teams:19:meeting_njvhzdk1zjytmwyxnc00zjq0@thread.v2'
