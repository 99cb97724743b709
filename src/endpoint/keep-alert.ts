/**
 * A TLS alert says why a server hangs up, and the end of the connection comes right behind it: what is told of the
 * connection is then the alert, not that it was closed.
 */
import type { Socket } from "node:net";

/** Changes what `socket` ends with and gives it back. */
export function keepAlert<Connected extends Socket>(socket: Connected): Connected {
  socket.once("error", (alert: Error) => {
    if (!("code" in alert) || !/^ERR_SSL_.*_ALERT_/.test(String(alert.code))) return;
    const destroy = socket.destroy.bind(socket);
    socket.destroy = (error) => destroy(error === undefined ? undefined : alert);
  });
  return socket;
}
