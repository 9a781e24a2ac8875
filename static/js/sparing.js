// Where data are dear the map waits until it is asked for.

const SLOW = new Set(["slow-2g", "2g"]);

/** Whether a connection (navigator.connection, unknown to some browsers) is to be spared what nobody asked for:
 *  its owner saves data, or it is so slow that the map would come long after the list. */
export function isSpared(connection) {
  return Boolean(connection) && (connection.saveData === true || SLOW.has(connection.effectiveType));
}
