/** Shown by the API's description, in the pages, and to other instances. */
export const PODIUM_VERSION = '0.1.0';
