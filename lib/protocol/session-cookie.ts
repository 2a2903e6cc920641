/** The cookie of a person who signed in; its value is the server's alone to read. */
export const SESSION_COOKIE = 'podium_session';
