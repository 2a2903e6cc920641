/** Version of the socket wire. A client of another version is told to reload the page. */
export const WIRE_VERSION = 3;
