/** Set by the server on a visit to a page, and sent along where the page reads the API for its visitor. */
export const VISITOR_HEADER = 'x-podium-visitor';
